/** Sessions that come and go leave nothing behind: no timer, no socket, no actor, no memory. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSession, post } from '../support/conversation.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';
import { type Program, startProgram } from '../support/program.ts';

const probe = pathToFileURL(fileURLToPath(new URL('../bench/probe.js', import.meta.url))).href;
const MB = 1024 * 1024;

const library = fileURLToPath(new URL('../support/library-server.ts', import.meta.url));

describe('2,000 sessions that were created, talked to and stopped', () => {
  it('leave no timer, no socket and no memory behind', { timeout: 180_000 }, async () => {
    const talk: Talk = async ({ say, whenOver }) => {
      await say('Hello');
      await whenOver();
    };
    // The first sessions make the server load and compile what it needs for the rest of its life.
    const left = await leaveBehind({ agentId: 'echo', warmUp: 500, sessions: 2_000, talk });
    expect(left.resources.after).toEqual(left.resources.before);
    expect(left.heapMb).toBeLessThan(5);
  });
});

describe('2,000 turns of the engine, with tools and journeys, some of them given up', () => {
  it('leave no timer, no socket, no actor and no memory behind', { timeout: 180_000 }, async () => {
    const talk: Talk = async ({ say, whenOver }) => {
      for (const message of sayings) {
        await say(message);
        await whenOver();
      }
      // The first of the two is interrupted, or over already.
      await say('What about my loan 4711?');
      await say('Hello again');
      await whenOver();
      await whenOver();
    };
    const env = { INDEXING: '0' };
    const sessions = { warmUp: 143, sessions: 286 };
    const left = await leaveBehind({ agentId: 'library', script: library, env, talk, ...sessions });
    expect(left.resources.after).toEqual(left.resources.before);
    expect(left.heapMb).toBeLessThan(5);
  });
});

const sayings = [
  'When are you open?',
  'What about my loan 17?',
  'I want a card.',
  'My name is Ann Miller.',
  'Thank you, goodbye!',
] as const;

type Talk = (customer: {
  readonly say: (message: string) => Promise<void>;
  /** Resolves when one turn more is over. */
  readonly whenOver: () => Promise<void>;
}) => Promise<void>;

type Talking = {
  readonly agentId: string;
  readonly talk: Talk;
  /** Sessions, before it counts what is held. */
  readonly warmUp: number;
  /** After it. */
  readonly sessions: number;
  /** Default: the program itself. */
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
};

async function leaveBehind({ agentId, talk, warmUp, sessions, script, env }: Talking) {
  await using folder = await createDataFolder();
  await using program = await startProgram({
    folder: folder.path,
    port: await freePort(),
    env: { IDLE_AFTER_MS: '400', ...env },
    execArgv: ['--expose-gc', `--import=${probe}`],
    ...(script !== undefined && { script }),
  });
  await liveAndStop(program.url, { sessions: warmUp, agentId, talk });
  const before = await whenQuiet(program);
  await liveAndStop(program.url, { sessions, agentId, talk });
  const after = await whenQuiet(program);
  return {
    resources: { before: before.resources, after: after.resources },
    heapMb: (after.heapUsed - before.heapUsed) / MB,
  };
}

type Report = { readonly heapUsed: number; readonly resources: readonly string[] };

/** What the server holds once no session is in memory and no connection is open. */
async function whenQuiet(program: Program): Promise<Report> {
  await expect.poll(() => liveSessions(program.url), { timeout: 20_000, interval: 100 }).toBe(0);
  let report: Report = { heapUsed: 0, resources: [] };
  await expect
    .poll(
      async () => {
        report = await program.ask<Report>({ gc: true });
        return report.resources.includes('TCPSocketWrap');
      },
      { timeout: 20_000, interval: 100 },
    )
    .toBe(false);
  return { ...report, resources: report.resources.toSorted() };
}

async function liveSessions(url: string): Promise<number> {
  const metrics = await text(`${url}/metrics`);
  const lines = metrics.split('\n').filter((line) => line.startsWith('colloquy_sessions_live'));
  if (lines.length === 0) throw new Error('there is no metric of live sessions');
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function liveAndStop(
  url: string,
  { sessions, agentId, talk }: Pick<Talking, 'sessions' | 'agentId' | 'talk'>,
): Promise<void> {
  let begun = 0;
  const customer = async (): Promise<void> => {
    while (begun++ < sessions) {
      const sessionId = await createSession(url, agentId);
      const events = `${url}/sessions/${sessionId}/events`;
      const stream = await fetch(events, {
        headers: { accept: 'text/event-stream', connection: 'close' },
      });
      const turns = endsOfTurns(stream.body!);
      await talk({
        say: async (message) => void (await post(events, { kind: 'message', source: 'customer', message })),
        whenOver: async () => void (await turns.next()),
      });
      await turns.return();
      const stopped = await fetch(`${url}/sessions/${sessionId}/stop`, { method: 'POST' });
      expect(stopped.status).toBe(202);
      await stopped.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 20 }, customer));
}

/** One for each turn that is over, as it is told first. */
async function* endsOfTurns(stream: NonNullable<Response['body']>): AsyncGenerator<void, void> {
  let rest = '';
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + part).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) if (/^id:/m.test(frame) && frame.includes('"stage":"completed"')) yield;
  }
}

async function text(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text();
}
