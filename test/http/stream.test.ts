import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/event-log/event.ts';
import { followWithEventSource, hasFinalReady, offsetsOf, openStream } from '../support/event-stream.ts';
import { heldMemory } from '../support/memory.ts';
import { createHeldAgent } from '../support/runtime.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** A server with a session of so many custom events. */
async function withEvents(count: number, options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  const id = await server.session('ann');
  await append(server, id, count);
  return {
    server,
    id,
    url: `${server.url}/sessions/${id}/events`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function append(
  server: TestServer,
  id: string,
  count: number,
  text = '',
): Promise<readonly SessionEvent[]> {
  const drafts = Array.from({ length: count }, (_, n) => ({
    kind: 'custom' as const,
    source: 'system' as const,
    trace_id: `t${n % 2}`,
    data: { n, text },
  }));
  return server.log.append(id, drafts);
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe('an event stream', () => {
  it('begins with the state, then every event with its offset as id and its envelope as data', async () => {
    await using at = await withEvents(3);
    await using stream = await openStream(at.url);
    const frames = await stream.until((all) => offsetsOf(all).length === 3);
    expect(frames[0]).toMatchObject({
      event: 'state',
      id: undefined,
      data: { value: 'NOT_STARTED', transition: null },
    });
    expect(offsetsOf(frames)).toEqual([0, 1, 2]);
    expect(frames[1]).toEqual({ event: 'custom', id: '0', data: (await at.server.log.read(at.id))[0] });
  });

  it('goes on with what is appended while it is open', async () => {
    await using at = await withEvents(1);
    await using stream = await openStream(at.url);
    await stream.until((all) => offsetsOf(all).length === 1);
    await append(at.server, at.id, 2);
    expect(offsetsOf(await stream.until((all) => offsetsOf(all).length === 3))).toEqual([0, 1, 2]);
  });

  it('resumes behind any offset, 0, 9 and the last one included', async () => {
    await using at = await withEvents(12);
    for (const last of range(0, 12)) {
      await using stream = await openStream(at.url, { headers: { 'last-event-id': String(last) } });
      const [event] = await append(at.server, at.id, 1);
      const next = event?.offset ?? 0;
      const frames = await stream.until((all) => offsetsOf(all).at(-1) === next);
      expect(offsetsOf(frames)).toEqual(range(last + 1, next + 1));
    }
  });

  it('begins with min_offset, which counts itself in; Last-Event-ID wins', async () => {
    await using at = await withEvents(5);
    await using from = await openStream(`${at.url}?min_offset=3`);
    expect(offsetsOf(await from.until((all) => offsetsOf(all).at(-1) === 4))).toEqual([3, 4]);
    await using both = await openStream(`${at.url}?min_offset=0`, { headers: { 'last-event-id': '3' } });
    expect(offsetsOf(await both.until((all) => offsetsOf(all).at(-1) === 4))).toEqual([4]);
  });

  it.each(['abc', '-1', '1.5', '1e3', ' 1 x', '9'.repeat(30), '0x1', 'NaN'])(
    'refuses Last-Event-ID %j before it begins',
    async (last) => {
      await using at = await withEvents(1);
      const response = await fetch(at.url, {
        headers: { accept: 'text/event-stream', 'last-event-id': last },
      });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toMatch('application/json');
      expect(await response.json()).toMatchObject({ code: 'INVALID_LAST_EVENT_ID' });
      expect(at.server.log.followers(at.id)).toBe(0);
    },
  );

  it('goes on for a client that has more than there is, after it was told to forget that', async () => {
    await using at = await withEvents(3);
    await using stream = await openStream(at.url, { headers: { 'last-event-id': '41' } });
    expect((await stream.until((all) => all.length === 2)).map(({ event, data }) => [event, data])).toEqual([
      ['removed', { from: 3 }],
      ['state', expect.anything()],
    ]);
    await append(at.server, at.id, 2);
    expect(offsetsOf(await stream.until((all) => offsetsOf(all).length === 2))).toEqual([3, 4]);
    await using plain = await openStream(`${at.url}?sse=true`, { headers: { 'last-event-id': '41' } });
    await append(at.server, at.id, 1);
    await expect.poll(() => plain.frames.map(({ id }) => id)).toEqual(['5']);
  });

  it('takes an empty Last-Event-ID for none', async () => {
    await using at = await withEvents(1);
    await using stream = await openStream(at.url, { headers: { 'last-event-id': '' } });
    expect(offsetsOf(await stream.until((all) => offsetsOf(all).length === 1))).toEqual([0]);
  });

  it('carries only the kinds, source or trace asked for', async () => {
    await using at = await withEvents(4);
    await at.server.log.append(at.id, [
      { kind: 'status', source: 'system', trace_id: 't9', data: { status: 'typing', data: {} } },
    ]);
    const see = async (query: string) => {
      await using stream = await openStream(`${at.url}?${query}`);
      const [last] = await at.server.log.append(at.id, [
        { kind: 'status', source: 'system', trace_id: 't1', data: { status: 'ready', data: {} } },
      ]);
      return offsetsOf(await stream.until((all) => offsetsOf(all).at(-1) === last?.offset));
    };
    expect(await see('kinds=status')).toEqual([4, 5]);
    expect(await see('trace_id=t1')).toEqual([1, 3, 5, 6]);
    expect(await see('source=system&min_offset=4')).toEqual([4, 5, 6, 7]);
  });

  it('shows text while it is made, whole so far to whoever joins, and the message that replaces it', async () => {
    const { agent, turns } = createHeldAgent();
    await using at = await withEvents(0, { agents: [agent] });
    await using first = await openStream(at.url);
    await at.server.say(at.id, 'hello');
    await expect.poll(() => turns.length).toBe(1);
    await turns[0]?.say('one ');
    await turns[0]?.say('two ');
    await first.until((all) => all.filter(({ event }) => event === 'chunk').length === 2);
    await using second = await openStream(at.url);
    const [joined] = (await second.until((all) => all.some(({ event }) => event === 'chunk'))).filter(
      ({ event }) => event === 'chunk',
    );
    expect(joined).toMatchObject({ id: undefined, data: { index: 0, text: 'one two ', attempt: 1 } });
    turns[0]?.finish();
    const frames = await first.until(hasFinalReady);
    const chunks = frames.filter(({ event }) => event === 'chunk').map(({ data }) => data);
    expect(chunks).toMatchObject([
      { index: 0, text: 'one ' },
      { index: 1, text: 'two ' },
    ]);
    const message = frames.find(
      ({ event, data }) => event === 'message' && (data as SessionEvent).source === 'ai_agent',
    );
    expect(message?.data).toMatchObject({
      id: (chunks[0] as { message_id: string }).message_id,
      data: { message: 'one two ' },
    });
  });

  it('tells how the statechart moves', async () => {
    await using at = await withEvents(0);
    await using stream = await openStream(at.url);
    await stream.until((all) => all.length === 1);
    await at.server.say(at.id, 'hello');
    await stream.until(hasFinalReady);
    const moves = stream.frames
      .filter(({ event }) => event === 'state')
      .map(({ data }) => data as { transition: { event: string } | null });
    expect(moves[0]?.transition).toBeNull();
    expect(moves.some(({ transition }) => transition?.event === 'message.received')).toBe(true);
  });

  it('tells of changed metadata and of a tail that was deleted', async () => {
    await using at = await withEvents(3);
    await using stream = await openStream(at.url);
    await stream.until((all) => offsetsOf(all).length === 3);
    const [, event] = await at.server.log.read(at.id);
    await at.server.log.patch(at.id, event?.id ?? '', { set: { seen: true } });
    await at.server.log.remove(at.id, 2);
    const frames = await stream.until((all) => all.some((frame) => frame.event === 'removed'));
    expect(frames.slice(-2)).toMatchObject([
      { event: 'updated', id: undefined, data: { offset: 1, metadata: { seen: true } } },
      { event: 'removed', id: undefined, data: { from: 2 } },
    ]);
  });

  it('stays open while the session is stopped, and ends when it is deleted', async () => {
    await using at = await withEvents(1);
    await using stream = await openStream(at.url);
    await stream.until((all) => offsetsOf(all).length === 1);
    await at.server.sessions.start(at.id);
    await at.server.sessions.stop(at.id);
    await append(at.server, at.id, 1);
    await stream.until((all) => offsetsOf(all).length === 2);
    await at.server.sessions.delete(at.id);
    await stream.ended;
    expect(stream.frames.at(-1)).toMatchObject({ event: 'removed', data: { from: 0 } });
    expect((await fetch(at.url, { headers: { accept: 'text/event-stream' } })).status).toBe(404);
  });

  it('is never cached, changed on its way or answered with 304', async () => {
    await using at = await withEvents(1);
    await using stream = await openStream(at.url, { headers: { 'if-none-match': '*' } });
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('etag')).toBeNull();
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const list = await fetch(at.url, { headers: { 'if-none-match': '*' } });
    expect([list.status, list.headers.get('etag'), list.headers.get('cache-control')]).toEqual([
      200,
      null,
      'no-store',
    ]);
  });

  it('is forgotten when its client goes', async () => {
    await using at = await withEvents(1);
    {
      await using stream = await openStream(at.url);
      await stream.until((all) => offsetsOf(all).length === 1);
      expect(at.server.log.followers(at.id)).toBe(1);
    }
    await expect.poll(() => at.server.log.followers(at.id)).toBe(0);
    await expect
      .poll(async () => (await at.server.http().get('/metrics')).text)
      .toContain('colloquy_streams_open 0');
  });
});

describe('Accept', () => {
  it.each([
    ['text/event-stream', 'text/event-stream'],
    ['text/event-stream, application/json;q=0.5', 'text/event-stream'],
    ['text/event-stream;q=0.1, */*', 'application/json'],
    ['application/json, text/event-stream', 'application/json'],
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'application/json'],
    ['nonsense', 'application/json'],
  ])('%s gets %s', async (accept, type) => {
    await using at = await withEvents(1);
    const leave = new AbortController();
    const response = await fetch(at.url, { headers: { accept }, signal: leave.signal });
    expect(response.headers.get('content-type')).toMatch(type);
    leave.abort();
  });
});

describe('EventSource', () => {
  it('sees every event once through a restart of the server', async () => {
    await using at = await withEvents(3);
    using follower = followWithEventSource(`${at.url}?user=ann`);
    await expect.poll(() => follower.offsets.length).toBe(3);
    await at.server.restart();
    await append(at.server, at.id, 9);
    await expect.poll(() => follower.offsets.length, { timeout: 10_000 }).toBe(12);
    expect(follower.offsets).toEqual(range(0, 12));
  });
});

describe('a slow reader', () => {
  it('costs little, delays nobody, is cut, and gets everything when it comes back', async () => {
    await using at = await withEvents(1, { stalledAfterMs: 3_000 });
    const { port } = new URL(at.url);
    const slow = connect(Number(port), '127.0.0.1').pause();
    slow.write(
      `GET ${new URL(at.url).pathname} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`,
    );
    slow.on('error', () => {});
    await using fast = await openStream(at.url);
    await expect.poll(() => at.server.log.followers(at.id)).toBe(2);

    const before = heldMemory();
    const text = 'x'.repeat(50_000);
    let seen = 0;
    for (let n = 0; n < 400; n++) {
      await append(at.server, at.id, 1, text);
      // What the fast reader holds is the test's own; it is not what is measured.
      seen += fast.frames.length;
      (fast.frames as unknown[]).length = 0;
    }
    await expect.poll(() => seen + fast.frames.length, { timeout: 10_000 }).toBeGreaterThan(400);
    expect(at.server.log.followers(at.id)).toBe(2);
    (fast.frames as unknown[]).length = 0;
    expect(heldMemory() - before).toBeLessThan(16 * 1024 * 1024);

    await expect.poll(() => at.server.log.followers(at.id), { timeout: 15_000 }).toBe(1);
    slow.destroy();
    await using again = await openStream(at.url, { headers: { 'last-event-id': '0' } });
    expect(offsetsOf(await again.until((all) => offsetsOf(all).length === 400))).toEqual(range(1, 401));
  }, 40_000);

  it('is not cut as long as it goes on reading', async () => {
    await using at = await withEvents(1, { stalledAfterMs: 1_000 });
    await append(at.server, at.id, 60, 'x'.repeat(100_000));
    const slow = connect(Number(new URL(at.url).port), '127.0.0.1');
    slow.write(
      `GET ${new URL(at.url).pathname} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`,
    );
    let received = '';
    slow.on('data', (bytes) => {
      received += String(bytes);
      slow.pause();
      setTimeout(() => slow.resume(), 5);
    });
    await expect.poll(() => received.includes('id: 60\n'), { timeout: 20_000 }).toBe(true);
    slow.destroy();
    await once(slow, 'close');
  }, 30_000);
});

describe("Parlant's event stream", () => {
  it('wins over Accept, and sends events only, without names', async () => {
    await using at = await withEvents(2);
    await using stream = await openStream(`${at.url}?sse=true&min_offset=0`);
    await at.server.say(at.id, 'hello');
    const frames = await stream.until((all) => all.length === 7);
    expect(frames.map(({ event }) => event)).toEqual(Array.from({ length: 7 }, () => 'message'));
    expect(frames.map(({ data }) => (data as SessionEvent).offset)).toEqual(range(0, 7));
  });

  it('ends after so much silence, at once with 0', async () => {
    await using at = await withEvents(2);
    for (const wait of [0, 1]) {
      await using stream = await openStream(`${at.url}?sse=true&wait_for_data=${wait}`);
      await stream.ended;
      expect(stream.response.status).toBe(200);
      expect(offsetsOf(stream.frames)).toEqual([0, 1]);
    }
  });
});

describe('streams of one customer', () => {
  it('are limited, waiting polls included; another customer and operators have room', async () => {
    await using at = await withEvents(1, { settings: { streamsPerCustomer: 2 } });
    const other = await at.server.session('bob');
    const stream = await openStream(`${at.url}?user=ann`);
    const leave = new AbortController();
    const poll = fetch(`${at.url}?user=ann&min_offset=9`, { signal: leave.signal });
    await expect.poll(() => at.server.log.followers(at.id)).toBe(2);
    const third = await fetch(`${at.url}?user=ann`, { headers: { accept: 'text/event-stream' } });
    expect(third.status).toBe(429);
    expect(await third.json()).toMatchObject({ code: 'TOO_MANY_STREAMS' });
    await using ofBob = await openStream(`${at.server.url}/sessions/${other}/events?user=bob`);
    await using ofOperator = await openStream(at.url);
    expect([ofBob.response.status, ofOperator.response.status]).toEqual([200, 200]);
    await stream[Symbol.asyncDispose]();
    leave.abort();
    await expect(poll).rejects.toThrow('aborted');
    await expect
      .poll(async () => {
        await using again = await openStream(`${at.url}?user=ann`);
        return again.response.status;
      })
      .toBe(200);
  });
});

describe('a client that leaves before its stream begins', () => {
  it.each(['text/event-stream', 'application/json'])('leaves nothing behind (%s)', async (accept) => {
    await using at = await withEvents(0, { settings: { streamsPerCustomer: 1 } });
    const { sessions } = at.server;
    const get = sessions.get.bind(sessions);
    const lookUp = Promise.withResolvers<void>();
    let asked = 0;
    Object.assign(sessions, {
      async get(id: string) {
        asked++;
        await lookUp.promise;
        return get(id);
      },
    });
    const leave = new AbortController();
    const request = fetch(`${at.url}?user=ann`, { headers: { accept }, signal: leave.signal });
    await expect.poll(() => asked).toBe(1);
    leave.abort();
    await expect(request).rejects.toThrow('aborted');
    await expect.poll(() => at.server.logged.some((line) => line.includes('/events'))).toBe(true);
    lookUp.resolve();
    Object.assign(sessions, { get });
    await using next = await openStream(`${at.url}?user=ann`);
    expect(next.response.status).toBe(200);
    await next.until((frames) => frames.length === 1);
    expect(at.server.log.followers(at.id)).toBe(1);
  });
});

describe('a shutdown', () => {
  it('tells every stream when to come back, ends it, and ends waiting polls', async () => {
    await using at = await withEvents(1);
    await using stream = await openStream(at.url);
    await stream.until((all) => offsetsOf(all).length === 1);
    const poll = fetch(`${at.url}?min_offset=9`);
    await expect.poll(() => at.server.log.followers(at.id)).toBe(2);
    await at.server.stop();
    await stream.ended;
    expect(stream.retryMs).toBe(1_000);
    const answer = await poll;
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
