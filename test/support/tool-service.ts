/** Tool services whose tools take nothing and return null: for whatever only needs tools to exist. */
import type { ToolService } from '../../src/tools/tool-service.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { ServiceUnavailableError } from '../../src/errors.ts';

export function createToolService(...toolNames: readonly string[]): ToolService {
  const read = async (name: string) => (toolNames.includes(name) ? toTool(name) : undefined);
  return {
    list: async () => toolNames.map(toTool),
    read,
    resolve: read,
    call: async () => ({
      data: null,
      metadata: {},
      control: {},
      cannedResponses: [],
      cannedResponseFields: {},
      guidelines: [],
    }),
    close: async () => {},
  };
}

/** Its server is down. */
export function createUnreachableService(serviceName: string): ToolService {
  const refuse = () => Promise.reject(new ServiceUnavailableError(serviceName, 'nobody answers'));
  return { list: refuse, read: refuse, resolve: refuse, call: refuse, close: async () => {} };
}

function toTool(name: string): Tool {
  return {
    name,
    description: '',
    creationUtc: '2026-01-01T00:00:00.000000Z',
    parameters: {},
    required: [],
    consequential: false,
    overlap: 'auto',
    metadata: {},
  };
}
