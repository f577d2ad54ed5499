import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  InvalidToolArgumentsError,
  ServiceUnavailableError,
  ToolFailedError,
  ToolNotFoundError,
} from '../../src/errors.ts';
import { createMcpToolService, type McpToolServiceOptions } from '../../src/tools/mcp-tool-service.ts';
import { createTestClock } from '../support/clock.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';
import { startMcpServer } from '../support/mcp-server.ts';
import { createContext } from './tool-context.ts';

const { context } = createContext();
const open: ReturnType<typeof createMcpToolService>[] = [];

function connect(
  options: { readonly url: string } | { readonly command: string },
  more: Partial<McpToolServiceOptions> = {},
) {
  const service = createMcpToolService({ serviceName: 'bank', ...options, ...more });
  open.push(service);
  return service;
}

/** The server as a program. */
function startProgram(more: Partial<McpToolServiceOptions> = {}) {
  const program = new URL('../support/mcp-program.ts', import.meta.url).pathname;
  return connect({ command: process.execPath }, { args: [program], ...more });
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
});

describe.each(['sessions', 'newer'] as const)('an MCP server over HTTP (%s)', (protocol) => {
  it('lists, reads and resolves its tools', async () => {
    await using server = await startMcpServer({ protocol });
    const service = connect(server);
    const tools = await service.list();
    expect(tools.map(({ name }) => name)).toEqual(['balance', 'say', 'fail', 'flood', 'hang', 'exit']);
    expect(tools[0]).toEqual({
      name: 'balance',
      description: 'Looks up a balance',
      creationUtc: expect.stringMatching(/\.\d{6}Z$/),
      parameters: {
        account: { type: 'string', description: 'Its number' },
        currency: { type: 'string', enum: ['EUR', 'USD'] },
        on: { type: 'date' },
        tags: { type: 'array', itemType: 'string' },
        owner: { type: 'object' },
        either: { type: 'integer' },
      },
      required: ['account'],
      consequential: false,
      overlap: 'auto',
      metadata: {},
    });
    expect(tools[1]).toMatchObject({
      description: 'Says it twice',
      consequential: false,
      required: ['what'],
    });
    expect(tools[2]).toMatchObject({ description: 'Always fails', consequential: true, parameters: {} });
    expect(await service.read('balance')).toEqual(tools[0]);
    expect(await service.resolve('balance', context)).toEqual(tools[0]);
    expect(await service.read('other')).toBeUndefined();
  });

  it('is called with converted arguments, without those that are left out', async () => {
    await using server = await startMcpServer({ protocol });
    const args = { account: 7, currency: null, tags: "['a']", owner: '{"name": "Ada"}' };
    expect(await connect(server).call('balance', context, args)).toEqual({
      data: { account: '7', given: ['account', 'owner', 'tags'] },
      metadata: {},
      control: {},
      cannedResponses: [],
      cannedResponseFields: {},
      guidelines: [],
    });
  });

  it('gives texts to the agent, and pictures to front ends', async () => {
    await using server = await startMcpServer({ protocol });
    expect(await connect(server).call('say', context, { what: 'hello' })).toMatchObject({
      data: 'hello\nhello',
      metadata: { content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] },
    });
  });

  it('says why a call fails', async () => {
    await using server = await startMcpServer({ protocol });
    const service = connect(server);
    await expect(service.call('fail', context, {})).rejects.toThrow('"bank:fail" failed: no such account.');
    await expect(service.call('flood', context, {})).rejects.toThrow('more than 262144 characters');
    await expect(service.call('other', context, {})).rejects.toThrow(ToolNotFoundError);
    await expect(service.call('balance', context, {})).rejects.toThrow('missing for "account"');
    const refused = service.call('balance', context, { account: '1', owner: { name: 7 } });
    await expect(refused).rejects.toThrow(/owner/);
  });

  it('is told when a call is given up', async () => {
    await using server = await startMcpServer({ protocol });
    const service = connect(server);
    const controller = new AbortController();
    const { context: impatient } = createContext({ signal: controller.signal });
    const call = service.call('hang', impatient, {});
    await expect.poll(server.hanging).toBe(1);
    controller.abort(new Error('interrupted'));
    await expect(call).rejects.toThrow('interrupted');
    await expect.poll(server.left).toBe(1);
    await expect(service.call('say', impatient, { what: 'x' })).rejects.toThrow('interrupted');
    expect((await service.call('say', context, { what: 'x' })).data).toBe('x\nx');
  });

  it('does not hold a call for longer than the limit', async () => {
    await using server = await startMcpServer({ protocol });
    const clock = createTestClock();
    const service = connect(server, { clock });
    const call = service.call('hang', context, {});
    await expect.poll(server.hanging).toBe(1);
    await Promise.all([
      expect(call).rejects.toThrow('"bank:hang" failed: it took longer than 120 seconds'),
      clock.advance(120_000),
    ]);
    await expect.poll(server.left).toBe(1);
  });

  it('that breaks off in a call leaves unknown what it did, and is asked again afterwards', async () => {
    await using server = await startMcpServer({ protocol });
    const service = connect(server);
    const call = service.call('hang', context, {});
    const error = call.catch((reason: unknown) => reason);
    await expect.poll(server.hanging).toBe(1);
    server.cut();
    expect(await error).toBeInstanceOf(ToolFailedError);
    expect((await service.call('say', context, { what: 'x' })).data).toBe('x\nx');
  });
});

describe('an MCP server over HTTP', () => {
  it('is meant by its address without a path, or by its whole endpoint, and may ask for headers', async () => {
    await using server = await startMcpServer();
    for (const url of [server.url, `${server.url}/`, `${server.url}/mcp`])
      expect(await connect({ url }, { headers: { authorization: 'Bearer x' } }).list()).toHaveLength(6);
    expect(new Set(server.asked.map(({ line }) => line.split(' ')[1]))).toEqual(new Set(['/mcp']));
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer x']));
  });

  it('keeps one session for all questions, and begins another when it was started anew', async () => {
    await using server = await startMcpServer();
    const service = connect(server);
    await Promise.all([service.list(), service.list(), service.read('say')]);
    expect(server.sessions()).toBe(1);
    server.forgetSessions();
    expect((await service.call('say', context, { what: 'x' })).data).toBe('x\nx');
    expect(server.sessions()).toBe(2);
  });

  it('that is not there is unavailable, and asked again when it is there', async () => {
    const port = await freePort();
    const service = connect({ url: `http://127.0.0.1:${port}` });
    for (const ask of [() => service.list(), () => service.call('say', context, { what: 'x' })]) {
      await expect(ask()).rejects.toThrow(ServiceUnavailableError);
      await expect(ask()).rejects.toThrow('there is no connection (ECONNREFUSED)');
    }
    await using server = await startMcpServer({ port });
    expect(await service.list()).toHaveLength(6);
    expect(server.sessions()).toBe(1);
  });

  it('that does not answer is unavailable after the limit', async () => {
    await using server = await startMcpServer({ instead: () => true });
    const clock = createTestClock();
    const listed = connect(server, { clock }).list();
    await expect.poll(() => server.asked.length).toBe(1);
    await Promise.all([expect(listed).rejects.toThrow('longer than 30 seconds'), clock.advance(30_000)]);
  });

  it.each<[string, number, string]>([
    ['asks for a password', 401, 'no entry'],
    ['is out of order', 500, '<html>'],
    ['is a web page', 200, '<html>'],
    ['says what is no JSON-RPC', 200, '{"hello": "world"}'],
    ['is somewhere else', 302, ''],
    ['has no end', 200, '"'.padEnd(5_000_000, 'x')],
  ])('that %s is unavailable', async (_, status, text) => {
    await using server = await startMcpServer({
      instead(_req, res) {
        res
          .writeHead(status, { 'Content-Type': 'application/json', Location: 'http://127.0.0.1:1/' })
          .end(text);
        return true;
      },
    });
    const listed = connect(server).list();
    await expect(listed).rejects.toThrow(ServiceUnavailableError);
  });
});

describe('an MCP server that is a program', () => {
  it('is started when it is first needed, and ended when the service is closed', async () => {
    const service = startProgram();
    expect((await service.list()).map(({ name }) => name)).toContain('balance');
    expect((await service.call('say', context, { what: 'hello' })).data).toBe('hello\nhello');
    await service.close();
  });

  it('that ends in a call leaves unknown what it did, and is started again', async () => {
    const service = startProgram();
    await expect(service.call('exit', context, {})).rejects.toThrow(ToolFailedError);
    expect((await service.call('say', context, { what: 'again' })).data).toBe('again\nagain');
  });

  it('is told when a call is given up, and lives on', async () => {
    const service = startProgram();
    const controller = new AbortController();
    const { context: impatient } = createContext({ signal: controller.signal });
    await service.list();
    const call = service.call('hang', impatient, {});
    await service.list();
    controller.abort(new Error('interrupted'));
    await expect(call).rejects.toThrow('interrupted');
    await expect(service.call('balance', context, {})).rejects.toThrow(InvalidToolArgumentsError);
  });

  it('that cannot be started is unavailable', async () => {
    const service = connect({ command: '/nowhere/at/all' });
    await expect(service.list()).rejects.toThrow(ServiceUnavailableError);
    await expect(service.list()).rejects.toThrow('ENOENT');
    const silent = connect({ command: process.execPath }, { args: ['--eval', ''] });
    await expect(silent.list()).rejects.toThrow(ServiceUnavailableError);
  });

  it('sees nothing of our environment but what every program needs, and what it is given', async () => {
    await using folder = await createDataFolder();
    const seen = join(folder.path, 'seen.json');
    const write = `require('fs').writeFileSync(process.env.SEEN, JSON.stringify(process.env))`;
    const service = connect({ command: process.execPath }, { args: ['--eval', write], env: { SEEN: seen } });
    await expect(service.list()).rejects.toThrow(ServiceUnavailableError);
    const names = Object.keys(JSON.parse(await readFile(seen, 'utf8')) as object);
    expect(names).toContain('SEEN');
    expect(names).toContain('PATH');
    expect(names).not.toContain('VITEST');
  });
});
