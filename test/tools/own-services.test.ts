import { describe, expect, it } from 'vitest';
import { InvalidDefinitionError } from '../../src/errors.ts';
import { createOwnServices } from '../../src/tools/own-services.ts';
import { startOpenApiServer } from '../support/openapi-server.ts';
import { pluginTool, startPluginServer } from '../support/plugin-server.ts';

describe('tool services of a program', () => {
  it('may be of every kind, and are asked with their headers', async () => {
    const program = new URL('../support/mcp-program.ts', import.meta.url).pathname;
    await using plugin = await startPluginServer({
      tools: { a: { tool: pluginTool('a'), answer: () => [] } },
    });
    await using api = await startOpenApiServer();
    const services = createOwnServices({
      files: { kind: 'mcp', command: process.execPath, args: [program] },
      remote: { kind: 'mcp', url: 'https://127.0.0.1:1/mcp' },
      bank: { kind: 'sdk', url: plugin.url, headers: { authorization: 'Bearer x' } },
      api: { kind: 'openapi', url: api.url, source: api.source },
    });
    expect([...services.keys()]).toEqual(['files', 'remote', 'bank', 'api']);
    const names = async (service: string) => (await services.get(service)?.list())?.map(({ name }) => name);
    expect(await names('files')).toContain('balance');
    expect(await names('bank')).toEqual(['a']);
    expect(await names('api')).toContain('transfer');
    expect(plugin.asked[0]?.headers.authorization).toBe('Bearer x');
    await Promise.all([...services.values()].map((service) => service.close()));
  });

  it('may be none', () => {
    expect(createOwnServices().size).toBe(0);
  });

  it.each<[unknown, string]>([
    [[], 'must be an object, by name'],
    [{ local: { kind: 'sdk', url: 'http://a' } }, 'functions of the program'],
    [{ 'a:b': { kind: 'sdk', url: 'http://a' } }, 'no colon'],
    [{ '': { kind: 'sdk', url: 'http://a' } }, 'no colon'],
    [{ a: null }, 'it must be { kind: "sdk", url }'],
    [{ a: { kind: 'rest', url: 'http://a' } }, 'it must be { kind: "sdk", url }'],
    [{ a: { kind: 'sdk', url: 'localhost' } }, 'url must be an http:// or https:// address'],
    [{ a: { kind: 'sdk', command: 'sh' } }, 'it must be { kind: "sdk", url }'],
    [{ a: { kind: 'mcp', command: '' } }, 'command '],
    [{ a: { kind: 'mcp', url: 'http://a', command: 'sh' } }, 'it must be { kind: "sdk", url }'],
    [{ a: { kind: 'openapi', url: 'http://a' } }, 'it must be { kind: "sdk", url }'],
  ])('are refused with what is wrong: %j', (given, message) => {
    const create = () => createOwnServices(given as never);
    expect(create).toThrow(InvalidDefinitionError);
    expect(create).toThrow(message);
  });
});
