/** The real runtime over a real file, with time and agents in the test's hands. */
import { createAgentDirectory } from '../../src/agents/agent-directory.ts';
import type { Agent, AgentTurn } from '../../src/agents/agent-runner.ts';
import type { Log } from '../../src/event-log/event-log.ts';
import type { SessionEvent } from '../../src/event-log/event.ts';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { createSessions, type SessionLimits } from '../../src/session/create-sessions.ts';
import { createLiveDirectory, type LiveDirectory } from '../../src/session/live-directory.ts';
import type { Sessions } from '../../src/session/sessions.ts';
import { createTestClock, type TestClock } from './clock.ts';
import { createDataFolder } from './data-folder.ts';

export const testLimits: SessionLimits = {
  idleAfterMs: 300_000,
  sessionTtlMs: 86_400_000,
  runTimeoutMs: 120_000,
  runWindDownMs: 5_000,
  shutdownGraceMs: 0,
  queueLimit: 100,
  historyLimit: 200,
  pollWaitS: 60,
  upstreamIdleMs: 30_000,
};

/** One turn of a hand-held agent: it speaks and ends when the test says so. */
export type HeldTurn = {
  readonly turn: AgentTurn;
  /** Streams a piece of text. */
  say(text: string): Promise<void>;
  /** Ends the text, and with it the turn. */
  finish(): void;
  fail(error: Error): void;
};

/** An agent that is moved by hand. It heeds its signal unless told otherwise. */
export function createHeldAgent(
  options: Partial<Pick<Agent, 'id' | 'name' | 'interruption'>> & { readonly heedsSignal?: boolean } = {},
) {
  const { heedsSignal = true, ...about } = options;
  const turns: HeldTurn[] = [];
  const agent: Agent = {
    id: 'held',
    name: 'Held',
    description: null,
    interruption: 'interrupt',
    runner: {
      async run(turn) {
        const end = Promise.withResolvers<void>();
        let piece = Promise.withResolvers<string | undefined>();
        let taken = Promise.withResolvers<void>();
        end.promise.catch(() => {});
        const giveUp = () => piece.reject(turn.signal.reason);
        if (heedsSignal) turn.signal.addEventListener('abort', giveUp, { once: true });
        turns.push({
          turn,
          async say(text) {
            piece.resolve(text);
            await taken.promise;
          },
          finish: () => piece.resolve(undefined),
          fail: (error) => piece.reject(error),
        });
        async function* words() {
          for (;;) {
            const text = await piece.promise;
            if (text === undefined) return;
            piece = Promise.withResolvers();
            piece.promise.catch(() => {});
            yield text;
            const done = taken;
            taken = Promise.withResolvers();
            done.resolve();
          }
        }
        await turn.say(words(), { final: true });
      },
    },
    ...about,
  };
  return { agent, turns };
}

export type Runtime = AsyncDisposable & {
  readonly log: Log;
  readonly sessions: Sessions;
  readonly directory: LiveDirectory;
  readonly clock: TestClock;
  readonly warnings: object[];
  readonly folder: string;
  /** Creates a session with the first agent. */
  session(settings?: { readonly interruption?: 'interrupt' | 'enqueue' | 'reject' }): Promise<string>;
  /** Posts a customer's message. */
  send(sessionId: string, text: string): Promise<SessionEvent>;
  /** The session's events, short: `kind:what`. */
  story(sessionId: string): Promise<string[]>;
  /** As if the process had died and a new one had come up on the same file. */
  restart(): Promise<void>;
};

export async function startRuntime(
  agents: readonly Agent[],
  limits: Partial<SessionLimits> = {},
): Promise<Runtime> {
  const folder = await createDataFolder();
  const clock = createTestClock();
  const warnings: object[] = [];
  const logger = {
    warn: (facts: object) => void warnings.push(facts),
    error: (facts: object) => void warnings.push(facts),
  };
  let parts = await open();
  await parts.sessions.resume();

  async function open() {
    const log = await openSqliteLog({ folder: folder.path });
    const directory = createLiveDirectory();
    const sessions = createSessions({
      log,
      agents: createAgentDirectory(agents),
      limits: { ...testLimits, ...limits },
      directory,
      logger,
      clock,
    });
    return { log, directory, sessions };
  }

  async function close() {
    await parts.sessions.shutdown();
    await parts.log.close();
  }

  return {
    get log() {
      return parts.log;
    },
    get sessions() {
      return parts.sessions;
    },
    get directory() {
      return parts.directory;
    },
    clock,
    warnings,
    folder: folder.path,
    async session(settings = {}) {
      const record = await parts.sessions.create({
        agentId: agents[0]?.id ?? '',
        customerId: 'ann',
        ...settings,
      });
      return record.id;
    },
    send: (sessionId, text) =>
      parts.sessions.post(sessionId, {
        kind: 'message',
        source: 'customer',
        data: { message: text, participant: { id: 'ann', display_name: 'Ann' }, flagged: false, tags: [] },
      }),
    story: async (sessionId) => (await parts.log.read(sessionId)).map(shorten),
    async restart() {
      await close();
      // Agents that read the log find the new one before their turns are taken up.
      parts = await open();
      await parts.sessions.resume();
    },
    async [Symbol.asyncDispose]() {
      await close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** `customer: text`, `agent: text`, `agent: text (interrupted)`, `acknowledged`, `ready` (plain), `completed` (final), `error: CODE`. */
export function shorten(event: SessionEvent): string {
  const data = event.data as { message?: string; status?: string; data?: { stage?: string; code?: string } };
  if (event.kind === 'message') {
    const who = event.source === 'ai_agent' ? 'agent' : event.source;
    return `${who}: ${data.message}${event.metadata['interrupted'] ? ' (interrupted)' : ''}`;
  }
  if (event.kind !== 'status') return event.kind;
  if (data.status === 'ready' && data.data?.stage === 'completed') return 'completed';
  return data.status === 'error' ? `error: ${data.data?.code}` : `${data.status}`;
}
