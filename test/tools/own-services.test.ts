import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createColloquy } from '../../src/colloquy.ts';
import { loadSettings } from '../../src/config.ts';
import { InvalidDefinitionError } from '../../src/errors.ts';
import { createOwnServices } from '../../src/tools/own-services.ts';
import { createScriptedNlp } from '../support/composer.ts';
import { createDataFolder } from '../support/data-folder.ts';
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

  it('are read and called over HTTP as long as the program runs, and are not listed', async () => {
    const program = new URL('../support/mcp-program.ts', import.meta.url).pathname;
    await using folder = await createDataFolder();
    const settings = { dataDir: folder.path, port: 0, logLevel: 'silent' } as const;
    const toolServices = { files: { kind: 'mcp', command: process.execPath, args: [program] } } as const;
    await using colloquy = await createColloquy({ settings, toolServices, nlp: createScriptedNlp({}) });
    const http = request(await colloquy.listen());
    expect((await http.get('/services')).body).toEqual([]);
    expect((await http.get('/services/files')).body).toMatchObject({ name: 'files', kind: 'local', url: '' });
    const called = await http.post('/services/files/tools/say/calls').send({ arguments: { what: 'x' } });
    expect(called.body).toMatchObject({ result: { data: 'x\nx' } });
    const taken = await http.put('/services/files').send({ kind: 'sdk', sdk: { url: 'http://127.0.0.1:1' } });
    expect([taken.status, taken.body.code]).toEqual([422, 'DEFINITION_INVALID']);
  });

  it('that are none are refused before anything is opened', async () => {
    const toolServices = { local: { kind: 'sdk', url: 'http://127.0.0.1:1' } } as const;
    const creating = createColloquy({ settings: { dataDir: '/nowhere/at/all' }, toolServices });
    await expect(creating).rejects.toThrow(InvalidDefinitionError);
  });

  it('stand in the configuration file beside the settings', () => {
    const config = {
      port: 8080,
      toolServices: { bank: { kind: 'sdk', url: 'http://127.0.0.1:1' } },
    } as const;
    expect(loadSettings({}, config).port).toBe(8080);
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
