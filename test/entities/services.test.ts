import { Parlant } from 'parlant-client';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tool } from '../../src/tools/define-tool.ts';
import { toolResult } from '../../src/tools/tool-result.ts';
import { freePort } from '../support/free-port.ts';
import { startMcpServer } from '../support/mcp-server.ts';
import { startOpenApiServer } from '../support/openapi-server.ts';
import { createParlantClient } from '../support/parlant-client.ts';
import { pluginResult, pluginTool, startPluginServer } from '../support/plugin-server.ts';
import { startServer } from '../support/server.ts';

/** A server, and Parlant's official client towards it. */
async function start() {
  const server = await startServer();
  return {
    server,
    services: createParlantClient(server).services,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const bank = { kind: Parlant.ToolServiceKindDto.Sdk, sdk: { url: 'http://127.0.0.1:1/bank' } };

describe('tool services, with the official client', () => {
  it('are stored, listed without tools, replaced and deleted', async () => {
    await using at = await start();
    const stored = await at.services.createOrUpdate('bank', bank);
    expect(stored).toEqual({ name: 'bank', kind: 'sdk', url: 'http://127.0.0.1:1/bank' });
    const mcp = { kind: Parlant.ToolServiceKindDto.Mcp, mcp: { url: 'https://example.com/mcp' } };
    await at.services.createOrUpdate('Ünï 🤖/1', mcp);
    expect((await at.services.list()).map(({ name }) => name)).toEqual(['bank', 'Ünï 🤖/1']);
    const replaced = await at.services.createOrUpdate('bank', mcp);
    expect(replaced).toEqual({ name: 'bank', kind: 'mcp', url: 'https://example.com/mcp' });
    expect(await at.services.list()).toHaveLength(2);
    await at.services.delete('bank');
    await at.services.delete('Ünï 🤖/1');
    expect(await at.services.list()).toEqual([]);
    await expect(at.services.delete('bank')).rejects.toThrow(Parlant.NotFoundError);
    await expect(at.services.retrieve('bank')).rejects.toThrow(Parlant.NotFoundError);
  });

  it('outlive a restart', async () => {
    await using at = await start();
    await at.services.createOrUpdate('bank', bank);
    await at.server.restart();
    expect(await at.services.list()).toEqual([{ name: 'bank', kind: 'sdk', url: 'http://127.0.0.1:1/bank' }]);
  });

  it('show the tools that a plugin server has now', async () => {
    const parameters = {
      day: [{ type: 'date', description: 'When' }, {}],
      seats: [{ type: 'integer', enum: [1, 2] }, {}],
      names: [{ type: 'array', item_type: 'string' }, {}],
    };
    const tools = { book: { tool: pluginTool('book', { parameters, required: ['day'] }), answer: () => [] } };
    await using plugin = await startPluginServer({ tools });
    await using at = await start();
    const stored = await at.services.createOrUpdate('travel', { ...bank, sdk: { url: plugin.url } });
    expect(stored.tools).toBeUndefined();
    expect(plugin.asked).toEqual([]);
    expect(await at.services.retrieve('travel')).toEqual({
      name: 'travel',
      kind: 'sdk',
      url: plugin.url,
      tools: [
        {
          name: 'book',
          description: 'The tool book',
          creationUtc: new Date('2026-01-31T09:30:00.123Z'),
          parameters: {
            day: { type: 'string', description: 'When' },
            seats: { type: 'integer', enum: [1, 2] },
            names: { type: 'array' },
          },
          required: ['day'],
        },
      ],
    });
  });

  it('may be MCP servers', async () => {
    await using mcp = await startMcpServer();
    await using at = await start();
    await at.services.createOrUpdate('bank', { kind: Parlant.ToolServiceKindDto.Mcp, mcp: { url: mcp.url } });
    const { tools } = await at.services.retrieve('bank');
    expect(tools?.map(({ name }) => name)).toContain('balance');
    const called = await at.server
      .http()
      .post('/services/bank/tools/say/calls')
      .send({ arguments: { what: 'x' } });
    expect(called.body).toMatchObject({ result: { data: 'x\nx' } });
  });

  it('may be OpenAPI servers, whose kind is deprecated', async () => {
    await using api = await startOpenApiServer();
    await using at = await start();
    const openapi = { url: api.url, source: api.source };
    const put = await at.server.http().put('/services/bank').send({ kind: 'openapi', openapi });
    expect(put.status).toBe(200);
    expect(put.body).toEqual({ name: 'bank', kind: 'openapi', url: api.url, tools: null });
    expect(put.headers).toMatchObject({ deprecation: 'true', 'x-deprecation-notice': expect.any(String) });
    const sdk = await at.server.http().put('/services/other').send(bank);
    expect(sdk.headers).not.toHaveProperty('deprecation');
    expect((await at.services.retrieve('bank')).tools).toHaveLength(4);
  });

  it('that cannot be asked are a 503, and stay', async () => {
    await using at = await start();
    const url = `http://127.0.0.1:${await freePort()}`;
    await at.services.createOrUpdate('bank', { ...bank, sdk: { url } });
    const { status, body } = await at.server.http().get('/services/bank');
    expect([status, body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(body.detail).toBe(
      'The tool service "bank" cannot be asked: there is no connection (ECONNREFUSED).',
    );
    expect(await at.services.list()).toHaveLength(1);
  });

  it('are asked at their new address once they were moved, and not at all once deleted', async () => {
    await using old = await startPluginServer({ tools: { a: { tool: pluginTool('a'), answer: () => [] } } });
    await using moved = await startPluginServer({
      tools: { b: { tool: pluginTool('b'), answer: () => [] } },
    });
    await using at = await start();
    await at.services.createOrUpdate('bank', { ...bank, sdk: { url: old.url } });
    expect(await at.server.entities.tools.has('bank:a')).toBe(true);
    await at.services.createOrUpdate('bank', { ...bank, sdk: { url: moved.url } });
    expect(await at.server.entities.tools.has('bank:a')).toBe(false);
    expect(await at.server.entities.tools.has('bank:b')).toBe(true);
    await at.services.delete('bank');
    expect(await at.server.entities.tools.has('bank:b')).toBe(false);
  });

  it('of the program itself are not listed, but can be read', async () => {
    await using at = await start();
    at.server.entities.localTools.add(tool({ name: 'now', description: 'The time', handler: () => 0 }));
    expect(await at.services.list()).toEqual([]);
    const { body } = await at.server.http().get('/services/local');
    expect(body).toMatchObject({ name: 'local', kind: 'local', url: '', tools: [{ name: 'now' }] });
  });

  it('cannot take the name of those of the program', async () => {
    await using at = await start();
    const { status, body } = await at.server.http().put('/services/local').send(bank);
    expect([status, body.code]).toEqual([422, 'DEFINITION_INVALID']);
    expect((await at.server.http().delete('/services/local')).status).toBe(404);
    expect(await at.services.list()).toEqual([]);
  });

  it.each<[unknown, readonly unknown[]]>([
    [undefined, ['body']],
    [{}, ['body', 'kind']],
    [{ kind: 'local' }, ['body', 'kind']],
    [{ kind: 'sdk' }, ['body', 'sdk']],
    [{ kind: 'sdk', sdk: null, mcp: { url: 'http://a' } }, ['body', 'sdk']],
    [{ kind: 'sdk', sdk: {} }, ['body', 'sdk', 'url']],
    [{ kind: 'sdk', sdk: { url: 'localhost:8089' } }, ['body', 'sdk', 'url']],
    [{ kind: 'sdk', sdk: { url: 'ftp://localhost' } }, ['body', 'sdk', 'url']],
    [{ kind: 'sdk', sdk: { url: 'http://' } }, ['body', 'sdk', 'url']],
    [{ kind: 'sdk', sdk: { url: 'http://me:secret@localhost' } }, ['body', 'sdk', 'url']],
    [{ kind: 'mcp', mcp: { url: 'file:///bin/sh' } }, ['body', 'mcp', 'url']],
    [{ kind: 'mcp', mcp: { command: '/bin/sh' } }, ['body', 'mcp', 'url']],
    [{ kind: 'openapi', openapi: { url: 'http://a' } }, ['body', 'openapi', 'source']],
    [{ kind: 'openapi', openapi: { url: 'http://a', source: '/etc/passwd' } }, ['body', 'openapi', 'source']],
  ])('are refused with the place of what is wrong: %j', async (body, loc) => {
    await using at = await start();
    const answer = await at.server
      .http()
      .put('/services/bank')
      .send(body as object);
    expect([answer.status, answer.body.detail?.[0]?.loc]).toEqual([422, loc]);
    expect(await at.services.list()).toEqual([]);
  });

  it.each(['a:b', 'a%0Ab', 'x'.repeat(201)])('cannot be called %s', async (name) => {
    await using at = await start();
    const answer = await at.server.http().put(`/services/${name}`).send(bank);
    expect([answer.status, answer.body.detail?.[0]?.loc]).toEqual([422, ['path', 'name']]);
  });

  it('are for operators only', async () => {
    await using at = await start();
    const customer = at.server.http('ada');
    const asked = [
      customer.get('/services'),
      customer.get('/services/local'),
      customer.put('/services/bank').send(bank),
      customer.delete('/services/bank'),
      customer.post('/services/local/tools/now/calls').send({}),
    ];
    for (const { status, body } of await Promise.all(asked))
      expect([status, body.code]).toEqual([403, 'OPERATOR_ONLY']);
  });
});

describe('an operator calls a tool', () => {
  const greet = tool({
    name: 'greet',
    parameters: z.object({ name: z.string(), times: z.int().optional() }),
    handler: ({ name, times }, { agentId, sessionId, customerId }) =>
      toolResult({
        data: { name, times, agentId, sessionId, customerId },
        metadata: { ms: 1 },
        control: { mode: 'manual' },
        cannedResponses: ['Hello {{name}}'],
        cannedResponseFields: { name },
        guidelines: [{ action: 'smile', priority: 2 }],
      }),
  });

  async function startGreeting() {
    const server = await startServer();
    server.entities.localTools.add(greet);
    const call = (body: object, path = '/services/local/tools/greet/calls') =>
      server.http().post(path).send(body);
    return { server, call, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }

  it('of the program, with converted arguments, and gets the whole result', async () => {
    await using at = await startGreeting();
    const { status, body } = await at.call({ arguments: { name: 'Ada', times: '2' } });
    expect(status).toBe(200);
    expect(body).toEqual({
      result: {
        data: { name: 'Ada', times: 2, agentId: 'echo', sessionId: '', customerId: 'guest' },
        metadata: { ms: 1 },
        control: { mode: 'manual' },
        canned_responses: ['Hello {{name}}'],
        canned_response_fields: { name: 'Ada' },
        guidelines: [{ action: 'smile', priority: 2 }],
      },
    });
  });

  it('for a session, whose agent and customer it then has, unless others are named', async () => {
    await using at = await startGreeting();
    const { id: agentId } = await at.server.entities.agents.create({ name: 'other' });
    const sessionId = await at.server.session('ada');
    const one = await at.call({ session_id: sessionId, arguments: { name: 'x' } });
    expect(one.body.result.data).toMatchObject({ agentId: 'echo', sessionId, customerId: 'ada' });
    const named = {
      session_id: sessionId,
      agent_id: agentId,
      customer_id: 'guest',
      arguments: { name: 'x' },
    };
    const two = await at.call(named);
    expect(two.body.result.data).toMatchObject({ agentId, sessionId, customerId: 'guest' });
  });

  it('of another server', async () => {
    await using plugin = await startPluginServer({
      tools: {
        pay: { tool: pluginTool('pay'), answer: () => ['{"message": "wait"}', pluginResult('paid')] },
      },
    });
    await using at = await startGreeting();
    await at.server.entities.toolServices.put('bank', { kind: 'sdk', url: plugin.url });
    const { body } = await at.call({}, '/services/bank/tools/pay/calls');
    expect(body.result.data).toBe('paid');
    expect(plugin.calls[0]).toMatchObject({ agent_id: 'echo', session_id: '', customer_id: 'guest' });
    expect(plugin.asked.at(-1)?.headers['idempotency-key']).toMatch(/^[0-9A-Za-z]{10}$/);
  });

  it.each<[object, string, number, string]>([
    [{}, '/services/none/tools/greet/calls', 404, 'SERVICE_NOT_FOUND'],
    [{}, '/services/local/tools/none/calls', 404, 'TOOL_NOT_FOUND'],
    [{}, '/services/local/tools/greet/calls', 422, 'TOOL_ARGUMENTS_INVALID'],
    [
      { arguments: { name: 'x', nick: 'y' } },
      '/services/local/tools/greet/calls',
      422,
      'TOOL_ARGUMENTS_INVALID',
    ],
    [{ arguments: ['x'] }, '/services/local/tools/greet/calls', 422, 'INVALID_REQUEST'],
    [{ arguments: 'x' }, '/services/local/tools/greet/calls', 422, 'INVALID_REQUEST'],
    [{ agent_id: 'none' }, '/services/local/tools/greet/calls', 404, 'AGENT_NOT_FOUND'],
    [{ customer_id: 'none' }, '/services/local/tools/greet/calls', 404, 'CUSTOMER_NOT_FOUND'],
    [{ session_id: 'none' }, '/services/local/tools/greet/calls', 404, 'SESSION_NOT_FOUND'],
    [{ session_id: '../x' }, '/services/local/tools/greet/calls', 422, 'INVALID_REQUEST'],
    [{}, '/services/local/tools/fail/calls', 502, 'TOOL_FAILED'],
    [{}, '/services/down/tools/any/calls', 503, 'SERVICE_UNAVAILABLE'],
  ])('that cannot be called: %j %s is %i %s', async (body, path, status, code) => {
    await using at = await startGreeting();
    const fail = () => {
      throw new Error('no');
    };
    at.server.entities.localTools.add(tool({ name: 'fail', handler: fail }));
    await at.server.entities.toolServices.put('down', {
      kind: 'sdk',
      url: `http://127.0.0.1:${await freePort()}`,
    });
    const answer = await at.call(body, path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(at.server.logged.join('')).not.toContain('a request failed');
  });

  it('and is told when the server shuts down before there is a result', async () => {
    await using at = await startGreeting();
    let began = 0;
    const hang = () => new Promise(() => (began += 1));
    at.server.entities.localTools.add(tool({ name: 'hang', handler: hang }));
    const called = at
      .call({}, '/services/local/tools/hang/calls')
      .then(({ status, body }) => [status, body.code]);
    await expect.poll(() => began).toBe(1);
    await at.server.stop();
    expect(await called).toEqual([503, 'SHUTTING_DOWN']);
  });

  it('and goes away: then the call is given up', async () => {
    await using at = await startGreeting();
    let began = 0;
    let gaveUp: unknown;
    const hang = tool({
      name: 'hang',
      handler: (_, { signal }) => {
        began += 1;
        return new Promise(() => signal.addEventListener('abort', () => (gaveUp = signal.reason)));
      },
    });
    at.server.entities.localTools.add(hang);
    const left = new AbortController();
    const call = fetch(`${at.server.url}/services/local/tools/hang/calls`, {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
      signal: left.signal,
    });
    await expect.poll(() => began).toBe(1);
    left.abort();
    await expect(call).rejects.toThrow('aborted');
    await expect.poll(() => gaveUp).toBe('left');
    expect(at.server.logged.join('')).not.toContain('a request failed');
  });
});
