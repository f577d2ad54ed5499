import { describe, expect, it } from 'vitest';
import { createSlots, type Slotted } from '../../src/web/connection/slots.ts';

/** Streams that note who of them has a connection. */
function streams(slots: { readonly limit: number; readonly turnMs?: number }) {
  const connected = new Set<string>();
  const busy = new Set<string>();
  const make = (name: string, isPinned: boolean): Slotted => ({
    isPinned,
    connect: () => void connected.add(name),
    park: () => void connected.delete(name),
    isQuiet: () => !busy.has(name),
  });
  return {
    slots: createSlots({ turnMs: 60_000, lookMs: 1, ...slots }),
    busy,
    connected: () => [...connected].toSorted(),
    list: (name: string) => make(name, true),
    session: (name: string) => make(name, false),
  };
}

describe('the connections of a page', () => {
  it('go to everybody while there are enough', () => {
    const { slots, connected, list, session } = streams({ limit: 3 });
    for (const stream of [list('list'), session('a'), session('b')]) slots.enter(stream);
    expect(connected()).toEqual(['a', 'b', 'list']);
  });

  it('go to a newcomer from one that is quiet', () => {
    const { slots, connected, busy, session } = streams({ limit: 2 });
    busy.add('a');
    for (const name of ['a', 'b', 'c']) slots.enter(session(name));
    expect(connected()).toEqual(['a', 'c']);
  });

  it('go back to one there is news for', () => {
    const { slots, connected, busy, session } = streams({ limit: 1 });
    const [a, b] = [session('a'), session('b')];
    slots.enter(a);
    slots.enter(b);
    expect(connected()).toEqual(['b']);
    busy.add('a');
    slots.call(a);
    expect(connected()).toEqual(['a']);
  });

  it('are waited for until one of the others is quiet', async () => {
    const { slots, connected, busy, session } = streams({ limit: 1 });
    busy.add('a').add('b');
    slots.enter(session('a'));
    slots.enter(session('b'));
    expect(connected()).toEqual(['a']);
    busy.delete('a');
    await expect.poll(connected).toEqual(['b']);
  });

  it('are taken in turns where nobody is ever quiet', async () => {
    const { slots, connected, busy, session } = streams({ limit: 1, turnMs: 2 });
    busy.add('a').add('b');
    slots.enter(session('a'));
    slots.enter(session('b'));
    await expect.poll(connected, { interval: 1 }).toEqual(['b']);
    await expect.poll(connected, { interval: 1 }).toEqual(['a']);
    slots.sleep();
  });

  it('leave sessions one, however many lists there are', () => {
    const { slots, connected, list, session } = streams({ limit: 2 });
    for (const stream of [list('x'), list('y'), list('z'), session('a')]) slots.enter(stream);
    expect(connected()).toEqual(['a', 'x', 'y', 'z']);
  });

  it('are free again when a stream is left', () => {
    const { slots, connected, busy, session } = streams({ limit: 1 });
    const a = session('a');
    busy.add('a');
    slots.enter(a);
    slots.enter(session('b'));
    slots.leave(a);
    expect(connected()).toEqual(['b']);
  });

  it('are all given up in sleep, and taken again on waking', () => {
    const { slots, connected, list, session } = streams({ limit: 3 });
    slots.enter(list('list'));
    slots.enter(session('a'));
    slots.sleep();
    expect(connected()).toEqual([]);
    slots.enter(session('b'));
    expect(connected()).toEqual([]);
    slots.wake();
    expect(connected()).toEqual(['a', 'b', 'list']);
  });
});
