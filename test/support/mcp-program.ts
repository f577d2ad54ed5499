/** The MCP server of `mcp-tools.ts` as a program that is spoken to over stdin and stdout. */
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpTools } from './mcp-tools.ts';

serveStdio(() => createMcpTools());
