/**
 * The agent of tests and benchmarks: says `echo: ` and the message, in five chunks. It is on the benchmarks' hot path, so without
 * a delay nothing here waits or iterates asynchronously.
 */
import { messageTextOf } from '../event-log/event.ts';
import { systemClock, type Clock } from '../session/clock.ts';
import type { Agent, AgentTurn } from './agent-runner.ts';

const prefix = 'echo: ';
const chunkCount = 5;

export type EchoOptions = {
  /** Default `echo`. */
  readonly id?: string;
  /** How long to wait before each chunk but the first; default 0: all at once. The wait ends when the turn does. */
  readonly chunkDelayMs?: number;
  readonly clock?: Clock;
};

export function createEchoAgent(options: EchoOptions = {}): Agent {
  const { id = 'echo', chunkDelayMs = 0, clock = systemClock } = options;
  return {
    id,
    name: 'Echo',
    description: 'Repeats what it is told, in five chunks.',
    interruption: 'interrupt',
    runner: {
      async run(turn) {
        const chunks = toFiveChunks(prefix + (messageTextOf(turn.trigger) ?? ''));
        await turn.say(chunkDelayMs > 0 ? slowly(chunks, { turn, chunkDelayMs, clock }) : chunks);
      },
    },
  };
}

/**
 * Five parts of about the same length that together are the text; a surrogate pair stays whole. None is empty, because the text
 * begins with the six characters of the prefix, also for an empty message.
 */
function toFiveChunks(text: string): readonly string[] {
  const chunks: string[] = [];
  let start = 0;
  for (let n = 1; n <= chunkCount; n += 1) {
    let end = Math.floor((text.length * n) / chunkCount);
    if (isInsidePair(text, end)) end += 1;
    chunks.push(text.slice(start, end));
    start = end;
  }
  return chunks;
}

function isInsidePair(text: string, index: number): boolean {
  const next = text.charCodeAt(index);
  if (!(next >= 0xdc00 && next <= 0xdfff)) return false;
  const previous = text.charCodeAt(index - 1);
  return previous >= 0xd800 && previous <= 0xdbff;
}

type Pace = {
  readonly turn: Pick<AgentTurn, 'signal'>;
  readonly chunkDelayMs: number;
  readonly clock: Clock;
};

async function* slowly(
  chunks: readonly string[],
  { turn, chunkDelayMs, clock }: Pace,
): AsyncGenerator<string> {
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await clock.waitUntil(clock.now() + chunkDelayMs, turn.signal);
    turn.signal.throwIfAborted();
    yield chunk;
  }
}
