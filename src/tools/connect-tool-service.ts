/** Which adapter speaks to which kind of server. Nothing is asked or loaded here: each connects when its first tool is asked for. */
import { createMcpToolService } from './mcp-tool-service.ts';
import { createOpenApiToolService } from './openapi-tool-service.ts';
import { createSdkToolService } from './sdk-tool-service.ts';
import type { ToolService, ToolServiceConfig } from './tool-service.ts';

export function connectToolService(serviceName: string, config: ToolServiceConfig): ToolService {
  const { url } = config;
  if (config.kind === 'sdk') return createSdkToolService({ serviceName, url });
  if (config.kind === 'mcp') return createMcpToolService({ serviceName, url });
  return createOpenApiToolService({ serviceName, url, source: config.source });
}
