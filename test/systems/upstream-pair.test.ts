/** Two real servers, one upstream of the other: what the one says the other knows, once, whoever is restarted in the middle. */
import { afterEach, describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { type Colloquy, createColloquy } from '../../src/colloquy.ts';
import { messageTextOf, type SessionEvent } from '../../src/event-log/event.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';

const closing: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

type Side = { readonly url: string; colloquy(): Colloquy; restart(): Promise<void> };

async function startSide(
  agents: (upstreamUrl: string) => Parameters<typeof createColloquy>[0],
  url = '',
): Promise<Side> {
  const folder = await createDataFolder();
  const port = await freePort();
  const open = async () => {
    const options = agents(url) ?? {};
    const settings = {
      ...options.settings,
      port,
      dataDir: folder.path,
      logLevel: 'silent' as const,
      shutdownGraceMs: 0,
    };
    const colloquy = await createColloquy({ ...options, settings });
    await colloquy.listen();
    return colloquy;
  };
  let colloquy = await open();
  closing.push(async () => {
    await colloquy.close();
    await folder[Symbol.asyncDispose]();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    colloquy: () => colloquy,
    async restart() {
      await colloquy.close();
      colloquy = await open();
    },
  };
}

/** The upstream echoes, a little slowly; the other side has an agent that lives there. */
async function startPair() {
  const there = await startSide(() => ({ agents: [createEchoAgent({ chunkDelayMs: 2 })] }));
  const here = await startSide(
    (url) => ({ agents: [{ id: 'away', upstream: { url, agentId: 'echo' } }] }),
    there.url,
  );
  return { there, here };
}

const post = async (url: string, body: object, headers: Record<string, string> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
};

const eventsOf = async (side: Side, sessionId: string) =>
  (await (await fetch(`${side.url}/sessions/${sessionId}/events?wait_for_data=0`)).json()) as SessionEvent[];

/** What was said, in order. */
const said = async (side: Side, sessionId: string) =>
  (await eventsOf(side, sessionId)).flatMap((event) => messageTextOf(event) ?? []);

const upstreamSession = async (there: Side) => (await there.colloquy().sessions.list({})).items[0]?.id ?? '';

describe('a server of ours as the upstream of another', () => {
  it('gives both intents the same shape, and ten turns with proactive messages between them arrive once', async () => {
    const { there, here } = await startPair();
    let sessionId = '';
    for (let turn = 0; turn < 10; turn++) {
      const answer = await post(`${here.url}/api/chat`, { message: `message ${turn}`, intent: 'away' });
      const direct = await post(
        `${there.url}/api/chat`,
        { message: `message ${turn}`, intent: 'echo' },
        { 'x-user-id': 'bob' },
      );
      sessionId = String(answer['session_id']);
      expect(Object.keys(answer).sort()).toEqual(Object.keys(direct).sort());
      expect(answer).toMatchObject({
        status: 'ready',
        messages: [{ data: { message: `echo: message ${turn}` } }],
      });
      await post(`${there.url}/sessions/${await sessionThere(there, sessionId)}/events`, {
        kind: 'message',
        source: 'human_agent',
        message: `note ${turn}`,
        participant: { display_name: 'Eve' },
      });
      await expect.poll(() => said(here, sessionId)).toContain(`note ${turn}`);
    }
    const expected = Array.from({ length: 10 }, (_, turn) => [
      `message ${turn}`,
      `echo: message ${turn}`,
      `note ${turn}`,
    ]).flat();
    expect(await said(here, sessionId)).toEqual(expected);
  });

  it.each(['here', 'there'] as const)(
    'loses nothing and repeats nothing when the side %s is restarted in mid-turn',
    async (which) => {
      const pair = await startPair();
      const { here, there } = pair;
      const first = await post(`${here.url}/api/chat`, { message: 'one', intent: 'away' });
      const sessionId = String(first['session_id']);
      await post(`${here.url}/sessions/${sessionId}/events`, {
        kind: 'message',
        source: 'customer',
        message: 'two',
      });
      const inUpstream = await upstreamSession(there);
      await expect.poll(() => said(there, inUpstream)).toContain('two');
      await pair[which].restart();
      await expect
        .poll(() => said(here, sessionId), { timeout: 15_000 })
        .toEqual(['one', 'echo: one', 'two', 'echo: two']);
      await expect.poll(async () => (await here.colloquy().sessions.stateOf(sessionId)).turn).toBe('ready');
      expect((await said(there, inUpstream)).filter((text) => text === 'two')).toHaveLength(1);
      const again = await post(`${here.url}/api/chat`, { message: 'three', session_id: sessionId });
      expect(again).toMatchObject({ status: 'ready', messages: [{ data: { message: 'echo: three' } }] });
      const offsets = (await eventsOf(here, sessionId)).map(
        ({ metadata }) => (metadata['upstream'] as { offset?: number })?.offset,
      );
      const received = offsets.filter((offset) => offset !== undefined);
      expect(new Set(received).size).toBe(received.length);
    },
  );
});

/** The upstream session behind one of ours. */
async function sessionThere(there: Side, sessionId: string): Promise<string> {
  const { items } = await there.colloquy().sessions.list({});
  return items.find(({ metadata }) => metadata['colloquy_session_id'] === sessionId)?.id ?? '';
}
