import { describe, expect, it } from 'vitest';
import { createToolDirectory, type StoredToolServices } from '../../src/tools/tool-directory.ts';
import type { ToolService, ToolServiceConfig } from '../../src/tools/tool-service.ts';
import type { Tool } from '../../src/tools/tool.ts';

/** What is stored, changed by hand. */
function createStored(given: Readonly<Record<string, ToolServiceConfig>> = {}) {
  let tell: Parameters<StoredToolServices['watch']>[0] = () => {};
  const services: StoredToolServices = {
    watch(listener) {
      tell = listener;
      for (const [name, config] of Object.entries(given)) listener(name, config);
    },
  };
  return { services, tell: (...change: Parameters<typeof tell>) => tell(...change) };
}

function createService(...tools: readonly string[]) {
  let closed = 0;
  const service: ToolService = {
    list: async () => tools.map(toTool),
    read: async (name) => (tools.includes(name) ? toTool(name) : undefined),
    resolve: async (name) => (tools.includes(name) ? toTool(name) : undefined),
    call: async () => ({
      data: null,
      metadata: {},
      control: {},
      cannedResponses: [],
      cannedResponseFields: {},
      guidelines: [],
    }),
    close: async () => void (closed += 1),
  };
  return { service, closed: () => closed };
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

const bank: ToolServiceConfig = { kind: 'sdk', url: 'http://127.0.0.1:1' };

describe('the directory of tools', () => {
  it('connects to a stored service when it is first needed, and once', async () => {
    const made: string[] = [];
    const directory = createToolDirectory({
      local: new Map(),
      stored: createStored({ bank }).services,
      connect(name, config) {
        made.push(`${name} ${config.kind}`);
        return createService('balance').service;
      },
    });
    expect(made).toEqual([]);
    expect(directory.service('bank')).toBe(directory.service('bank'));
    expect(made).toEqual(['bank sdk']);
    expect(directory.service('unknown')).toBeUndefined();
  });

  it('says whether a service has a tool, by `service:tool`', async () => {
    const directory = createToolDirectory({
      local: new Map([['local', createService('now', 'a:b').service]]),
      stored: createStored().services,
      connect: () => createService().service,
    });
    expect(await directory.has('local:now')).toBe(true);
    expect(await directory.has('local:a:b')).toBe(true);
    expect(await directory.has('local:later')).toBe(false);
    expect(await directory.has('local:')).toBe(false);
    expect(await directory.has('local')).toBe(false);
    expect(await directory.has('other:now')).toBe(false);
    expect(await directory.has('')).toBe(false);
  });

  it('connects anew to a service that was changed, and closes the old one', () => {
    const { services, tell } = createStored({ bank });
    const made: ReturnType<typeof createService>[] = [];
    const directory = createToolDirectory({
      local: new Map(),
      stored: services,
      connect() {
        made.push(createService());
        return made.at(-1)!.service;
      },
    });
    directory.service('bank');
    tell('bank', { kind: 'mcp', url: 'http://127.0.0.1:2' });
    expect(made[0]!.closed()).toBe(1);
    expect(directory.service('bank')).toBe(made[1]!.service);
    tell('bank', undefined);
    expect(made[1]!.closed()).toBe(1);
    expect(directory.service('bank')).toBeUndefined();
  });

  it('never shows a stored service in the place of one of the program', () => {
    const own = createService().service;
    const directory = createToolDirectory({
      local: new Map([['local', own]]),
      stored: createStored({ local: bank }).services,
      connect: () => createService().service,
    });
    expect(directory.service('local')).toBe(own);
  });

  it('closes everything it connected to, and the program’s own', async () => {
    const own = createService();
    const other = createService();
    const directory = createToolDirectory({
      local: new Map([['local', own.service]]),
      stored: createStored({ bank }).services,
      connect: () => other.service,
    });
    directory.service('bank');
    await directory.close();
    expect([own.closed(), other.closed()]).toEqual([1, 1]);
  });
});
