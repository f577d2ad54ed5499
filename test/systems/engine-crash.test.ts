/**
 * The server is killed, or told to end, while its agents are at work, each at another stage of a turn. When it is back, every turn is
 * finished, once: nothing is said twice, nothing is left out, and nobody is told that anything was cancelled.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { databaseFile } from '../../src/event-log/data-folder.ts';
import { isFinalReady, type SessionEvent } from '../../src/event-log/event.ts';
import { type Conversation, readLog, startConversation } from '../support/conversation.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { toldIn } from '../support/engine-server.ts';
import { freePort } from '../support/free-port.ts';
import {
  agentWith,
  firstPart,
  type HeldStage,
  heldStages,
  preamble,
  secondPart,
} from '../support/held-agent.ts';
import { type Program, startProgram } from '../support/program.ts';

// Three starts of the whole server, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const script = fileURLToPath(new URL('../support/held-server.ts', import.meta.url));

it('a server that is killed at every stage of a turn finishes each turn, once', async () => {
  const { cleanUp, where, turns, begin, beginAll } = await prepare();
  const first = cleanUp.use(await startProgram({ ...where, env: { HELD: '1' } }));
  await beginAll(first);
  await first.ask({ pauses: 'held' });
  await begin(first, 'concluding');
  await whenHeld(first, 'pause', 2);
  // The last of an answer, and its `ready`, cannot be written any more.
  const lock = new DatabaseSync(join(where.folder, databaseFile), { timeout: 5_000 });
  lock.exec('BEGIN IMMEDIATE');
  await first.ask({ pauses: 'over' });
  first.kill('SIGKILL');
  await first.exited;
  lock.close();

  const second = cleanUp.use(await startProgram(where));
  await expectFinished(second, turns);
  const conversation = cleanUp.use(await startConversation({ url: second.url, agentId: 'speaking' }));
  await second.ask({ doomed: conversation.sessionId });
  // It is stored, and that is all: not even its sender hears of it.
  expect(await conversation.say('stop at loading')).toBeUndefined();
  await second.exited;

  const third = cleanUp.use(await startProgram(where));
  const [message] = await readLog(third.url, conversation.sessionId);
  turns.set('loading', { conversation, traceId: message?.trace_id ?? '' });
  await expectFinished(third, turns);
});

it('a server that is told to end at every stage of a turn finishes each turn when it is back', async () => {
  const { cleanUp, where, turns, beginAll } = await prepare();
  const env = { HELD: '1', SHUTDOWN_GRACE_MS: '50' };
  const first = cleanUp.use(await startProgram({ ...where, env }));
  await beginAll(first);
  first.kill('SIGTERM');
  expect(await first.exited).toEqual({ code: 0, signal: null });
  const second = cleanUp.use(await startProgram(where));
  // It had its answer: whether something is to follow is not looked into any more.
  const { following, ...others } = Object.fromEntries(turns);
  await expectFinished(second, new Map(Object.entries(others)));
  const told = expected('following').filter((each) => each !== `agent: ${secondPart}`);
  expect(following && (await finished(second, following))).toEqual(told);
});

async function prepare() {
  const cleanUp = new AsyncDisposableStack();
  // Not `await using`: a test that runs out of time never comes to its end, and its servers would live on.
  onTestFinished(() => cleanUp.disposeAsync());
  const folder = cleanUp.use(await createDataFolder());
  const turns = new Map<string, Turn>();
  async function begin({ url }: Program, name: string, agentId = 'speaking'): Promise<void> {
    const conversation = cleanUp.use(await startConversation({ url, agentId }));
    turns.set(name, { conversation, traceId: await say(conversation, `stop at ${name}`) });
  }
  /** A turn for each stage, which is held there. */
  async function beginAll(program: Program): Promise<void> {
    for (const stage of heldStages) {
      const isPause = stage === 'sending';
      if (isPause) await program.ask({ pauses: 'held' });
      await begin(program, stage, agentWith(stage));
      await whenHeld(program, isPause ? 'pause' : stage);
      if (isPause) await program.ask({ pauses: 'rest' });
    }
  }
  const where = { folder: folder.path, port: await freePort(), script };
  return { cleanUp, where, turns, begin, beginAll };
}

type Turn = { readonly conversation: Conversation; readonly traceId: string };

async function say(conversation: Conversation, text: string): Promise<string> {
  const said = await conversation.say(text);
  if (!said) throw new Error('The message was not taken.');
  return said.traceId;
}

async function whenHeld(program: Program, stage: HeldStage | 'pause', count = 1): Promise<void> {
  await vi.waitFor(
    async () => {
      const { held } = await program.ask<{ readonly held: readonly string[] }>({});
      expect(held.filter((each) => each === stage)).toHaveLength(count);
    },
    { timeout: 20_000, interval: 20 },
  );
}

async function expectFinished(program: Program, turns: ReadonlyMap<string, Turn>): Promise<void> {
  for (const [stage, turn] of turns) expect(await finished(program, turn)).toEqual(expected(stage));
}

/** What the turn has told, in short, when it is over. */
async function finished({ url }: Program, { conversation, traceId }: Turn): Promise<readonly string[]> {
  await Promise.race([conversation.turnOver(traceId), conversation.failed]);
  const log = await readLog(url, conversation.sessionId);
  expect(log.map(({ offset }) => offset)).toEqual(log.map((_, at) => at));
  expect(log.filter(isFinalReady)).toHaveLength(1);
  // Whoever followed all the time has seen everything, once.
  await vi.waitFor(() => expect(conversation.seen.map(idOf)).toEqual(log.map(idOf)));
  return toldIn(log).filter(isWorth);
}

function expected(stage: string): readonly string[] {
  return [
    `customer: stop at ${stage}`,
    'acknowledged',
    ...(stage === 'following' ? [] : [`preamble: ${preamble}`]),
    ...(stage === 'streaming'
      ? [`agent in 2 pieces: ${firstPart} ${secondPart}`]
      : [`agent: ${firstPart}`, `agent: ${secondPart}`]),
    'ready: completed',
  ];
}

/** What a stage is about to do may be told in each attempt. */
function isWorth(told: string): boolean {
  return !/^(ready|typing|tool .*|processing.*)$/.test(told);
}

function idOf({ id }: SessionEvent): string {
  return id;
}
