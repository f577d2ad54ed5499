/** The load generator: a process of its own, so that what it costs is not counted. It is told what to do over IPC. */
import { converse } from './converse.ts';
import { follow, openTalker, createSession, post, type Talker, type TurnTimes } from './talker.ts';
import { quantile } from './row.ts';

export type LoadCommand =
  /** Makes sessions with a follower each, every one of a customer of its own. */
  | { readonly kind: 'connect'; readonly port: number; readonly sessions: number }
  /** Every session posts its next message when its last turn is over, until so many turns are done. */
  | { readonly kind: 'closedLoop'; readonly turns: number }
  /** A message every 1/rate seconds, session after session, whatever has been answered by then. */
  | { readonly kind: 'openLoop'; readonly turnsPerSecond: number; readonly turns: number }
  /** Sessions that nobody follows, each with one turn, `perCustomer` to a customer. */
  | {
      readonly kind: 'populate';
      readonly port: number;
      readonly sessions: number;
      readonly perCustomer: number;
    }
  /** So many customers of the engine's agent, until so many turns are done. */
  | { readonly kind: 'converse'; readonly port: number; readonly customers: number; readonly turns: number }
  /** Resumes just before the end of each of the sessions in turn, and waits for its last event. */
  | {
      readonly kind: 'resume';
      readonly port: number;
      readonly customer: string;
      readonly sessions: readonly { readonly id: string; readonly events: number }[];
      readonly times: number;
    };

export type LoopResult = { readonly turns: number; readonly wallMs: number };
export type OpenLoopResult = {
  readonly frameP50: number;
  readonly frameP99: number;
  readonly readyP50: number;
  readonly readyP99: number;
};
export type PopulateResult = { readonly live: number };
export type ResumeResult = { readonly medianMs: readonly number[] };

let talkers: Talker[] = [];

async function obey(command: LoadCommand): Promise<object> {
  switch (command.kind) {
    case 'connect':
      return connect(command.port, command.sessions);
    case 'closedLoop':
      return closedLoop(command.turns);
    case 'openLoop':
      return openLoop(command.turnsPerSecond, command.turns);
    case 'populate':
      return populate(command);
    case 'converse':
      return converse(command.port, command);
    default:
      return resume(command);
  }
}

async function connect(port: number, sessions: number): Promise<object> {
  for (const talker of talkers) talker.close();
  talkers = [];
  for (let done = 0; done < sessions; done += 50) {
    const some = Array.from({ length: Math.min(50, sessions - done) }, (_, n) =>
      openTalker(port, `bench-${done + n}`),
    );
    talkers.push(...(await Promise.all(some)));
  }
  return {};
}

async function closedLoop(turns: number): Promise<LoopResult> {
  const startedAt = performance.now();
  let begun = 0;
  await Promise.all(
    talkers.map(async (talker) => {
      while (begun++ < turns) await talker.turn();
    }),
  );
  return { turns, wallMs: performance.now() - startedAt };
}

async function openLoop(turnsPerSecond: number, turns: number): Promise<OpenLoopResult> {
  const startedAt = performance.now();
  const times: Promise<TurnTimes>[] = [];
  while (times.length < turns) {
    const due = Math.min(turns, Math.floor(((performance.now() - startedAt) / 1000) * turnsPerSecond));
    for (
      let talker = idleTalker(times.length);
      talker && times.length < due;
      talker = idleTalker(times.length)
    ) {
      // From when it was due: a turn that had to wait for a free session waited in the eyes of its customer too.
      const lateMs = performance.now() - startedAt - (times.length / turnsPerSecond) * 1000;
      times.push(late(talker.turn(), lateMs));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const all = await Promise.all(times);
  const frames = all.map(({ frameMs }) => frameMs);
  const readies = all.map(({ readyMs }) => readyMs);
  return {
    frameP50: quantile(frames, 0.5),
    frameP99: quantile(frames, 0.99),
    readyP50: quantile(readies, 0.5),
    readyP99: quantile(readies, 0.99),
  };
}

/** The next one whose turn is over, if any. */
function idleTalker(index: number): Talker | undefined {
  for (let step = 0; step < talkers.length; step++) {
    const talker = talkers[(index + step) % talkers.length];
    if (talker && !talker.isBusy()) return talker;
  }
  return undefined;
}

async function late(turn: Promise<TurnTimes>, lateMs: number): Promise<TurnTimes> {
  const { frameMs, readyMs } = await turn;
  return { frameMs: frameMs + lateMs, readyMs: readyMs + lateMs };
}

async function populate(command: Extract<LoadCommand, { kind: 'populate' }>): Promise<PopulateResult> {
  const { port, sessions, perCustomer } = command;
  const customerOf = (index: number): string => `crowd-${Math.floor(index / perCustomer)}`;
  const ids: string[] = [];
  await inParallel(sessions, 16, async (index) => {
    const id = await createSession(port, customerOf(index));
    ids[index] = id;
    const said = await post(port, `/sessions/${id}/events`, customerOf(index), {
      kind: 'message',
      source: 'customer',
      message: 'Good morning.',
    });
    if (said.statusCode !== 201) throw new Error(`a message was answered with ${said.statusCode}`);
  });
  let live = 0;
  await inParallel(sessions, 16, async (index) => {
    const state = await stateOf(port, ids[index] ?? '', customerOf(index));
    if (state.live && state.turn === 'ready') live++;
  });
  return { live };
}

async function stateOf(
  port: number,
  id: string,
  customer: string,
): Promise<{ live: boolean; turn: string | null }> {
  const response = await fetch(`http://127.0.0.1:${port}/sessions/${id}/state`, {
    headers: { 'x-user-id': customer },
  });
  return (await response.json()) as { live: boolean; turn: string | null };
}

async function inParallel(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

async function resume(command: Extract<LoadCommand, { kind: 'resume' }>): Promise<ResumeResult> {
  const { port, customer, sessions, times } = command;
  const took = sessions.map((): number[] => []);
  for (let round = 0; round < times; round++) {
    for (const [index, session] of sessions.entries()) {
      took[index]?.push(await resumeOnce(port, customer, session));
    }
  }
  return { medianMs: took.map((all) => quantile(all, 0.5)) };
}

function resumeOnce(
  port: number,
  customer: string,
  session: { id: string; events: number },
): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const following = follow(
      port,
      session.id,
      customer,
      (frame) => {
        if (!new RegExp(`^id: ?${session.events - 1}$`, 'm').test(frame)) return;
        const ms = performance.now() - startedAt;
        void following.then((response) => {
          response.destroy();
          resolve(ms);
        });
      },
      { lastEventId: session.events - 2 },
    );
    following.catch(reject);
  });
}

process.on('message', (command: LoadCommand & { id: number }) => {
  obey(command).then(
    (result) => process.send?.({ ...result, id: command.id }),
    (error: unknown) => process.send?.({ error: String(error), id: command.id }),
  );
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
