import { describe, expect, it } from 'vitest';
import type { PollOutcome } from '../../src/upstream/upstream.ts';
import { messageOf, readyOf, statusOf, type WireEvent } from '../support/parlant-events.ts';
import type { Fault } from '../support/parlant-faults.ts';
import { brief, startUpstream } from './support.ts';

const offsets = (outcome: PollOutcome): unknown =>
  outcome.kind === 'events' ? outcome.events.map(({ offset }) => offset) : outcome;

describe('a poll', () => {
  it('brings the whole backlog at once, and the offset to go on from', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    server.tellTurn(sessionId, { messages: ['One.', 'Two.'], preamble: 'Well,', tools: [{ found: 1 }] });
    const outcome = await poll(sessionId);
    expect(outcome).toMatchObject({ kind: 'events', nextOffset: server.events(sessionId).length });
    expect(outcome.kind === 'events' && outcome.events.map(({ kind }) => kind)).toEqual(
      server.events(sessionId).map(({ kind }) => kind),
    );
  });

  it('waits, and hears of a message as soon as there is one', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    const outcome = poll(sessionId);
    await expect.poll(() => server.waiting).toBe(1);
    const said = server.emit(sessionId, {
      ...messageOf('t1', 'Good morning'),
      metadata: { from: 'somewhere' },
    });
    const { correlation_id: _, ...event } = said;
    expect(await outcome).toEqual({ kind: 'events', events: [event], nextOffset: 1 });
  });

  it('hears what people and tools say, and words that it does not know', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    server.emitAll(sessionId, [
      { ...messageOf('t', 'A person here'), source: 'human_agent' },
      { kind: 'custom', source: 'customer_ui', trace_id: 't', data: { cart: [1] } },
      statusOf('t', 'pondering', { stage: 'Deeply' }),
      { kind: 'status', trace_id: 't', data: { status: 'ready', data: null, extra: true } },
      { kind: 'hologram', source: 'machine_room', trace_id: 't', data: 7 },
      { ...messageOf('t', 'More', { draft: 'Moer', mood: 'fine' }), metadata: { a: [null] } },
    ]);
    const outcome = await poll(sessionId);
    expect(outcome).toMatchObject({
      events: server
        .events(sessionId)
        .map(({ kind, source, data, metadata }) => ({ kind, source, data, metadata })),
    });
  });

  it('asks for what is there now when it may not wait', async () => {
    await using place = await startUpstream();
    expect(await place.poll(place.sessionId, 0, 0)).toEqual({ kind: 'timeout', early: false });
    expect(place.server.requests[0]?.query.get('wait_for_data')).toBe('0');
  });

  it('names the program and asks for exactly what it needs', async () => {
    await using place = await startUpstream({ headers: { authorization: 'Bearer sesame' } });
    await place.poll(place.sessionId, 4, 0);
    expect(place.server.requests).toMatchObject([
      {
        method: 'GET',
        path: `/sessions/${place.sessionId}/events?min_offset=4&wait_for_data=0`,
        headers: {
          'user-agent': expect.stringMatching(/^colloquy\/\d/),
          authorization: 'Bearer sesame',
          connection: 'keep-alive',
        },
      },
    ]);
  });

  it('takes an end of the wait for no news, whoever ends it', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    const waited = poll(sessionId);
    await expect.poll(() => server.waiting).toBe(1);
    server.expire();
    expect(brief(await waited)).toBe('timeout');
    server.fail('poll', {
      kind: 'status',
      status: 504,
      body: '<h1>Gateway time-out</h1>',
      contentType: 'text/html',
    });
    expect(await poll(sessionId)).toEqual({ kind: 'timeout', early: true });
    server.fail('poll', { kind: 'text', text: '[]' });
    expect(await poll(sessionId)).toEqual({ kind: 'timeout', early: true });
  });
});

describe('the list that a poll brings', () => {
  const changed = async (change: (events: readonly WireEvent[]) => unknown, minOffset = 0) => {
    await using place = await startUpstream();
    place.server.tellTurn(place.sessionId, { messages: ['One.'] });
    place.server.fail('poll', { kind: 'list', change });
    return await place.poll(place.sessionId, minOffset);
  };

  it('is put in the order of offsets', async () => {
    const outcome = await changed((events) => events.toReversed());
    expect(offsets(outcome)).toEqual([0, 1, 2, 3, 4]);
    expect(outcome).toMatchObject({ nextOffset: 5 });
  });

  it('has every offset once', async () => {
    expect(offsets(await changed((events) => [...events, ...events]))).toEqual([0, 1, 2, 3, 4]);
  });

  it('has nothing that was seen before', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    server.tellTurn(sessionId, { messages: ['One.'] });
    server.fail('poll', { kind: 'list', change: () => server.events(sessionId) });
    expect(offsets(await poll(sessionId, 3))).toEqual([3, 4]);
  });

  it('is no news when all of it was seen before', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    server.tellTurn(sessionId, { messages: ['One.'] });
    server.fail('poll', {
      kind: 'list',
      change: (events) => events.map((event) => ({ ...event, offset: 1 })),
    });
    expect(await poll(sessionId, 3)).toEqual({ kind: 'timeout', early: true });
  });

  it('may have gaps, where events were deleted', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    server.emit(sessionId, messageOf('a', 'Kept'));
    server.emit(sessionId, messageOf('b', 'Deleted'));
    server.removeEvents(sessionId, 1);
    server.emit(sessionId, messageOf('c', 'After'));
    const outcome = await poll(sessionId);
    expect(offsets(outcome)).toEqual([0, 2]);
    expect(outcome).toMatchObject({ nextOffset: 3 });
  });

  it('has the trace alone, without what older servers append to it or call it', async () => {
    const traceOf = async (change: (event: WireEvent) => object) => {
      const outcome = await changed((events) => events.map(change));
      return outcome.kind === 'events' ? outcome.events[0]?.trace_id : outcome;
    };
    expect(await traceOf((event) => ({ ...event, trace_id: 'abc::process' }))).toBe('abc');
    expect(
      await traceOf((event) => ({ ...event, trace_id: undefined, correlation_id: 'def::process' })),
    ).toBe('def');
  });
});

describe('a poll that fails', () => {
  const cases: readonly (readonly [string, Fault, string])[] = [
    ['500', { kind: 'status', status: 500, body: 'Internal Server Error' }, 'failed UPSTREAM_FAILED'],
    ['502', { kind: 'status', status: 502, body: '' }, 'failed UPSTREAM_FAILED'],
    ['503', { kind: 'status', status: 503, body: '' }, 'failed UPSTREAM_FAILED'],
    ['429', { kind: 'status', status: 429 }, 'failed UPSTREAM_BUSY'],
    ['408', { kind: 'status', status: 408 }, 'failed UPSTREAM_BUSY'],
    ['302', { kind: 'status', status: 302, body: '' }, 'failed UPSTREAM_REDIRECTED'],
    ['401', { kind: 'status', status: 401 }, 'refused UPSTREAM_FORBIDDEN'],
    ['403', { kind: 'status', status: 403 }, 'refused UPSTREAM_FORBIDDEN'],
    ['422', { kind: 'status', status: 422 }, 'refused UPSTREAM_REJECTED'],
    ['404', { kind: 'status', status: 404 }, 'gone UPSTREAM_GONE'],
    ['a reset before the answer', { kind: 'resetBefore' }, 'failed UPSTREAM_RESET'],
    ['a reset instead of the answer', { kind: 'resetAfter' }, 'failed UPSTREAM_RESET'],
    ['an answer that is cut', { kind: 'cut' }, 'failed UPSTREAM_CUT'],
    ['an answer that is cut at its first byte', { kind: 'cut', after: 1 }, 'failed UPSTREAM_CUT'],
    ['an answer that trickles', { kind: 'trickle' }, 'failed UPSTREAM_TIMEOUT'],
    ['silence', { kind: 'silence' }, 'failed UPSTREAM_TIMEOUT'],
    ['something else than HTTP', { kind: 'noHttp' }, 'failed UPSTREAM_GARBAGE'],
    ['something else than JSON', { kind: 'text', text: '<html>' }, 'failed UPSTREAM_GARBAGE'],
    ['half of a JSON', { kind: 'text', text: '[{"id":"a"' }, 'failed UPSTREAM_GARBAGE'],
    ['nothing', { kind: 'text', text: '' }, 'failed UPSTREAM_GARBAGE'],
    ['an object', { kind: 'text', text: '{"items":[]}' }, 'failed UPSTREAM_GARBAGE'],
  ];

  it.each(cases)('tells %s by its code, and the next one works', async (_, fault, expected) => {
    await using place = await startUpstream({ bodyTimeoutMs: 400, graceMs: 50 });
    const { server, poll, sessionId } = place;
    server.tellTurn(sessionId, { messages: ['One.'] });
    server.fail('poll', fault);
    const outcome = await poll(sessionId, 2, 1);
    expect(brief(outcome)).toBe(expected);
    expect('error' in outcome && outcome.error.message).toContain(`GET /sessions/${sessionId}/events: `);
    expect(offsets(await poll(sessionId, 2, 1))).toEqual([2, 3, 4]);
    expect(server.polls()).toEqual([2, 2]);
  });

  const event = {
    id: 'e',
    source: 'ai_agent',
    kind: 'message',
    offset: 0,
    creation_utc: 'now',
    trace_id: 't',
  };
  const shapes: readonly (readonly [string, unknown])[] = [
    ['a message without text', { ...event, data: {} }],
    ['a message without data', event],
    ['a text that is none', { ...event, data: { message: 7 } }],
    ['chunks that are no list', { ...event, data: { message: '', chunks: 'a' } }],
    ['a status without one', { ...event, kind: 'status', data: null }],
    ['a tool event without calls', { ...event, kind: 'tool', data: {} }],
    ['an offset that is no number', { ...event, offset: '0', data: { message: '' } }],
    ['an offset below zero', { ...event, offset: -1, data: { message: '' } }],
    ['an offset in between', { ...event, offset: 0.5, data: { message: '' } }],
    ['no id', { ...event, id: '', data: { message: '' } }],
    ['no trace', { ...event, trace_id: undefined, data: { message: '' } }],
    ['metadata that are a list', { ...event, metadata: [], data: { message: '' } }],
    ['no event at all', null],
  ];

  it.each(shapes)('does not believe %s, and does not repeat it', async (_, shape) => {
    await using place = await startUpstream();
    const good = { ...event, offset: 1, data: { message: 'Secret' } };
    place.server.fail('poll', { kind: 'text', text: JSON.stringify([good, shape]) });
    const outcome = await place.poll(place.sessionId);
    expect(brief(outcome)).toBe('failed UPSTREAM_GARBAGE');
    expect(outcome).toMatchObject({ error: { message: expect.stringMatching(/wrong shape at "1[."]/) } });
    expect(JSON.stringify(outcome)).not.toContain('Secret');
  });

  it('says nothing of what a refusal repeats', async () => {
    await using place = await startUpstream();
    place.server.fail('poll', {
      kind: 'status',
      status: 403,
      body: '{"detail":"Authorization failed: HEADERS={cookie: secret}"}',
    });
    expect(JSON.stringify(await place.poll(place.sessionId))).not.toContain('secret');
  });

  it('stops reading an answer that is larger than allowed', async () => {
    await using place = await startUpstream({ maxAnswerBytes: 1_000 });
    place.server.emit(place.sessionId, messageOf('t', 'x'.repeat(2_000)));
    expect(brief(await place.poll(place.sessionId))).toBe('failed UPSTREAM_TOO_LARGE');
  });

  it('is gone when the session is deleted while it waits', async () => {
    await using place = await startUpstream();
    const outcome = place.poll(place.sessionId);
    await expect.poll(() => place.server.waiting).toBe(1);
    place.server.removeSession(place.sessionId);
    expect(brief(await outcome)).toBe('gone UPSTREAM_GONE');
  });

  it('has nobody to ask while the server is down, and goes on when it is back', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    const waiting = poll(sessionId);
    await expect.poll(() => server.waiting).toBe(1);
    await server.stop();
    expect(brief(await waiting)).toBe('failed UPSTREAM_RESET');
    expect(brief(await poll(sessionId))).toBe('failed UPSTREAM_UNREACHABLE');
    await server.start();
    server.emit(sessionId, readyOf('t', 'staged'));
    expect(offsets(await poll(sessionId))).toEqual([0]);
  });
});
