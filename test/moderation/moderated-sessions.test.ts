import { describe, expect, it } from 'vitest';
import { createModeratedSessions } from '../../src/moderation/moderated-sessions.ts';
import type { Moderated } from '../../src/moderation/moderator.ts';
import type { PostedEvent } from '../../src/session/sessions.ts';
import { createHeldAgent, startRuntime } from '../support/runtime.ts';

const clean: Moderated = { flagged: false, tags: [] };

function says(message: string): PostedEvent {
  const participant = { id: 'ann', display_name: 'Ann' };
  return { kind: 'message', source: 'customer', data: { message, participant } };
}

describe('messages that are looked at', () => {
  it('are stored in the order in which they came, however long each look takes, and whatever is refused', async () => {
    await using runtime = await startRuntime([createHeldAgent().agent]);
    const looks = new Map<string, (found: Moderated | Error) => void>();
    const sessions = createModeratedSessions({
      sessions: runtime.sessions,
      moderator: {
        moderate: ({ text }) =>
          new Promise((resolve, reject) =>
            looks.set(text, (found) => (found instanceof Error ? reject(found) : resolve(found))),
          ),
      },
      minimum: 'auto',
    });
    const id = await runtime.session();
    const posted = ['one', 'two', 'three'].map((text) => sessions.post(id, says(text)));
    await expect.poll(() => looks.size).toBe(3);
    looks.get('three')?.(clean);
    looks.get('two')?.(new Error('shutting down'));
    await expect(posted[1]).rejects.toThrow('shutting down');
    looks.get('one')?.({ flagged: true, tags: ['hate'] });
    const [one, , three] = await Promise.allSettled(posted);
    expect(one).toMatchObject({ value: { offset: 0, data: { flagged: true, tags: ['hate'] } } });
    expect(three).toMatchObject({ status: 'fulfilled' });
    const told = (await runtime.story(id)).filter((what) => what.startsWith('customer'));
    expect(told).toEqual(['customer: one', 'customer: three']);
  });

  it('of one session do not wait for those of another', async () => {
    await using runtime = await startRuntime([createHeldAgent().agent]);
    const held = Promise.withResolvers<Moderated>();
    const sessions = createModeratedSessions({
      sessions: runtime.sessions,
      moderator: { moderate: ({ text }) => (text === 'slow' ? held.promise : Promise.resolve(clean)) },
      minimum: 'none',
    });
    const [first, second] = [await runtime.session(), await runtime.session()];
    const slow = sessions.post(first, says('slow'), { moderation: 'auto' });
    expect(await sessions.post(second, says('quick'), { moderation: 'auto' })).toMatchObject({ offset: 0 });
    held.resolve(clean);
    expect(await slow).toMatchObject({ offset: 0 });
  });
});
