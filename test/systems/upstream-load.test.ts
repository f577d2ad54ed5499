/** Two thousand sessions that listen to one upstream server at once: one poll each, none left when the runtime ends. */
import { describe, expect, it } from 'vitest';
import { createParlantUpstream } from '../../src/upstream/parlant-upstream.ts';
import { startRuntime } from '../support/runtime.ts';
import { startUpstreamProcess } from '../support/upstream-process.ts';

const SESSIONS = 2_000;
describe(`${SESSIONS} sessions of one upstream`, () => {
  it(
    'hold one poll each, hear what is said, ask again when it is over, and are gone at shutdown',
    { timeout: 120_000 },
    async () => {
      await using upstream = await startUpstreamProcess();
      const server = createParlantUpstream({ url: upstream.url });
      await using runtime = await startRuntime([
        {
          id: 'away',
          name: 'Away',
          description: null,
          interruption: 'interrupt',
          upstream: { url: upstream.url, server, agentId: 'there' },
        },
      ]);
      const waiting = async () => (await upstream.tell('counts')).waiting;
      const ids = await Promise.all(Array.from({ length: SESSIONS }, () => runtime.session()));
      await Promise.all(ids.map((id) => runtime.sessions.start(id)));
      await expect.poll(waiting, { timeout: 60_000, interval: 100 }).toBe(SESSIONS);
      const before = await upstream.tell('counts');

      await upstream.tell('say Hello, all of you.');
      const heard = async () => {
        const stories = await Promise.all(ids.map((id) => runtime.story(id)));
        return stories.filter((story) => story.filter((what) => what.startsWith('agent')).length === 1)
          .length;
      };
      await expect.poll(heard, { timeout: 60_000, interval: 200 }).toBe(SESSIONS);
      await expect.poll(waiting, { timeout: 60_000, interval: 100 }).toBe(SESSIONS);
      const after = await upstream.tell('counts');
      // One more poll each, over connections that were there.
      expect(after.requests - before.requests).toBe(SESSIONS);
      expect(after.connections).toBe(before.connections);

      await runtime.sessions.shutdown();
      await expect.poll(waiting, { timeout: 20_000, interval: 50 }).toBe(0);
      await server.close();
    },
  );
});
