/**
 * Random interleavings of send, ask, stop, cancel, start and crash-and-restore against the real runtime. Whatever the order: no accepted
 * message without an answer or a recorded `cancelled`, one run of a session at a time, nothing of a run after it was given up, an
 * interrupted turn closed before the next one is acknowledged. The seed is printed on failure (`SEED=… ` repeats a run).
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgentDirectory } from '../../src/agents/agent-directory.ts';
import type { Agent, AgentTurn } from '../../src/agents/agent-runner.ts';
import { isFinalReady, isGrowing, type SessionEvent, statusOf } from '../../src/event-log/event.ts';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { createSessions } from '../../src/session/create-sessions.ts';
import { createLiveDirectory } from '../../src/session/live-directory.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { catchLogWriters } from '../support/log-writer.ts';
import { shorten, testLimits } from '../support/runtime.ts';

const SEQUENCES = 1_000;
const AT_ONCE = 50;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

type Command = 'send' | 'sendTwo' | 'ask' | 'cancel' | 'stop' | 'start' | 'breathe' | 'settle';
const command = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Command>('send') },
  { weight: 2, arbitrary: fc.constant<Command>('sendTwo') },
  { weight: 2, arbitrary: fc.constant<Command>('ask') },
  { weight: 2, arbitrary: fc.constant<Command>('cancel') },
  { weight: 2, arbitrary: fc.constant<Command>('stop') },
  { weight: 1, arbitrary: fc.constant<Command>('start') },
  { weight: 3, arbitrary: fc.constant<Command>('breathe') },
  { weight: 2, arbitrary: fc.constant<Command>('settle') },
);
const sequence = fc.record({
  commands: fc.array(command, { minLength: 1, maxLength: 8 }),
  policy: fc.constantFrom('interrupt' as const, 'interrupt' as const, 'enqueue' as const, 'reject' as const),
});
const group = fc.record({
  sequences: fc.array(sequence, { minLength: AT_ONCE, maxLength: AT_ONCE }),
  /** Before which steps the process dies. */
  crashes: fc.uniqueArray(fc.nat({ max: 8 }), { maxLength: 2 }),
  seed: fc.nat(),
});

const breath = () => new Promise((resolve) => setImmediate(resolve));

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(start: number) {
  let state = start;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** An agent of moods: it streams or not, fails now and then, and often ignores its signal for a while. */
function createMoodyAgent(random: () => number, violations: string[]): Agent {
  const atWork = new Map<string, string>();
  async function run(turn: AgentTurn): Promise<void> {
    const { sessionId, runId, attempt, signal } = turn;
    const before = atWork.get(sessionId);
    if (before) violations.push(`runs ${before} and ${runId} of ${sessionId} side by side`);
    atWork.set(sessionId, `${runId}/${attempt}`);
    try {
      const stubborn = random() < 0.3;
      const pieces = Math.floor(random() * 4);
      const fails = random() < 0.1;
      const words = async function* () {
        for (let piece = 0; piece < pieces; piece++) {
          for (let wait = Math.floor(random() * 4); wait > 0; wait--) await breath();
          if (!stubborn) signal.throwIfAborted();
          yield `piece ${piece} `;
        }
        if (fails) throw new Error('a bad day');
      };
      const final = random() < 0.8;
      if (random() < 0.7) return void (await turn.say(words(), { final }));
      // Thinks, heeds nothing, then says it all at once.
      for (let wait = Math.floor(random() * 8); wait > 0; wait--) await breath();
      await turn.say('all at once', { final });
    } finally {
      atWork.delete(sessionId);
    }
  }
  return {
    id: 'moody',
    name: 'Moody',
    description: null,
    interruption: 'interrupt',
    outputMode: random() < 0.3 ? 'stream' : 'block',
    runner: { run },
  };
}

/** Everything that is wrong with a session's story. */
function faultsOf(events: readonly SessionEvent[], accepted: readonly SessionEvent[]): string[] {
  const faults: string[] = [];
  for (const [index, event] of events.entries())
    if (event.offset !== index) faults.push(`offset ${event.offset} at place ${index}`);
  const turns = new Map<string, SessionEvent[]>();
  for (const event of events) turns.set(event.trace_id, [...(turns.get(event.trace_id) ?? []), event]);
  for (const { id, trace_id } of accepted)
    if (turns.get(trace_id)?.[0]?.id !== id) faults.push(`the accepted message ${id} is not stored`);
  for (const [trace, turn] of turns) {
    const ends = turn.filter(isFinalReady).length;
    if (ends !== 1) faults.push(`turn ${trace} has ${ends} final readies`);
    const statuses = turn.map(statusOf);
    const answered = turn.some(({ source, metadata }) => source === 'ai_agent' && !metadata['interrupted']);
    const last = statuses.at(-1);
    if (last !== 'ready' && last !== 'error') faults.push(`turn ${trace} goes on after its end`);
    if (turn.some(isGrowing)) faults.push(`turn ${trace} has a message without an end`);
    if (statuses.filter((status) => status === 'acknowledged').length > 1)
      faults.push(`turn ${trace} acknowledged twice`);
    if (turn.filter(({ kind, source }) => kind === 'message' && source === 'ai_agent').length > 1)
      faults.push(`turn ${trace} was answered twice`);
    const silent = last === 'ready' && statuses.includes('acknowledged');
    if (!answered && !silent && !statuses.includes('cancelled') && !statuses.includes('error'))
      faults.push(`turn ${trace} has neither answer nor cancelled`);
  }
  // Once a turn is acknowledged, no other turn's run says anything until it is over.
  let open: string | undefined;
  for (const event of events) {
    if (event.source === 'customer') continue;
    const status = statusOf(event);
    if (status === 'acknowledged') {
      if (open) faults.push(`turn ${event.trace_id} acknowledged while ${open} was open`);
      open = event.trace_id;
    } else if (open && event.trace_id !== open && status !== 'cancelled' && !isFinalReady(event))
      faults.push(`turn ${event.trace_id} speaks while ${open} is open`);
    if (open === event.trace_id && isFinalReady(event)) open = undefined;
  }
  return faults;
}

describe('whatever the order of commands and crashes', () => {
  const groups = fc.sample(group, { numRuns: SEQUENCES / AT_ONCE, seed });

  it.each(groups.map((group, index) => ({ index, ...group })))(
    `the log stays true (seed ${seed}, group $index)`,
    { timeout: 60_000 },
    async ({ sequences, crashes, seed: mood }) => {
      await using folder = await createDataFolder();
      const random = randomFrom(mood);
      const violations: string[] = [];
      using writers = catchLogWriters();

      const open = async () => {
        const log = await openSqliteLog({ folder: folder.path });
        const sessions = createSessions({
          log,
          agents: createAgentDirectory([createMoodyAgent(random, violations)]),
          limits: testLimits,
          directory: createLiveDirectory(),
          logger: { warn() {}, error() {} },
        });
        await sessions.resume();
        return { log, sessions };
      };
      const close = async ({ log, sessions }: Awaited<ReturnType<typeof open>>) => {
        await sessions.shutdown();
        await log.close();
      };

      let runtime = await open();
      const talks = await Promise.all(
        sequences.map(async ({ policy, commands }) => {
          const { id } = await runtime.sessions.create({
            agentId: 'moody',
            customerId: 'ann',
            interruption: policy,
          });
          return { id, policy, commands, accepted: [] as SessionEvent[] };
        }),
      );
      const send = async ({ id, accepted }: Talk) => {
        const event = await runtime.sessions.post(id, {
          kind: 'message',
          source: 'customer',
          data: { message: 'hello', participant: { id: 'ann', display_name: 'Ann' } },
        });
        accepted.push(event);
      };
      type Talk = (typeof talks)[number];
      const isQuiet = async (id: string) => {
        // A turn that was asked for waits in memory only.
        const { turn, queueDepth } = await runtime.sessions.stateOf(id);
        if (turn === 'acknowledged' || turn === 'processing' || queueDepth > 0) return false;
        const { openRun, waiting } = await runtime.sessions.get(id);
        return openRun === null && waiting.length === 0;
      };
      const settled = async () => {
        for (const { id } of talks) await does.settle({ id });
      };
      const does = {
        send,
        sendTwo: (talk: Talk) => Promise.all([send(talk), send(talk)]),
        ask: ({ id }: Talk) => runtime.sessions.ask(id),
        cancel: ({ id }: Talk) => runtime.sessions.cancel(id),
        stop: ({ id }: Talk) => runtime.sessions.stop(id),
        start: ({ id }: Talk) => runtime.sessions.start(id),
        breathe: breath,
        settle: async ({ id }: Pick<Talk, 'id'>) => {
          await expect.poll(() => isQuiet(id), { interval: 5, timeout: 20_000 }).toBe(true);
        },
      } satisfies Record<Command, (talk: Talk) => Promise<unknown>>;

      try {
        for (let step = 0; step < 8; step++) {
          const crashing = crashes.includes(step);
          // Refusals (policy reject) and commands that met the crash are part of life; what was accepted is in `accepted`.
          const doing = Promise.allSettled(talks.map((talk) => does[talk.commands[step] ?? 'breathe'](talk)));
          if (!crashing) {
            await doing;
            continue;
          }
          for (let wait = Math.floor(random() * 5); wait > 0; wait--) await breath();
          await writers.kill();
          await close(runtime);
          runtime = await open();
          await doing;
        }
        await settled();
        for (const { id, policy, commands, accepted } of talks) {
          const events = await runtime.log.read(id);
          const faults = faultsOf(events, accepted);
          const story = events.map(
            (event) => `${event.offset} ${event.trace_id.slice(0, 4)} ${shorten(event)}`,
          );
          const told = { policy, commands, story };
          expect({ ...told, faults }).toEqual({ ...told, faults: [] });
        }
        expect(violations).toEqual([]);
      } finally {
        await close(runtime);
      }
    },
  );
});
