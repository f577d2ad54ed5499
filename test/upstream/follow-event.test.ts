import { describe, expect, it } from 'vitest';
import type { FollowOutcome } from '../../src/upstream/upstream.ts';
import { messageOf } from '../support/parlant-events.ts';
import type { Fault } from '../support/parlant-faults.ts';
import { brief, type Place, startUpstream } from './support.ts';

/** Follows in the background; what came so far is in `seen`. */
function follow({ upstream, sessionId, signal }: Place, eventId: string) {
  const seen: string[] = [];
  const ended = (async () => {
    for await (const outcome of upstream.followEvent({ sessionId, eventId, signal }))
      seen.push(tell(outcome));
  })();
  return { seen, ended };
}

function tell(outcome: FollowOutcome): string {
  if (outcome.kind !== 'snapshot') return brief(outcome);
  const { message } = outcome.event.data as { message: string }; // a message event
  return outcome.complete ? `${message}.` : message;
}

describe('a streamed message', () => {
  it('is followed as it grows, to its end', async () => {
    await using place = await startUpstream();
    const { server, sessionId } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'Once' });
    const { seen, ended } = follow(place, message.event.id);
    await expect.poll(() => seen).toEqual(['Once']);
    message.add(' upon');
    await expect.poll(() => seen).toEqual(['Once', 'Once upon']);
    message.add(' a time – 🦉');
    message.end();
    await ended;
    expect(seen.at(-1)).toBe('Once upon a time – 🦉.');
    expect(server.requests).toMatchObject([
      { headers: { accept: 'text/event-stream' }, query: expect.anything(), kind: 'readEvent' },
    ]);
    await expect.poll(() => place.upstream.counts().waiting).toBe(0);
  });

  it('is heard of once by a poll, with its first piece', async () => {
    await using place = await startUpstream();
    const { server, poll, sessionId } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'Once' });
    expect(await poll(sessionId)).toMatchObject({ events: [{ data: { chunks: ['Once'] } }] });
    const next = poll(sessionId, 1);
    await expect.poll(() => server.waiting).toBe(1);
    message.add(' more');
    message.end();
    server.expire();
    expect(brief(await next)).toBe('timeout');
  });

  it('that is complete, or was never streamed, is one snapshot', async () => {
    await using place = await startUpstream();
    const { server, sessionId } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'All' });
    message.end();
    const plain = server.emit(sessionId, messageOf('t', 'Plain'));
    for (const [{ id }, text] of [[message.event, 'All.'] as const, [plain, 'Plain.'] as const]) {
      const { seen, ended } = follow(place, id);
      await ended;
      expect(seen).toEqual([text]);
    }
  });

  it.each([{ cut: true }, { cut: false }])(
    'is asked for again when its stream ends too soon: %j',
    async (how) => {
      await using place = await startUpstream();
      const { server, sessionId } = place;
      const message = server.stream(sessionId, { trace: 't', first: 'Once' });
      const { seen, ended } = follow(place, message.event.id);
      await expect.poll(() => seen).toEqual(['Once']);
      server.endStreams(how);
      await expect.poll(() => server.requests.length).toBe(2);
      await expect.poll(() => server.streams).toBe(1);
      message.add(' upon');
      await expect.poll(() => seen).toEqual(['Once', 'Once upon']);
      message.end();
      await ended;
      expect(seen).toEqual(['Once', 'Once upon', 'Once upon.']);
    },
  );

  it('is given up when asking again brings nothing new at once', async () => {
    await using place = await startUpstream();
    const { server, sessionId } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'Once' });
    const { seen, ended } = follow(place, message.event.id);
    await expect.poll(() => seen).toEqual(['Once']);
    server.fail('readEvent', { kind: 'cut' });
    server.endStreams();
    await ended;
    expect(seen).toEqual(['Once', 'failed UPSTREAM_CUT']);
    expect(server.requests).toHaveLength(2);
  });

  it('that is missing breaks off before it begins', async () => {
    await using place = await startUpstream();
    const { seen, ended } = follow(place, 'nothing');
    await ended;
    expect(seen).toEqual(['failed UPSTREAM_CUT']);
  });

  const cases: readonly (readonly [string, Fault, string])[] = [
    ['404', { kind: 'status', status: 404 }, 'gone UPSTREAM_GONE'],
    ['403', { kind: 'status', status: 403 }, 'refused UPSTREAM_FORBIDDEN'],
    ['500', { kind: 'status', status: 500 }, 'failed UPSTREAM_FAILED'],
    ['a reset', { kind: 'resetBefore' }, 'failed UPSTREAM_RESET'],
    ['no event', { kind: 'text', text: 'data: {}\n\n' }, 'failed UPSTREAM_GARBAGE'],
    ['no JSON', { kind: 'text', text: 'data: <html>\n\n' }, 'failed UPSTREAM_GARBAGE'],
    ['no stream', { kind: 'text', text: '<html>' }, 'failed UPSTREAM_CUT'],
    [
      'a frame without end',
      { kind: 'text', text: `data: ${'x'.repeat(2_000)}` },
      'failed UPSTREAM_TOO_LARGE',
    ],
  ];

  it.each(cases)('cannot be followed: %s', async (_, fault, expected) => {
    await using place = await startUpstream({ maxAnswerBytes: 1_500 });
    const { server, sessionId } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'Once' });
    server.fail('readEvent', fault);
    const { seen, ended } = follow(place, message.event.id);
    await ended;
    expect(seen).toEqual([expected]);
    await expect.poll(() => place.upstream.counts().waiting).toBe(0);
  });

  it('is let go of when nobody follows it any more', async () => {
    await using place = await startUpstream();
    const { server, upstream, signal, sessionId } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'Once' });
    for await (const outcome of upstream.followEvent({ sessionId, eventId: message.event.id, signal })) {
      expect(tell(outcome)).toBe('Once');
      break;
    }
    await expect.poll(() => server.streams).toBe(0);
    expect(upstream.counts().waiting).toBe(0);
  });

  it('is let go of at once when its signal fires, with the signal’s reason', async () => {
    await using place = await startUpstream();
    const { server, sessionId, abort, upstream } = place;
    const message = server.stream(sessionId, { trace: 't', first: 'Once' });
    const { seen, ended } = follow(place, message.event.id);
    await expect.poll(() => seen).toEqual(['Once']);
    abort('enough');
    await expect(ended).rejects.toBe('enough');
    await expect.poll(() => server.streams).toBe(0);
    expect(upstream.counts().waiting).toBe(0);
  });
});
