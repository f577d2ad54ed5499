/** Which adapter speaks to which kind of server. Nothing is asked or loaded here: each connects when its first tool is asked for. */
import type { McpHttpServer, McpProgram } from './mcp-connection.ts';
import { createMcpToolService } from './mcp-tool-service.ts';
import { createOpenApiToolService } from './openapi-tool-service.ts';
import { createSdkToolService } from './sdk-tool-service.ts';
import type { ToolService, ToolServiceConfig } from './tool-service.ts';

type Headers = Readonly<Record<string, string>>;

/** What a program names itself may be more than what is stored (`ToolServiceConfig`). */
export type OwnToolService =
  /** A server that speaks Parlant's plugin protocol. */
  | { readonly kind: 'sdk'; readonly url: string; readonly headers?: Headers }
  | ({ readonly kind: 'mcp' } & McpHttpServer)
  /** Started when its first tool is asked for, and ended with the server. */
  | ({ readonly kind: 'mcp' } & McpProgram)
  /** `source`: the document as JSON, an address or a file. */
  | { readonly kind: 'openapi'; readonly url: string; readonly source: string; readonly headers?: Headers };

export function connectToolService(
  serviceName: string,
  config: ToolServiceConfig | OwnToolService,
): ToolService {
  if (config.kind === 'sdk') return createSdkToolService({ serviceName, ...config });
  if (config.kind === 'mcp') return createMcpToolService({ serviceName, ...config });
  return createOpenApiToolService({ serviceName, ...config });
}
