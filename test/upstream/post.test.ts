import { describe, expect, it } from 'vitest';
import { createParlantUpstream } from '../../src/upstream/parlant-upstream.ts';
import type { PostOutcome } from '../../src/upstream/upstream.ts';
import type { Fault } from '../support/parlant-faults.ts';
import { brief, startUpstream } from './support.ts';

describe('a session upstream', () => {
  it('is made for an agent and a customer', async () => {
    await using place = await startUpstream();
    const { upstream, server, signal } = place;
    const outcome = await upstream.createSession({
      agentId: 'research',
      customerId: 'ann',
      title: 'A talk',
      metadata: { colloquy_session_id: 'ours' },
      signal,
    });
    expect(outcome).toEqual({ kind: 'created', sessionId: server.sessionIds().at(-1) });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/sessions',
        headers: { 'content-type': 'application/json' },
        body: {
          agent_id: 'research',
          customer_id: 'ann',
          title: 'A talk',
          metadata: { colloquy_session_id: 'ours' },
        },
      },
    ]);
  });

  it('belongs to nobody in particular when nobody is named', async () => {
    await using place = await startUpstream();
    const { upstream, server, signal } = place;
    expect(brief(await upstream.createSession({ agentId: 'a', signal }))).toBe('created');
    expect(server.requests[0]?.body).toEqual({ agent_id: 'a' });
  });

  const cases: readonly (readonly [string, Fault, string])[] = [
    ['an agent that is not there', { kind: 'status', status: 404 }, 'refused UPSTREAM_AGENT_UNKNOWN'],
    ['no permission', { kind: 'status', status: 403 }, 'refused UPSTREAM_FORBIDDEN'],
    ['a title that is too long', { kind: 'status', status: 422 }, 'refused UPSTREAM_REJECTED'],
    ['too many', { kind: 'status', status: 429 }, 'failed UPSTREAM_BUSY'],
    ['a failure', { kind: 'status', status: 500 }, 'failed UPSTREAM_FAILED'],
    ['a gateway that ran out of time', { kind: 'status', status: 504 }, 'failed UPSTREAM_FAILED'],
    ['a reset', { kind: 'resetAfter' }, 'failed UPSTREAM_RESET'],
    ['a session without an id', { kind: 'text', text: '{}' }, 'failed UPSTREAM_GARBAGE'],
  ];

  it.each(cases)('is not made: %s', async (_, fault, expected) => {
    await using place = await startUpstream();
    const { upstream, server, signal } = place;
    server.fail('createSession', fault);
    expect(brief(await upstream.createSession({ agentId: 'a', signal }))).toBe(expected);
    expect(brief(await upstream.createSession({ agentId: 'a', signal }))).toBe('created');
  });
});

describe('a message', () => {
  it('is posted with the id of our event, and answered with upstream’s event', async () => {
    await using place = await startUpstream();
    const { server, upstream, signal, sessionId } = place;
    const outcome = await upstream.postMessage({
      sessionId,
      text: 'Hello – “you”',
      participant: { id: 'ann', display_name: 'Ann' },
      metadata: { colloquy_event_id: 'pK7xQ2mA9d', more: 1 },
      signal,
    });
    const [stored] = server.events(sessionId);
    expect(outcome).toMatchObject({
      kind: 'posted',
      event: { id: stored?.id, offset: 0, trace_id: stored?.trace_id, data: { message: 'Hello – “you”' } },
    });
    expect(server.requests).toMatchObject([
      { path: `/sessions/${sessionId}/events`, headers: { 'idempotency-key': 'pK7xQ2mA9d' } },
    ]);
    expect(server.posts()).toEqual([
      {
        kind: 'message',
        source: 'customer',
        message: 'Hello – “you”',
        participant: { id: 'ann', display_name: 'Ann' },
        metadata: { colloquy_event_id: 'pK7xQ2mA9d', more: 1 },
      },
    ]);
  });

  /** What was said of it, and whether the server has it. */
  const cases: readonly (readonly [string, Fault, string, boolean])[] = [
    ['a reset before it was read', { kind: 'resetBefore' }, 'doubtful UPSTREAM_RESET', false],
    ['a reset after it was stored', { kind: 'resetAfter' }, 'doubtful UPSTREAM_RESET', true],
    ['an answer that is cut', { kind: 'cut' }, 'doubtful UPSTREAM_CUT', true],
    ['an answer that trickles', { kind: 'trickle' }, 'doubtful UPSTREAM_TIMEOUT', true],
    ['no answer', { kind: 'silence' }, 'doubtful UPSTREAM_TIMEOUT', true],
    ['an answer that is none', { kind: 'text', text: 'created' }, 'doubtful UPSTREAM_GARBAGE', false],
    ['500', { kind: 'status', status: 500 }, 'doubtful UPSTREAM_FAILED', false],
    ['503', { kind: 'status', status: 503, body: '' }, 'doubtful UPSTREAM_FAILED', false],
    ['504', { kind: 'status', status: 504 }, 'doubtful UPSTREAM_FAILED', false],
    ['408', { kind: 'status', status: 408 }, 'doubtful UPSTREAM_BUSY', false],
    ['307', { kind: 'status', status: 307 }, 'doubtful UPSTREAM_REDIRECTED', false],
    ['429', { kind: 'status', status: 429 }, 'busy UPSTREAM_BUSY', false],
    ['401', { kind: 'status', status: 401 }, 'refused UPSTREAM_FORBIDDEN', false],
    ['403', { kind: 'status', status: 403 }, 'refused UPSTREAM_FORBIDDEN', false],
    ['413', { kind: 'status', status: 413 }, 'refused UPSTREAM_REJECTED', false],
    ['422', { kind: 'status', status: 422 }, 'refused UPSTREAM_REJECTED', false],
    ['404', { kind: 'status', status: 404 }, 'gone UPSTREAM_GONE', false],
  ];

  it.each(cases)('is posted once, whatever happens to it: %s', async (_, fault, expected, isStored) => {
    await using place = await startUpstream({ commandTimeoutMs: 1_000, bodyTimeoutMs: 400 });
    const { server, post, find, sessionId } = place;
    server.fail('post', fault);
    expect(brief(await post(sessionId))).toBe(expected);
    expect(server.posts()).toHaveLength(1);
    expect(brief(await find(sessionId))).toBe(isStored ? 'found' : 'none');
  });

  it('surely was not sent when the server refuses connections', async () => {
    await using place = await startUpstream();
    await place.server.stop();
    expect(brief(await place.post(place.sessionId))).toBe('notSent UPSTREAM_UNREACHABLE');
  });

  it('surely was not sent when the server has no address', async () => {
    expect(brief(await postTo('http://nowhere.invalid'))).toBe('notSent UPSTREAM_UNREACHABLE');
  });

  it('surely was not sent when the server does not speak TLS', async () => {
    await using place = await startUpstream();
    const outcome = await postTo(place.server.url.replace('http:', 'https:'));
    expect(brief(outcome)).toBe('notSent UPSTREAM_UNREACHABLE');
  });

  it('is in doubt when the connection it reuses turns out to be dead', async () => {
    await using place = await startUpstream({ commandConnections: 1 });
    const { server, post, find, sessionId } = place;
    expect(brief(await post(sessionId, 'One', 'one'))).toBe('posted');
    server.fail('post', { kind: 'resetBefore' });
    expect(brief(await post(sessionId, 'Two', 'two'))).toBe('doubtful UPSTREAM_RESET');
    expect(server.connections).toBe(1);
    expect(brief(await find(sessionId, 'two'))).toBe('none');
  });
});

describe('looking for what was posted', () => {
  it('tells two messages with the same text apart', async () => {
    await using place = await startUpstream();
    const { server, post, find, sessionId } = place;
    await post(sessionId, 'Yes', 'first');
    await post(sessionId, 'Yes', 'second');
    const [first, second] = server.events(sessionId).filter(({ kind }) => kind === 'message');
    expect(await find(sessionId, 'first')).toMatchObject({ kind: 'found', event: { id: first?.id } });
    expect(await find(sessionId, 'second')).toMatchObject({ kind: 'found', event: { id: second?.id } });
    expect(brief(await find(sessionId, 'third'))).toBe('none');
  });

  it('asks without waiting, from an offset on', async () => {
    await using place = await startUpstream();
    const { server, upstream, post, signal, sessionId } = place;
    await post(sessionId);
    const find = (minOffset: number) =>
      upstream.findPosted({ sessionId, colloquyEventId: 'ours', minOffset, signal });
    expect(brief(await find(0))).toBe('found');
    expect(brief(await find(1))).toBe('none');
    expect(server.requests.at(-1)?.path).toBe(
      `/sessions/${sessionId}/events?min_offset=1&wait_for_data=0&source=customer&kinds=message`,
    );
  });

  it('fails as anything does', async () => {
    await using place = await startUpstream();
    const { server, find, sessionId } = place;
    server.fail('list', { kind: 'status', status: 500 });
    expect(brief(await find(sessionId))).toBe('failed UPSTREAM_FAILED');
    server.fail('list', { kind: 'status', status: 403 });
    expect(brief(await find(sessionId))).toBe('refused UPSTREAM_FORBIDDEN');
    server.fail('list', { kind: 'text', text: '[7]' });
    expect(brief(await find(sessionId))).toBe('failed UPSTREAM_GARBAGE');
    expect(brief(await find('nobody'))).toBe('gone UPSTREAM_GONE');
  });
});

async function postTo(url: string): Promise<PostOutcome> {
  const upstream = createParlantUpstream({ url, connectTimeoutMs: 2_000 });
  try {
    return await upstream.postMessage({
      sessionId: 's',
      text: 'Hello',
      metadata: { colloquy_event_id: 'ours' },
      signal: new AbortController().signal,
    });
  } finally {
    await upstream.close();
  }
}
