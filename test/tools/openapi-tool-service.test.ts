import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InvalidToolArgumentsError,
  ServiceUnavailableError,
  ToolFailedError,
  ToolNotFoundError,
} from '../../src/errors.ts';
import { readOpenApi } from '../../src/tools/openapi-document.ts';
import {
  createOpenApiToolService,
  type OpenApiToolServiceOptions,
} from '../../src/tools/openapi-tool-service.ts';
import { isUncertain, ServiceFault } from '../../src/tools/service-fault.ts';
import { createTestClock } from '../support/clock.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';
import { bankDocument, startOpenApiServer, type OpenApiServer } from '../support/openapi-server.ts';
import { createContext } from './tool-context.ts';

const { context } = createContext();

function connect(
  { url, source }: Pick<OpenApiServer, 'url' | 'source'>,
  more: Partial<OpenApiToolServiceOptions> = {},
) {
  return createOpenApiToolService({ serviceName: 'bank', url, source, ...more });
}

describe('the operations of an OpenAPI document', () => {
  it('are tools, but for those that need headers, cookies or forms', async () => {
    await using server = await startOpenApiServer();
    const service = connect(server);
    const tools = await service.list();
    expect(tools.map(({ name }) => name)).toEqual([
      'read_account',
      'delete_accounts_account_id',
      'transfer',
      'note',
    ]);
    expect(tools[0]).toEqual({
      name: 'read_account',
      description: 'Read an account',
      creationUtc: expect.stringMatching(/\.\d{6}Z$/),
      parameters: {
        account_id: { type: 'string', description: 'Its number' },
        fields: { type: 'array', itemType: 'string', enum: ['owner', 'balance'] },
        tags: { type: 'array', itemType: 'string' },
        filter: { type: 'object' },
      },
      required: ['account_id'],
      consequential: false,
      overlap: 'auto',
      metadata: {},
    });
    expect(tools[2]).toMatchObject({
      description: 'Transfer money',
      parameters: {
        amount: { type: 'number', description: 'A hint' },
        to: { type: 'string', description: 'Whom to pay' },
        body_amount: { type: 'number' },
        on: { type: 'date' },
        urgent: { type: 'boolean' },
        anything: { type: 'string' },
        either: { type: 'integer' },
      },
      required: ['to', 'body_amount'],
      consequential: true,
    });
    expect(tools[3]).toMatchObject({
      parameters: { body: { type: 'array', itemType: 'string', description: 'The notes' } },
      required: ['body'],
    });
    expect(await service.read('transfer')).toMatchObject({ name: 'transfer' });
    expect(await service.resolve('transfer', context)).toMatchObject({ name: 'transfer' });
    expect(await service.read('upload')).toBeUndefined();
  });

  it('have names of their own, also where their ids are missing or the same', () => {
    const operation = { operationId: 'same' };
    const paths = {
      '/a': { get: operation, post: operation },
      '/a/': { post: operation },
      '/': { get: {} },
    };
    const names = [...readOpenApi({ openapi: '3.0.3', paths }, '').keys()];
    expect(names).toEqual(['same', 'post_a', 'post_a_2', 'get']);
  });

  it('are read again when they are listed, and kept when the document is gone', async () => {
    await using server = await startOpenApiServer();
    const service = connect(server);
    expect(await service.list()).toHaveLength(4);
    server.document = { openapi: '3.1.0', paths: { '/now': { get: { operationId: 'now' } } } };
    expect(await service.read('now')).toBeUndefined();
    expect((await service.list()).map(({ name }) => name)).toEqual(['now']);
    expect(await service.read('now')).toBeDefined();
    server.document = 'lost';
    await expect(service.list()).rejects.toThrow(ServiceUnavailableError);
    expect(await service.read('now')).toBeDefined();
  });

  it('may stand in a file', async () => {
    await using folder = await createDataFolder();
    const source = join(folder.path, 'bank.json');
    await writeFile(source, JSON.stringify(bankDocument));
    await using server = await startOpenApiServer();
    for (const each of [source, pathToFileURL(source).href])
      expect(await connect({ url: server.url, source: each }).list()).toHaveLength(4);
    await rm(source);
    const lost = connect({ url: server.url, source });
    await expect(lost.list()).rejects.toThrow('cannot be read (ENOENT)');
    await writeFile(source, JSON.stringify(bankDocument));
    expect(await lost.read('transfer')).toBeDefined();
    await expect(connect({ url: server.url, source: folder.path }).list()).rejects.toThrow(
      ServiceUnavailableError,
    );
    await expect(connect({ url: server.url, source: '/dev/zero' }).list()).rejects.toThrow('is no file');
  });

  it.each<[string, unknown]>([
    ['is none', { swagger: '2.0', paths: {} }],
    ['is a list', []],
    ['is empty', null],
  ])('cannot be had where the document %s', async (_, document) => {
    await using server = await startOpenApiServer({ document });
    server.document = document;
    const listed = connect(server).list();
    await expect(listed).rejects.toThrow(ServiceUnavailableError);
    await expect(listed).rejects.toThrow('no OpenAPI 3 document');
  });

  it.each<[string, number, string, string]>([
    ['is YAML', 200, 'openapi: 3.1.0\npaths: {}', 'is no JSON'],
    ['is not there', 404, '{}', 'is not there: 404'],
    ['is somewhere else', 302, '', 'redirects are not followed'],
    ['has no end', 200, ' '.repeat(9_000_000), 'more than 8388608 bytes'],
  ])('cannot be had where the document %s', async (_, status, text, message) => {
    await using server = await startOpenApiServer({
      instead(_req, res) {
        res.writeHead(status, { Location: 'ftp://elsewhere' }).end(text);
        return true;
      },
    });
    const service = connect(server);
    await expect(service.list()).rejects.toThrow(ServiceUnavailableError);
    await expect(service.call('transfer', context, {})).rejects.toThrow(message);
  });

  it('cannot be had from a server that is not there, or does not answer', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(connect({ url, source: `${url}/openapi.json` }).read('a')).rejects.toThrow('ECONNREFUSED');
    let waiting = 0;
    await using server = await startOpenApiServer({ instead: () => (waiting += 1) > 0 });
    const clock = createTestClock();
    const listed = connect(server, { clock }).list();
    await expect.poll(() => waiting).toBe(1);
    await Promise.all([expect(listed).rejects.toThrow('longer than 30 seconds'), clock.advance(30_000)]);
  });

  it('are read from any JSON without harm', () => {
    const part = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4 },
        fc.constant({ $ref: '#' }),
        fc.constant({ $ref: '#/paths/~1a' }),
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(
          fc.constantFrom(
            'get',
            'post',
            'parameters',
            'requestBody',
            'content',
            'schema',
            'allOf',
            'anyOf',
            'items',
            'type',
            'name',
            'in',
          ),
          fc.oneof(tie('schema'), fc.array(tie('schema')), fc.constantFrom('path', 'query', 'object', 'a')),
        ),
      ),
    })).schema;
    const read = (item: unknown) => readOpenApi({ openapi: '3.0.0', paths: { '/a': item } }, '');
    expect(() => fc.assert(fc.property(part, (item) => read(item) instanceof Map))).not.toThrow();
  });

  it('that refer to each other without end are left out', () => {
    const twice = (name: string) => ({ allOf: [{ $ref: `#/s/${name}` }, { $ref: `#/s/${name}` }] });
    const s = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`s${at}`, twice(`s${at + 1}`)]));
    const paths = {
      '/circle': { $ref: '#/paths/~1circle' },
      '/wide': { get: { parameters: [{ $ref: '#/s/s0' }] } },
      '/elsewhere': { get: { parameters: [{ $ref: 'other.json#/x' }] } },
      '/fine': { get: {} },
    };
    expect([...readOpenApi({ openapi: '3.0.0', paths, s }, '').keys()]).toEqual(['get_fine']);
    expect(() => readOpenApi({ openapi: 3 }, '')).toThrow(ServiceFault);
  });
});

describe('a call of an operation', () => {
  it('puts every argument where it belongs', async () => {
    await using server = await startOpenApiServer();
    const service = connect(server, { headers: { authorization: 'Bearer x' } });
    const args = {
      account_id: 'a/b ?',
      fields: "['owner', 'balance']",
      tags: ['x', 'y z'],
      filter: { a: 1 },
    };
    expect(await service.call('read_account', context, args)).toMatchObject({
      data: {
        line: 'GET /accounts/a%2Fb%20%3F?fields=owner&fields=balance&tags=x%2Cy+z&filter%5Ba%5D=1',
      },
      metadata: { status: 200 },
      guidelines: [],
    });
    await service.call('transfer', context, {
      amount: '5',
      body_amount: 7,
      to: 'Ada',
      urgent: null,
      on: null,
    });
    await service.call('note', context, { body: '["a", "b"]' });
    await service.call('delete_accounts_account_id', context, { account_id: '1' });
    expect(server.asked.map(({ line, body }) => [line, body]).slice(1)).toEqual([
      ['POST /transfers?amount=5', { to: 'Ada', amount: 7 }],
      ['PUT /notes', ['a', 'b']],
      ['DELETE /accounts/1', undefined],
    ]);
    expect(server.asked[1]?.headers).toMatchObject({
      'idempotency-key': 'call-1',
      authorization: 'Bearer x',
      'content-type': 'application/json',
    });
  });

  it('cannot leave the path it belongs to', async () => {
    await using server = await startOpenApiServer();
    for (const account_id of ['', '.', '..'])
      await expect(connect(server).call('read_account', context, { account_id })).rejects.toThrow(
        InvalidToolArgumentsError,
      );
    expect(server.asked).toEqual([]);
  });

  it('is not made with what does not fit, or is not there', async () => {
    await using server = await startOpenApiServer();
    const service = connect(server);
    await expect(service.call('transfer', context, {})).rejects.toThrow('missing for "to", "body_amount"');
    await expect(service.call('transfer', context, { to: 'a', body_amount: 'b' })).rejects.toThrow(
      'a number',
    );
    await expect(service.call('upload', context, {})).rejects.toThrow(ToolNotFoundError);
    expect(server.asked).toEqual([]);
  });

  it.each<[string, string, unknown]>([
    ['application/json', '{"a": [1]}', { a: [1] }],
    ['application/json', 'null', null],
    ['application/problem+json', '"x"', 'x'],
    ['application/json', 'broken', 'broken'],
    ['text/plain', '{"a": 1}', '{"a": 1}'],
    ['text/plain', '', null],
  ])('gives the data of an answer of type %s: %s', async (type, text, data) => {
    await using server = await startAnswering(200, text, type);
    expect((await connect(server).call('note', context, { body: [] })).data).toEqual(data);
  });

  it.each<[number, string, new (...args: never[]) => Error, string]>([
    [
      404,
      '{"detail": "no such account"}',
      ToolFailedError,
      'it answered 404 ({"detail": "no such account"})',
    ],
    [500, '<html>', ToolFailedError, 'it answered 500.'],
    [422, 'amount', InvalidToolArgumentsError, 'it answered 422 (amount)'],
    [429, '', ServiceUnavailableError, 'it answered 429'],
    [503, '', ServiceUnavailableError, 'it answered 503'],
    [301, '', ServiceUnavailableError, 'redirects are not followed'],
    [200, 'x'.repeat(300_000), ToolFailedError, 'more than 262144 bytes'],
    [200, '['.repeat(100) + ']'.repeat(100), ToolFailedError, 'at most 64 levels'],
  ])('that is answered %i is told as what it is', async (status, text, error, message) => {
    await using server = await startAnswering(status, text);
    const call = connect(server).call('note', context, { body: [] });
    await expect(call).rejects.toThrow(error);
    await expect(call).rejects.toThrow(message);
  });

  it.each([
    [200, '['.repeat(100) + ']'.repeat(100), true],
    [408, '', true],
    [502, '<html>', true],
    [504, '', true],
    [404, '', false],
    [500, '', false],
    [503, '', false],
  ])('that is answered %i may have had its effect, or not, as that says', async (status, text, mayHave) => {
    await using server = await startAnswering(status, text);
    const failure = await connect(server)
      .call('note', context, { body: [] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(isUncertain(failure)).toBe(mayHave);
  });

  it('takes no longer than the limit, and ends when its turn is given up', async () => {
    let waiting = 0;
    await using server = await startOpenApiServer({
      instead: (req) => req.url !== '/openapi.json' && (waiting += 1) > 0,
    });
    const clock = createTestClock();
    const service = connect(server, { clock });
    const late = service.call('note', context, { body: [] });
    await expect.poll(() => waiting).toBe(1);
    await Promise.all([
      expect(late).rejects.toThrow('"bank:note" failed: it took longer than 120 seconds'),
      clock.advance(120_000),
    ]);
    const controller = new AbortController();
    const { context: impatient } = createContext({ signal: controller.signal });
    const given = service.call('note', impatient, { body: [] });
    await expect.poll(() => waiting).toBe(2);
    controller.abort(new Error('interrupted'));
    await expect(given).rejects.toThrow('interrupted');
    await expect(service.call('note', impatient, {})).rejects.toThrow('interrupted');
    await expect(service.resolve('note', impatient)).rejects.toThrow('interrupted');
  });
});

/** The API answers everything so. */
async function startAnswering(status: number, text: string, type = 'application/json') {
  return startOpenApiServer({
    instead(req, res) {
      if (req.url === '/openapi.json') return false;
      res.writeHead(status, { 'Content-Type': type, Location: '/elsewhere' }).end(text);
      return true;
    },
  });
}
