import dns from 'node:dns';
import { getEventListeners, once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createParlantUpstream } from '../../src/upstream/parlant-upstream.ts';
import type { PollOutcome, UpstreamError } from '../../src/upstream/upstream.ts';
import { messageOf } from '../support/parlant-events.ts';
import { brief, startUpstream } from './support.ts';

type Outcome = { readonly kind: string; readonly error?: UpstreamError };

/** The text of the only message that a poll brought. */
function textOf(outcome: PollOutcome): unknown {
  if (outcome.kind !== 'events') return brief(outcome);
  const [event] = outcome.events;
  return (event?.data as { message: string } | undefined)?.message; // a message event
}

describe('connections', () => {
  it('are used again: a hundred polls one after the other have one', async () => {
    await using place = await startUpstream();
    const { server, upstream, poll, sessionId } = place;
    for (let offset = 0; offset < 100; offset += 1) {
      server.emit(sessionId, messageOf('t', `No. ${offset}`));
      expect(await poll(sessionId, offset)).toMatchObject({ nextOffset: offset + 1 });
    }
    expect(server.connections).toBe(1);
    expect(upstream.counts()).toEqual({ waiting: 0, idle: 1, queued: 0 });
  });

  it('are used again by another session’s poll', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    await poll(sessionId, 0, 0);
    await poll(server.createSession(), 0, 0);
    expect(server.connections).toBe(1);
  });

  it('are as many as polls that wait', async () => {
    await using place = await startUpstream();
    const { server, upstream, poll } = place;
    const polls = Array.from({ length: 20 }, () => poll(server.createSession()));
    await expect.poll(() => server.waiting).toBe(20);
    expect(server.connections).toBe(20);
    expect(upstream.counts()).toEqual({ waiting: 20, idle: 0, queued: 0 });
    server.expire();
    expect((await Promise.all(polls)).map(brief)).toEqual(polls.map(() => 'timeout'));
    expect(upstream.counts()).toEqual({ waiting: 0, idle: 20, queued: 0 });
  });

  it('are bounded for commands, and never taken by what waits', async () => {
    await using place = await startUpstream({ commandConnections: 2 });
    const { server, upstream, poll, post, sessionId } = place;
    const waiting = poll(sessionId);
    await expect.poll(() => server.waiting).toBe(1);
    const sessions = Array.from({ length: 10 }, () => server.createSession());
    const posts = await Promise.all(sessions.map((id) => post(id, 'Hello', id)));
    expect(posts.map(brief)).toEqual(posts.map(() => 'posted'));
    expect(server.connections).toBe(3);
    server.expire();
    await waiting;
    expect(upstream.counts().queued).toBe(0);
  });

  it('are given up with what they were in the middle of', async () => {
    await using place = await startUpstream({ bodyTimeoutMs: 400 });
    const { server, upstream, poll, sessionId } = place;
    server.emit(sessionId, messageOf('t', 'Hello'));
    server.fail('poll', { kind: 'trickle' });
    expect(brief(await poll(sessionId))).toBe('failed UPSTREAM_TIMEOUT');
    expect(upstream.counts()).toEqual({ waiting: 0, idle: 0, queued: 0 });
    expect(brief(await poll(sessionId))).toBe('events');
    expect(server.connections).toBe(2);
  });

  it('that the server has ended are forgotten', async () => {
    await using place = await startUpstream();
    const { server, upstream, poll, sessionId } = place;
    await poll(sessionId, 0, 0);
    expect(upstream.counts().idle).toBe(1);
    await server.stop();
    await expect.poll(() => upstream.counts().idle).toBe(0);
  });

  it('leave nothing on a signal that lives long', async () => {
    await using place = await startUpstream();
    const { server, poll, post, find, signal, sessionId } = place;
    for (let n = 0; n < 20; n += 1) {
      await poll(sessionId, 0, 0);
      await post(sessionId, 'Hello', `m${n}`);
      await find(sessionId, `m${n}`);
      server.fail('poll', { kind: 'resetBefore' });
      await poll(sessionId);
    }
    await expect.poll(() => getEventListeners(signal, 'abort').length).toBe(0);
  });

  it('that never get through are given up', async () => {
    const deaf = createTcpServer().listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const { port } = deaf.address() as { port: number }; // listening on TCP
    const upstream = createParlantUpstream({ url: `https://127.0.0.1:${port}`, connectTimeoutMs: 100 });
    const { signal } = new AbortController();
    expect(brief(await upstream.poll({ sessionId: 's', minOffset: 0, waitSeconds: 60, signal }))).toBe(
      'failed UPSTREAM_UNREACHABLE',
    );
    await upstream.close();
    deaf.close();
  });
});

describe('giving up', () => {
  it('ends a waiting poll at once, with the signal’s reason', async () => {
    await using place = await startUpstream();
    const { server, upstream, poll, abort, sessionId } = place;
    const outcome = poll(sessionId);
    await expect.poll(() => server.waiting).toBe(1);
    const reason = new Error('the session is stopped');
    abort(reason);
    await expect(outcome).rejects.toBe(reason);
    await expect.poll(() => server.waiting).toBe(0);
    expect(upstream.counts()).toEqual({ waiting: 0, idle: 0, queued: 0 });
  });

  it('asks for nothing when the signal has fired before', async () => {
    await using place = await startUpstream();
    const { server, upstream, poll, post, find, abort, signal, sessionId } = place;
    abort('over');
    await expect(poll(sessionId)).rejects.toBe('over');
    await expect(post(sessionId)).rejects.toBe('over');
    await expect(find(sessionId)).rejects.toBe('over');
    await expect(upstream.createSession({ agentId: 'a', signal })).rejects.toBe('over');
    await expect(
      upstream.followEvent({ sessionId, eventId: 'e', signal })[Symbol.asyncIterator]().next(),
    ).rejects.toBe('over');
    expect(server.requests).toEqual([]);
  });

  it('ends a command that waits for its answer, or in the middle of one', async () => {
    for (const fault of [{ kind: 'silence' }, { kind: 'trickle' }] as const) {
      await using place = await startUpstream();
      const { server, post, abort, sessionId } = place;
      server.fail('post', fault);
      const outcome = post(sessionId);
      await expect.poll(() => server.posts().length).toBe(1);
      abort('over');
      await expect(outcome).rejects.toBe('over');
    }
  });

  it('ends a poll in the middle of its answer', async () => {
    await using place = await startUpstream();
    const { server, poll, abort, sessionId } = place;
    server.emit(sessionId, messageOf('t', 'Hello'));
    server.fail('poll', { kind: 'trickle' });
    const outcome = poll(sessionId);
    await expect.poll(() => server.polls().length).toBe(1);
    abort('over');
    await expect(outcome).rejects.toBe('over');
  });
});

describe('closing', () => {
  it('ends everything that is under way, and whatever is asked later', async () => {
    await using place = await startUpstream({ commandConnections: 1 });
    const { server, upstream, poll, post, find, signal, sessionId } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'Once' });
    const stream = upstream.followEvent({ sessionId, eventId: message.event.id, signal });
    const followed = stream[Symbol.asyncIterator]();
    await followed.next();
    server.fail('post', { kind: 'silence' });
    const waiting = [poll(sessionId, 100), post(sessionId, 'One', 'one'), post(sessionId, 'Two', 'two')];
    await expect.poll(() => [server.waiting, server.posts().length]).toEqual([1, 1]);
    const next = followed.next();
    await upstream.close();
    expect(await next).toMatchObject({ value: { error: { code: 'UPSTREAM_CLOSED' } } });
    expect((await Promise.all<Outcome>(waiting)).map(brief)).toEqual([
      'failed UPSTREAM_CLOSED',
      'doubtful UPSTREAM_CLOSED',
      'doubtful UPSTREAM_CLOSED',
    ]);
    expect(brief(await poll(sessionId))).toBe('failed UPSTREAM_CLOSED');
    expect(brief(await post(sessionId))).toBe('doubtful UPSTREAM_CLOSED');
    expect(brief(await find(sessionId))).toBe('failed UPSTREAM_CLOSED');
    await upstream.close();
  });
});

describe('the address', () => {
  it.each(['', '/'])('may end with or without a slash: "%s"', async (end) => {
    await using place = await startUpstream();
    const upstream = createParlantUpstream({ url: place.server.url + end });
    const { sessionId, signal } = place;
    expect(brief(await upstream.poll({ sessionId, minOffset: 0, waitSeconds: 0, signal }))).toBe('timeout');
    await upstream.close();
  });

  it.each(['', '/', '//'])('may have a path before the routes: "/tenants/a%s"', async (end) => {
    await using place = await startUpstream({ server: { prefix: '/tenants/a' } });
    const upstream = createParlantUpstream({ url: place.server.url + end });
    const { sessionId, signal, server } = place;
    expect(brief(await upstream.poll({ sessionId, minOffset: 0, waitSeconds: 0, signal }))).toBe('timeout');
    expect(server.requests[0]?.path).toMatch(/^\/tenants\/a\/sessions\//);
    await upstream.close();
  });

  it('may be a name, which is looked up once for all who connect at the same time', async () => {
    await using place = await startUpstream();
    const upstream = createParlantUpstream({ url: place.server.url.replace('127.0.0.1', 'localhost') });
    const { sessionId, signal, server } = place;
    const lookups = vi.spyOn(dns, 'lookup');
    syncBuiltinESMExports();
    const polls = Array.from({ length: 50 }, () =>
      upstream.poll({ sessionId, minOffset: 0, waitSeconds: 0, signal }),
    );
    expect(new Set((await Promise.all(polls)).map(brief))).toEqual(new Set(['timeout']));
    expect(lookups).toHaveBeenCalledTimes(1);
    expect(server.connections).toBe(50);
    await upstream.close();
    lookups.mockRestore();
    syncBuiltinESMExports();
  });

  it.each([
    ['', /no URL/],
    ['localhost:8800', /begins with http/],
    ['not a url', /no URL/],
    ['ftp://example.com', /begins with http/],
    ['http://ann:secret@example.com', /has a user/],
    ['http://example.com/?a=1', /without \? or #/],
    ['http://example.com/#a', /without \? or #/],
  ])('"%s" is none', (url, message) => {
    expect(() => createParlantUpstream({ url })).toThrow(message);
    expect(() => createParlantUpstream({ url })).not.toThrow('secret');
  });

  it('cannot be given headers that are none', () => {
    const headers = { authorization: 'Bearer a\nsecret' };
    const create = () => createParlantUpstream({ url: 'http://example.com', headers });
    expect(create).toThrow(/authorization/);
    expect(create).not.toThrow('secret');
  });

  it('keeps ids that are no path in their place', async () => {
    await using place = await startUpstream();
    expect(brief(await place.poll('../agents?x=/#', 0, 0))).toBe('gone UPSTREAM_GONE');
    expect(place.server.requests[0]).toMatchObject({ kind: 'list', sessionId: '../agents?x=/#' });
  });
});

describe('two thousand polls at once', () => {
  it('all wait, all hear, and all end when told to', async () => {
    await using place = await startUpstream();
    const { server, upstream, poll, abort } = place;
    const sessions = Array.from({ length: 2_000 }, () => server.createSession());
    const first = sessions.map((id) => poll(id));
    await expect.poll(() => server.waiting, { timeout: 15_000 }).toBe(2_000);
    for (const id of sessions) server.emit(id, messageOf('t', id));
    const heard = await Promise.all(first);
    expect(heard.map(textOf)).toEqual(sessions);
    const second = sessions.map((id) => poll(id, 1).catch((reason: unknown) => reason));
    await expect.poll(() => server.waiting, { timeout: 15_000 }).toBe(2_000);
    expect(server.connections).toBe(2_000);
    abort('over');
    expect(new Set(await Promise.all(second))).toEqual(new Set(['over']));
    await expect.poll(() => server.waiting).toBe(0);
    expect(upstream.counts()).toEqual({ waiting: 0, idle: 0, queued: 0 });
  });
});
