import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

const runs = { numRuns: 150 };

/** Words that mean something here, so that nonsense gets past the first check. */
const word = fc.oneof(
  fc.constantFrom(
    'echo',
    'message',
    'custom',
    'status',
    'customer',
    'system',
    'ready',
    'auto',
    'guest',
    '__proto__',
    'constructor',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const key = fc.constantFrom(
  'kind',
  'source',
  'message',
  'data',
  'status',
  'metadata',
  'participant',
  'agent_id',
  'id',
  'title',
  'labels',
  'set',
  'unset',
  'upsert',
  'client',
  'consumption_offsets',
  'mode',
  'trace_id',
  'intent',
  'session_id',
  'interruption',
  'customer_id',
  '__proto__',
  'toString',
);
const body = fc.dictionary(key, fc.oneof(word, fc.jsonValue(), fc.dictionary(key, fc.jsonValue())));
const query = fc.array(
  fc.tuple(
    fc.constantFrom(
      'min_offset',
      'kinds',
      'source',
      'trace_id',
      'at',
      'limit',
      'cursor',
      'sort',
      'labels',
      'sse',
      'moderation',
      'user',
      'customer_id',
    ),
    fc.oneof(word, fc.integer().map(String)),
  ),
  { maxLength: 4 },
);

/** `fine`, or what was wrong with the answer: a status of 500 and more, or an error without a code. */
async function verdictOn(server: TestServer, method: string, path: string, given?: unknown): Promise<string> {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(given !== undefined && { body: JSON.stringify(given) }),
  });
  const text = await response.text();
  const hasCode = response.status < 400 || /"code":"[A-Z_]+"/.test(text);
  return response.status < 500 && hasCode ? 'fine' : `${response.status} ${text}`;
}

describe('whatever is sent', () => {
  it.each([
    ['POST', '/sessions'],
    ['PATCH', '/sessions/S'],
    ['POST', '/sessions/S/events'],
    ['POST', '/sessions/S/cancel'],
    ['POST', '/api/chat'],
  ])('%s %s is answered, never with a 500', async (method, path) => {
    await using server = await startServer({ settings: { maxMessageChars: 20 } });
    await server.session('guest', { id: 'S' });
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        expect(await verdictOn(server, method, path, given)).toBe('fine');
      }),
      runs,
    );
  });

  it.each(['/sessions', '/sessions/S/events', '/sessions/S/state'])(
    'GET %s takes any query, never with a 500',
    async (path) => {
      await using server = await startServer();
      await server.session('guest', { id: 'S' });
      await fc.assert(
        fc.asyncProperty(query, async (pairs) => {
          const text = new URLSearchParams([
            ...pairs.map(([name, value]): [string, string] => [name, value]),
            ['wait_for_data', '0'],
          ]);
          expect(await verdictOn(server, 'GET', `${path}?${text.toString()}`)).toBe('fine');
        }),
        runs,
      );
    },
  );
});
