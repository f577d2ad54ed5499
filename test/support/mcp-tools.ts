/** A real MCP server with a few tools, for whatever transport. */
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

export type McpToolsOptions = {
  /** The tool `hang` was called. */
  readonly onHang?: () => void;
  /** That call was given up by its client. */
  readonly onLeft?: () => void;
};

export function createMcpTools({ onHang = () => {}, onLeft = () => {} }: McpToolsOptions = {}): McpServer {
  const server = new McpServer({ name: 'bank', version: '1.0.0' });

  server.registerTool(
    'balance',
    {
      title: 'Balance',
      description: 'Looks up a balance',
      annotations: { readOnlyHint: true },
      inputSchema: z.object({
        account: z.string().describe('Its number'),
        currency: z.enum(['EUR', 'USD']).optional(),
        on: z.iso.date().nullish(),
        tags: z.array(z.string()).optional(),
        owner: z.object({ name: z.string() }).optional(),
        either: z.union([z.int(), z.string()]).optional(),
      }),
      outputSchema: z.object({ account: z.string(), given: z.array(z.string()) }),
    },
    (args) => {
      const output = { account: args.account, given: Object.keys(args).toSorted() };
      return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
    },
  );

  server.registerTool(
    'say',
    {
      title: 'Says it twice',
      annotations: { destructiveHint: false },
      inputSchema: z.object({ what: z.string() }),
    },
    ({ what }) => ({
      content: [
        { type: 'text', text: what },
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'text', text: what },
      ],
    }),
  );

  server.registerTool('fail', { description: 'Always fails' }, () => ({
    isError: true,
    content: [{ type: 'text', text: 'no such\naccount.' }],
  }));

  server.registerTool('flood', { description: 'Says too much' }, () => ({
    content: [{ type: 'text', text: 'x'.repeat(300_000) }],
  }));

  server.registerTool('hang', { description: 'Never ends' }, async (context) => {
    onHang();
    await new Promise((resolve) => context.mcpReq.signal.addEventListener('abort', resolve));
    onLeft();
    return { content: [] };
  });

  server.registerTool('exit', { description: 'Ends the program' }, () => process.exit(3));
  return server;
}
