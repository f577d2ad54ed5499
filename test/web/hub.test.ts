import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { messageTextOf } from '../../src/event-log/event.ts';
import { ownSessionsFeed, sessionFeed } from '../../src/web/connection/feed-kind.ts';
import { createHub, type Hub } from '../../src/web/connection/hub.ts';
import { createHubClient } from '../../src/web/connection/hub-client.ts';
import type { ConnectionState } from '../../src/web/connection/resuming-stream.ts';
import { createSlots } from '../../src/web/connection/slots.ts';
import { emptyList } from '../../src/web/state/session-list.ts';
import { emptyLog } from '../../src/web/state/session-log.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
const ports: MessagePort[] = [];

beforeEach(async () => {
  server = await startServer({ agents: [createEchoAgent()] });
  // A page asks its own origin; here somebody has to say which one that is.
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => fetch(new URL(path, server.url), init));
});

afterEach(async () => {
  for (const port of ports.splice(0)) port.postMessage({ type: 'bye' });
  await vi.waitUntil(() => followers() === 0);
  vi.unstubAllGlobals();
  await server[Symbol.asyncDispose]();
});

/** How many streams of sessions are open at the server. */
function followers(): number {
  return [...server.directory.getSnapshot().context.sessions.values()].reduce(
    (sum, each) => sum + each.followers,
    0,
  );
}

const ann = { as: 'user', name: 'ann' } as const;

function openTab(hub: Hub) {
  const { port1, port2 } = new MessageChannel();
  hub.attach(port1);
  ports.push(port2);
  const client = createHubClient(port2);
  return {
    followSession(sessionId: string, identity: { as: 'user'; name: string } = ann) {
      let log = emptyLog;
      let connection: ConnectionState = { status: 'connecting' };
      client.follow(sessionFeed(sessionId), {
        topic: { of: 'session', sessionId },
        identity,
        onState: (state) => (log = state),
        onConnection: (state) => (connection = state),
      });
      return {
        said: () => log.events.flatMap((event) => messageTextOf(event) ?? []),
        connection: () => connection,
      };
    },
    followList() {
      let list = emptyList;
      client.follow(ownSessionsFeed, {
        topic: { of: 'ownSessions' },
        identity: ann,
        onState: (state) => (list = state),
        onConnection: () => {},
      });
      return () => list.sessions.map(({ id }) => id);
    },
  };
}

describe('the hub of all tabs', () => {
  it('reads a session once, however many tabs follow it', async () => {
    const id = await server.session('ann');
    const hub = createHub();
    const tabs = Array.from({ length: 8 }, () => openTab(hub).followSession(id));
    await server.say(id, 'Hello');
    for (const { said } of tabs) await expect.poll(said).toEqual(['Hello', 'echo: Hello']);
    expect(followers()).toBe(1);
  });

  it('tells a tab that comes late all there is', async () => {
    const id = await server.session('ann');
    const hub = createHub();
    const first = openTab(hub).followSession(id);
    await server.say(id, 'Hello');
    await expect.poll(first.said).toEqual(['Hello', 'echo: Hello']);
    const second = openTab(hub).followSession(id);
    await expect.poll(second.said).toEqual(['Hello', 'echo: Hello']);
  });

  it('keeps eight sessions live with two connections for them', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => server.session('ann')));
    const hub = createHub({ slots: createSlots({ limit: 3, turnMs: 50, lookMs: 5 }) });
    const listed = openTab(hub).followList();
    await expect.poll(listed).toHaveLength(8);
    const tabs = ids.map((id) => openTab(hub).followSession(id));
    for (const round of ['one', 'two']) for (const id of ids) await server.say(id, round);
    const said = ['one', 'echo: one', 'two', 'echo: two'];
    for (const tab of tabs) await expect.poll(tab.said, { timeout: 10_000 }).toEqual(said);
    expect(followers()).toBeLessThanOrEqual(2);
  });

  it("keeps one user's sessions from another", async () => {
    const id = await server.session('ann');
    const hub = createHub();
    openTab(hub).followSession(id);
    const bob = openTab(hub).followSession(id, { as: 'user', name: 'bob' });
    await expect.poll(bob.connection).toEqual({ status: 'closed', code: 'SESSION_NOT_FOUND' });
  });

  it('stops reading what no tab follows any more', async () => {
    const id = await server.session('ann');
    const hub = createHub();
    const tab = openTab(hub).followSession(id);
    await expect.poll(tab.connection).toEqual({ status: 'open' });
    ports.at(-1)?.postMessage({ type: 'bye' });
    await expect.poll(followers).toBe(0);
  });

  it('goes on where it was when the server comes back', async () => {
    const id = await server.session('ann');
    const tab = openTab(createHub()).followSession(id);
    await server.say(id, 'before');
    await expect.poll(tab.said).toEqual(['before', 'echo: before']);
    await server.restart();
    await server.say(id, 'after');
    await expect
      .poll(tab.said, { timeout: 10_000 })
      .toEqual(['before', 'echo: before', 'after', 'echo: after']);
  });
});
