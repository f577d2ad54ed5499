import { describe, expect, it } from 'vitest';
import { notShown, type Outgoing } from '../../src/web/state/outbox.ts';
import { answered, asked } from '../support/web/frames.ts';

const outgoing = (key: string, text: string, more: Partial<Outgoing> = {}): Outgoing => ({
  key,
  sessionId: 's',
  text,
  after: 3,
  state: { is: 'sending' },
  eventId: null,
  ...more,
});

const left = (
  outbox: readonly Outgoing[],
  ...frames: readonly { readonly event: Parameters<typeof notShown>[2][number] }[]
) =>
  notShown(
    outbox,
    's',
    frames.map(({ event }) => event),
  ).map(({ key }) => key);

describe('what was said and is not in the log yet', () => {
  it('is shown until its event is there', () => {
    const outbox = [outgoing('a', 'Hello')];
    expect(left(outbox)).toEqual(['a']);
    expect(left(outbox, asked(4, 't', 'Hello'))).toEqual([]);
  });

  it('is known by its id where the server has told it', () => {
    const outbox = [outgoing('a', 'Hello', { eventId: 'event-5' })];
    expect(left(outbox, asked(4, 't', 'Hello'))).toEqual(['a']);
    expect(left(outbox, asked(5, 't', 'Hello'))).toEqual([]);
  });

  it('is not taken for what was said before, or by the agent', () => {
    const outbox = [outgoing('a', 'Hello')];
    expect(left(outbox, asked(2, 't', 'Hello'), answered(4, 't', 'Hello'))).toEqual(['a']);
  });

  it('stands there twice where the same was said twice', () => {
    const outbox = [outgoing('a', 'Yes'), outgoing('b', 'Yes')];
    expect(left(outbox, asked(4, 't', 'Yes'))).toEqual(['b']);
    expect(left(outbox, asked(4, 't', 'Yes'), asked(5, 'u', 'Yes'))).toEqual([]);
  });

  it('belongs to its session alone', () => {
    expect(left([outgoing('a', 'Hello', { sessionId: 'other' })])).toEqual([]);
  });
});
