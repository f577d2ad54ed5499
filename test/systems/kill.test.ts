/**
 * The server is killed at moments that matter, again and again, while customers talk: nothing acknowledged is lost, nothing is said
 * twice, nobody's stream has a gap. KILLS sets how often (`npm run test:soak`: 200), SEED repeats a run's choices.
 */
import { describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import type { SessionEvent } from '../../src/event-log/event.ts';
import { isFinalReady, statusOf } from '../../src/event-log/event.ts';
import {
  type Conversation,
  type Notice,
  readLog,
  startConversation,
  textOf,
} from '../support/conversation.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';
import { createRandom } from '../support/random.ts';
import { type Program, startProgram } from '../support/program.ts';

const customers = 6;
const kills = Number(process.env['KILLS'] ?? 20);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('a server that is killed', () => {
  it(
    `loses nothing it has acknowledged and says nothing twice, ${kills} times over`,
    { timeout: 60_000 + kills * 6_000 },
    async () => {
      onTestFailed(() => console.error(`SEED=${seed} repeats these choices`));
      // Not `await using`: a test that runs out of time never comes to its end, and its server would live on.
      const cleanUp = new AsyncDisposableStack();
      onTestFinished(() => cleanUp.disposeAsync());
      const folder = cleanUp.use(await createDataFolder());
      const random = createRandom(seed);
      const port = await freePort();
      const start = async (): Promise<Program> =>
        cleanUp.use(await startProgram({ folder: folder.path, port, env: { SLOW_MS: '30' } }));
      let server = await start();
      let up = Promise.resolve();
      const met = { openTurn: 0, streaming: 0 };
      const trap = createTrap();

      const conversations: Conversation[] = [];
      for (let n = 0; n < customers; n++) {
        const { url } = server;
        conversations.push(
          cleanUp.use(await startConversation({ url, agentId: 'slow', onNotice: trap.notice })),
        );
      }
      const enough = new AbortController();
      const talks = conversations.map(async (conversation, n) => {
        for (let said = 0; !enough.signal.aborted; said++) {
          await up;
          const turn = await conversation.say(`message ${said} of customer ${n}`);
          // Now and then the next message interrupts the answer to this one.
          if (turn?.traceId !== undefined && random() < 0.75) await conversation.turnOver(turn.traceId);
        }
      });
      const failed = Promise.race([...talks.map(neverDone), ...conversations.map((each) => each.failed)]);
      failed.catch(() => {});

      for (let kill = 0; kill < kills; kill++) {
        const back = Promise.withResolvers<void>();
        const moment = pick(['chunk', 'chunk', 'status', 'accepted', 'answer'] as const, random);
        const sprung = trap.set(moment, 1 + Math.floor(random() * 30), () => {
          if (conversations.some((each) => each.hasOpenTurn())) met.openTurn++;
          if (conversations.some((each) => each.isStreaming())) met.streaming++;
          up = back.promise;
          server.kill('SIGKILL');
        });
        await Promise.race([sprung, failed]);
        await server.exited;
        server = await start();
        back.resolve();
      }

      enough.abort();
      await Promise.race([Promise.all(talks), failed]);
      for (const conversation of conversations) {
        const log = await whenQuiet(server, conversation);
        expectSound(conversation, log);
      }
      for (const conversation of conversations) conversation[Symbol.dispose]();
      server.kill('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(met.openTurn).toBeGreaterThanOrEqual(kills / 2);
      expect(met.streaming).toBeGreaterThanOrEqual(Math.min(3, kills));
    },
  );
});

/** The log once every turn in it is over and the follower has seen it to its end. */
async function whenQuiet(server: Program, conversation: Conversation): Promise<readonly SessionEvent[]> {
  let log: readonly SessionEvent[] = [];
  await expect
    .poll(
      async () => {
        log = await readLog(server.url, conversation.sessionId);
        const asked = log.filter(({ source }) => source === 'customer').length;
        return {
          isOver: log.filter(isFinalReady).length === asked,
          seen: conversation.seen.length - log.length,
        };
      },
      { timeout: 20_000, interval: 100 },
    )
    .toEqual({ isOver: true, seen: 0 });
  return log;
}

/** What must be so after any number of kills. */
function expectSound(conversation: Conversation, log: readonly SessionEvent[]): void {
  expect(log.map(({ offset }) => offset)).toEqual(log.map((_, index) => index));
  expect(conversation.seen).toEqual(log);

  const asked = log.filter(({ source }) => source === 'customer');
  const texts = asked.map(textOf);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.filter((text) => conversation.accepted.includes(text))).toEqual(conversation.accepted);

  for (const message of asked) expectAnsweredOnce(message, log);
  const streamed = log.filter(
    ({ id, metadata, ...event }) =>
      isAnswer(event) && !metadata['interrupted'] && conversation.drafts.has(id),
  );
  expect(streamed.map(({ id }) => conversation.drafts.get(id))).toEqual(streamed.map(textOf));
}

function expectAnsweredOnce(message: SessionEvent, log: readonly SessionEvent[]): void {
  const turn = log.filter(({ trace_id }) => trace_id === message.trace_id);
  const answers = turn.filter(isAnswer);
  const isCancelled = turn.some((event) => statusOf(event) === 'cancelled');
  expect(turn[0]).toBe(message);
  expect(turn.filter(isFinalReady)).toHaveLength(1);
  expect(isFinalReady(turn.at(-1)!)).toBe(true);
  if (isCancelled) {
    expect(answers.length).toBeLessThanOrEqual(1);
    for (const answer of answers) expect(answer.metadata).toMatchObject({ interrupted: true });
  } else {
    expect(answers.map(textOf)).toEqual([`echo: ${textOf(message)}`]);
  }
}

function isAnswer({ kind, source }: Pick<SessionEvent, 'kind' | 'source'>): boolean {
  return kind === 'message' && source === 'ai_agent';
}

/** Springs in the very moment the n-th notice of a kind comes, so that a kill meets the state that was meant. */
function createTrap() {
  let armed: { moment: Notice; left: number; spring: () => void } | undefined;
  return {
    notice: (notice: Notice): void => {
      if (armed?.moment !== notice || --armed.left > 0) return;
      const { spring } = armed;
      armed = undefined;
      spring();
    },
    set: (moment: Notice, count: number, action: () => void): Promise<void> =>
      new Promise((resolve) => {
        armed = { moment, left: count, spring: () => resolve(action()) };
      }),
  };
}

/** Rejects as the promise does, and never resolves. */
function neverDone(promise: Promise<unknown>): Promise<never> {
  return promise.then(() => new Promise<never>(() => {}));
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)]!; // not empty
}
