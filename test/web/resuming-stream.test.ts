import { afterEach, describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/web/connection/backoff.ts';
import { type ConnectionState, openStream } from '../../src/web/connection/resuming-stream.ts';
import {
  type Answer,
  brokenStream,
  frame,
  refusal,
  scriptedStreams,
  stream,
} from '../support/web/scripted-streams.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A stream from a server that answers so, without the pauses before it tries again. */
async function follow(...answers: readonly Answer[]) {
  const server = await scriptedStreams(...answers);
  closing.push(() => server[Symbol.asyncDispose]());
  const read: string[] = [];
  const states: ConnectionState['status'][] = [];
  let state: ConnectionState = { status: 'connecting' };
  let last: string | undefined;
  const opened = openStream({
    url: server.url,
    headers: { 'x-user-id': 'ann' },
    lastEventId: () => last,
    onMessages(messages) {
      read.push(...messages.map(({ data }) => data));
      last = messages.at(-1)?.id ?? last;
    },
    onState(next) {
      state = next;
      states.push(next.status);
      if (next.status === 'retrying') setTimeout(() => opened.nudge());
    },
    leastSilenceMs: 50,
  });
  closing.push(() => opened.close());
  return { server, opened, read, states, state: () => state };
}

describe('a stream that comes back by itself', () => {
  it('says who asks, and from where to go on', async () => {
    const { server, read } = await follow(brokenStream(frame(0, 'a'), frame(1, 'b')), stream(frame(2, 'c')));
    await expect.poll(() => read).toEqual(['a', 'b', 'c']);
    expect(server.asked.map((headers) => [headers['x-user-id'], headers['last-event-id']])).toEqual([
      ['ann', undefined],
      ['ann', '1'],
    ]);
  });

  it('is connecting, open, retrying, and open again', async () => {
    const { states } = await follow(brokenStream(frame(0, 'a')), stream(frame(1, 'b')));
    await expect.poll(() => states).toEqual(['connecting', 'open', 'retrying', 'open']);
  });

  it.each([429, 500, 503])('tries again after a %d', async (status) => {
    const { read } = await follow(refusal(status), stream(frame(0, 'a')));
    await expect.poll(() => read).toEqual(['a']);
  });

  it.each([
    [204, undefined, 'HTTP_204'],
    [404, { code: 'SESSION_NOT_FOUND' }, 'SESSION_NOT_FOUND'],
    [403, undefined, 'HTTP_403'],
  ])('is closed for good by a %d', async (status, body, code) => {
    const { server, state } = await follow(refusal(status, body));
    await expect.poll(state).toEqual({ status: 'closed', code });
    expect(server.asked).toHaveLength(1);
  });

  it('leaves a server that has stopped pinging', async () => {
    const pinging: Answer = (res) => {
      stream(': ping\n\n')(res);
      setTimeout(() => res.write(': ping\n\n'), 5);
    };
    const { read } = await follow(pinging, stream(frame(0, 'a')));
    await expect.poll(() => read).toEqual(['a']);
  });

  it('says nothing more when it was closed', async () => {
    const { opened, states } = await follow(stream(frame(0, 'a')));
    await expect.poll(() => states).toContain('open');
    opened.close();
    expect(states).toEqual(['connecting', 'open']);
  });
});

describe('the pauses before it tries again', () => {
  it('grow from half a second to ten', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((failures) => backoffMs(failures, 0))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
  });

  it('differ, so that clients spread', () => {
    expect([1, 3, 9].map((failures) => backoffMs(failures, 1))).toEqual([500, 1_500, 7_500]);
  });
});
