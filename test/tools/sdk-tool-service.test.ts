import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InvalidToolArgumentsError,
  ServiceUnavailableError,
  ToolFailedError,
  ToolNotFoundError,
} from '../../src/errors.ts';
import type { Json } from '../../src/event-log/event.ts';
import { createSdkToolService, type SdkToolServiceOptions } from '../../src/tools/sdk-tool-service.ts';
import { createTestClock } from '../support/clock.ts';
import { freePort } from '../support/free-port.ts';
import { pluginResult, pluginTool, startPluginServer, type PluginAnswer } from '../support/plugin-server.ts';
import { createContext } from './tool-context.ts';

const { context } = createContext();

function connect({ url }: { readonly url: string }, more: Partial<SdkToolServiceOptions> = {}) {
  return createSdkToolService({ serviceName: 'bank', url, ...more });
}

/** A server with one tool, `pay`, that answers so. */
async function startPay(answer: PluginAnswer, tool = pluginTool('pay')) {
  const server = await startPluginServer({ tools: { pay: { tool, answer } } });
  return Object.assign(server, { service: connect(server) });
}

describe('the tools of a plugin server', () => {
  const described = pluginTool('pay', {
    consequential: true,
    overlap: 3,
    metadata: { team: 'money' },
    required: ['to'],
    parameters: {
      to: [
        { type: 'string', description: 'Who', examples: ['Ada'] },
        {
          hidden: true,
          source: 'customer',
          description: 'Whom to pay',
          significance: 'so that the right person gets it',
          examples: [],
          precedence: 1,
          display_name: 'payee',
        },
      ],
      amounts: [
        { type: 'array', item_type: 'number', enum: [1, 2] },
        { hidden: false, source: 'any', description: null, examples: [], precedence: 2 ** 63 },
      ],
      later: [{ type: 'something new' }, {}],
    },
  });
  const tool = {
    name: 'pay',
    description: 'The tool pay',
    creationUtc: '2026-01-31T09:30:00.123000Z',
    parameters: {
      to: {
        type: 'string',
        description: 'Whom to pay',
        examples: ['Ada'],
        hidden: true,
        source: 'customer',
        significance: 'so that the right person gets it',
        precedence: 1,
        displayName: 'payee',
      },
      amounts: { type: 'array', itemType: 'number', enum: [1, 2] },
      later: { type: 'string' },
    },
    required: ['to'],
    consequential: true,
    overlap: 'always',
    metadata: { team: 'money' },
  };

  it('are listed, read and resolved as it describes them', async () => {
    await using server = await startPay(() => [], described);
    expect(await server.service.list()).toEqual([tool]);
    expect(await server.service.read('pay')).toEqual(tool);
    expect(await server.service.resolve('pay', context)).toEqual(tool);
    expect(server.asked.map(({ line }) => line)).toEqual([
      'GET /tools',
      'GET /tools/pay',
      'GET /tools/pay/resolve?agent_id=agent-1&session_id=session-1&customer_id=customer-1',
    ]);
  });

  it('are not there where it does not know them', async () => {
    await using server = await startPluginServer({});
    const service = connect(server);
    expect(await service.list()).toEqual([]);
    for (const name of ['pay', 'a/b c', '', '.', '..']) {
      expect(await service.read(name)).toBeUndefined();
      expect(await service.resolve(name, context)).toBeUndefined();
      await expect(service.call(name, context, {})).rejects.toThrow(ToolNotFoundError);
    }
    expect(server.asked.map(({ line }) => line)).toContain('GET /tools/a%2Fb%20c');
  });

  it('may be behind a path and a proxy that asks for headers', async () => {
    await using server = await startPluginServer({
      instead(req, res) {
        res
          .writeHead(200)
          .end(JSON.stringify({ tools: [pluginTool(`${req.url} ${req.headers.authorization}`)] }));
        return true;
      },
    });
    const service = connect({ url: `${server.url}/v1/` }, { headers: { authorization: 'Bearer x' } });
    expect((await service.list())[0]?.name).toBe('/v1/tools Bearer x');
  });

  it.each<[string, number, string]>([
    ['no JSON', 200, 'no JSON'],
    ['no list', 200, '{"tools": {}}'],
    ['a tool without a name', 200, '{"tools": [{"name": "", "parameters": {}, "required": []}]}'],
    ['an error', 500, '{"detail": "out of order"}'],
    ['no such route', 404, '{}'],
    ['a redirect', 302, ''],
  ])('cannot be had from one that answers %s', async (_, status, text) => {
    await using server = await startPluginServer({
      instead(_req, res) {
        res.writeHead(status, { Location: 'file:///etc/passwd' }).end(text);
        return true;
      },
    });
    const listed = connect(server).list();
    await expect(listed).rejects.toThrow(ServiceUnavailableError);
    await expect(listed).rejects.toThrow('The tool service "bank" cannot be asked: it answered');
  });

  it('cannot be had from one that is not there', async () => {
    const service = connect({ url: `http://127.0.0.1:${await freePort()}` });
    const asks = [() => service.list(), () => service.read('pay'), () => service.call('pay', context, {})];
    for (const ask of asks) {
      await expect(ask()).rejects.toThrow(ServiceUnavailableError);
      await expect(ask()).rejects.toThrow('there is no connection (ECONNREFUSED)');
    }
  });

  it('are not waited for longer than the limit', async () => {
    await using server = await startPluginServer({ instead: () => true });
    const clock = createTestClock();
    const listed = connect(server, { clock, askTimeoutMs: 30_000 }).list();
    await expect.poll(() => server.asked.length).toBe(1);
    await Promise.all([
      expect(listed).rejects.toThrow('cannot be asked: it took longer than 30 seconds'),
      clock.advance(30_000),
    ]);
    expect(clock.pending()).toBe(0);
  });

  it('that are a flood are cut', async () => {
    await using server = await startPluginServer({
      instead(_req, res) {
        Readable.from(endless()).pipe(res.writeHead(200));
        return true;
      },
    });
    await expect(connect(server).list()).rejects.toThrow('its answer has more than 4194304 bytes');
    await expect.poll(server.left).toBe(1);
  });
});

describe('a call to a plugin server', () => {
  it('brings who calls, what for, and the same key at every attempt', async () => {
    const parameters = {
      seats: [{ type: 'integer' }, {}],
      names: [{ type: 'array', item_type: 'string' }, {}],
      urgent: [{ type: 'boolean' }, {}],
      quiet: [{ type: 'boolean' }, {}],
      day: [{ type: 'date' }, {}],
      note: [{ type: 'string' }, {}],
    };
    await using server = await startPay(() => [pluginResult('paid')], pluginTool('pay', { parameters }));
    const args = {
      seats: '2',
      names: "['Ada']",
      urgent: 'True',
      quiet: false,
      day: '2026-01-31',
      note: null,
    };
    expect((await server.service.call('pay', context, args)).data).toBe('paid');
    expect(server.calls).toEqual([
      {
        agent_id: 'agent-1',
        session_id: 'session-1',
        customer_id: 'customer-1',
        // As a plugin server reads booleans: every text but the empty one is true.
        arguments: { seats: 2, names: ['Ada'], urgent: 'true', quiet: '', day: '2026-01-31', note: null },
        engine_context_id: null,
      },
    ]);
    expect(server.asked.at(-1)).toMatchObject({
      line: 'POST /tools/pay/calls',
      headers: { 'idempotency-key': 'call-1', 'content-type': 'application/json' },
    });
  });

  it('has a whole result', async () => {
    const more = {
      metadata: { ms: 3 },
      control: { mode: 'manual', lifespan: 'response' },
      canned_responses: ['It is {{what}}.'],
      canned_response_fields: { what: 'done' },
      guidelines: [{ action: 'thank them', condition: null, priority: 5, criticality: 'high' }],
    };
    await using server = await startPay(() => [pluginResult({ ok: true }, more)]);
    expect(await server.service.call('pay', context, {})).toEqual({
      data: { ok: true },
      metadata: { ms: 3 },
      control: { mode: 'manual', lifespan: 'response' },
      cannedResponses: ['It is {{what}}.'],
      cannedResponseFields: { what: 'done' },
      guidelines: [{ action: 'thank them', priority: 5, criticality: 'high' }],
    });
  });

  it('understands what later versions say', async () => {
    const more = { control: { lifespan: 'auto' }, rules: [{ action: 'thank them' }] };
    await using server = await startPay(() => [pluginResult(null, more)]);
    expect(await server.service.call('pay', context, {})).toMatchObject({
      control: {},
      guidelines: [{ action: 'thank them' }],
    });
  });

  it('tells the session what it says on the way, in order', async () => {
    const said = [
      { status: 'processing', data: { stage: 'Counting' } },
      { status: 'typing' },
      { message: 'One moment 🙂' },
      { custom: [1, { a: null }] },
    ];
    await using server = await startPay(() => [
      said.map((each) => JSON.stringify(each)).join(''),
      pluginResult(1),
    ]);
    const { context: listening, heard } = createContext();
    await server.service.call('pay', listening, {});
    expect(heard).toEqual([
      { status: 'processing', data: { stage: 'Counting' } },
      { status: 'typing', data: {} },
      { message: 'One moment 🙂' },
      { custom: [1, { a: null }] },
    ]);
    const { emitMessage: _1, emitStatus: _2, emitCustom: _3, ...deaf } = listening;
    expect((await server.service.call('pay', deaf, {})).data).toBe(1);
  });

  it('is read the same however the network cuts its answer, at any byte, with or without lines', async () => {
    const said = [{ message: 'Ünï 🙂 "}{"' }, { custom: { 'a\\': '}' } }];
    const separators = fc.constantFrom('', '\n', ' \r\n');
    await using server = await startPay(() => pieces);
    let pieces: readonly Uint8Array[] = [];
    await fc.assert(
      fc.asyncProperty(
        separators,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        async (between, cuts) => {
          const text = [...said.map((each) => JSON.stringify(each)), pluginResult('paid')].join(between);
          pieces = cutBytes(Buffer.from(text), cuts);
          const { context: listening, heard } = createContext();
          expect((await server.service.call('pay', listening, {})).data).toBe('paid');
          expect(heard).toEqual([{ message: 'Ünï 🙂 "}{"' }, { custom: { 'a\\': '}' } }]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each<[string, readonly string[], string]>([
    ['an error', ['{"error": "no such account."}'], 'The tool "bank:pay" failed: no such account.'],
    ['nothing', [], 'its answer ended without a result'],
    ['only something on the way', ['{"message": "wait"}'], 'its answer ended without a result'],
    ['half of something', ['{"result": {"data"'], 'its answer ends in the middle'],
    ['what is no JSON', ['<html>'], 'its answer is no JSON object'],
    ['what the protocol does not know', ['{"thought": 1}'], 'none that the protocol knows'],
    ['a result that is none', ['{"result": 7}'], 'its result is no object'],
    ['canned responses that are none', ['{"result": {"canned_responses": 7}}'], 'cannedResponses'],
    ['too much', [pluginResult('x'.repeat(16_384))], 'an object of more than 16384 characters'],
    [
      'too much without an end',
      [`{"message": "${'x'.repeat(40_000)}`],
      'an object of more than 16384 characters',
    ],
  ])('fails when it is answered %s', async (_, pieces, message) => {
    await using server = await startPay(() => pieces);
    const call = server.service.call('pay', context, {});
    await expect(call).rejects.toThrow(ToolFailedError);
    await expect(call).rejects.toThrow(message);
    expect(server.calls).toHaveLength(1);
  });

  it('may have as much in one object as Parlant takes', async () => {
    const room = 16_384 - pluginResult('').length;
    await using server = await startPay(() => [pluginResult('ä'.repeat(room))]);
    expect((await server.service.call('pay', context, {})).data).toHaveLength(room);
  });

  it('that broke off is a failure: what it did is not known', async () => {
    await using server = await startPay(async function* () {
      yield '{"message": "half';
      throw new Error('cut');
    });
    const call = server.service.call('pay', context, {});
    await expect(call).rejects.toThrow(ToolFailedError);
    await expect(call).rejects.toThrow('its answer broke off');
  });

  it.each<[number, Json, new (...args: never[]) => Error, string]>([
    [404, { detail: 'gone' }, ToolNotFoundError, 'bank:pay'],
    [422, { detail: 'seats: too many' }, InvalidToolArgumentsError, 'seats: too many'],
    [422, null, InvalidToolArgumentsError, 'the service refuses its arguments'],
    [
      500,
      { detail: ['Traceback\n', 'ValueError: no money\n'] },
      ToolFailedError,
      '500 (ValueError: no money)',
    ],
    [500, 'x'.repeat(1_000), ToolFailedError, 'it answered 500.'],
    [503, {}, ServiceUnavailableError, 'it answered 503'],
    [307, {}, ServiceUnavailableError, 'redirects are not followed'],
  ])('that is refused with %i %j is told as what it is', async (status, body, error, message) => {
    await using server = await startPluginServer({
      tools: { pay: { tool: pluginTool('pay'), answer: () => [] } },
      instead(req, res) {
        if (req.method !== 'POST') return false;
        res.writeHead(status, { Location: '/elsewhere' }).end(JSON.stringify(body));
        return true;
      },
    });
    const call = connect(server).call('pay', context, {});
    await expect(call).rejects.toThrow(error);
    await expect(call).rejects.toThrow(message);
  });

  it('is not made with arguments that do not fit', async () => {
    const tool = pluginTool('pay', { required: ['to'], parameters: { to: [{ type: 'integer' }, {}] } });
    await using server = await startPay(() => [], tool);
    for (const args of [{}, { to: 'Ada' }, { to: 1, from: 2 }])
      await expect(server.service.call('pay', context, args)).rejects.toThrow(InvalidToolArgumentsError);
    expect(server.calls).toEqual([]);
  });

  it('takes no longer than the limit, however much it says', async () => {
    const clock = createTestClock();
    await using server = await startPay(async function* () {
      yield '{"message": "wait"}';
      await new Promise(() => {});
    });
    const { context: listening, heard } = createContext();
    const call = connect(server, { clock }).call('pay', listening, {});
    await expect.poll(() => heard.length).toBe(1);
    await Promise.all([
      expect(call).rejects.toThrow('"bank:pay" failed: it took longer than 120 seconds'),
      clock.advance(120_000),
    ]);
    await expect.poll(server.left).toBe(1);
    expect(clock.pending()).toBe(0);
  });

  it('ends with the reason of the turn that is given up, and hangs up', async () => {
    await using server = await startPay(async function* () {
      yield ' ';
      await new Promise(() => {});
    });
    const controller = new AbortController();
    const { context: impatient } = createContext({ signal: controller.signal });
    const call = server.service.call('pay', impatient, {});
    await expect.poll(() => server.calls.length).toBe(1);
    controller.abort(new Error('interrupted'));
    await expect(call).rejects.toThrow('interrupted');
    await expect.poll(server.left).toBe(1);
    await expect(server.service.call('pay', impatient, {})).rejects.toThrow('interrupted');
    expect(server.calls).toHaveLength(1);
  });

  it('ends when the session takes nothing more from it', async () => {
    await using server = await startPay(() => ['{"message": "late"}', pluginResult(1)]);
    const emitMessage = () => Promise.reject(new Error('the run is closed'));
    const { context: closed } = createContext({ emitMessage });
    await expect(server.service.call('pay', closed, {})).rejects.toThrow('the run is closed');
  });
});

function* endless() {
  for (;;) yield ' '.repeat(65_536);
}

function cutBytes(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}
