/**
 * The agent of tests and benchmarks: says `echo: ` and the message, in five chunks. It is on the benchmarks' hot path, so without
 * a delay nothing here waits or iterates asynchronously.
 */
import { messageTextOf } from '../event-log/event.ts';
import type { LocalAgent } from './agent-runner.ts';
import { pacedChunks, type Pace } from './paced-chunks.ts';

const prefix = 'echo: ';
const chunkCount = 5;

export type EchoOptions = Pace & {
  /** Default `echo`. */
  readonly id?: string;
  /** Default `block`. */
  readonly outputMode?: LocalAgent['outputMode'];
};

export function createEchoAgent({
  id = 'echo',
  outputMode = 'block',
  ...pace
}: EchoOptions = {}): LocalAgent {
  return {
    id,
    name: 'Echo',
    description: 'Repeats what it is told, in five chunks.',
    interruption: 'interrupt',
    outputMode,
    runner: {
      async run({ trigger, say, signal }) {
        const chunks = toFiveChunks(prefix + ((trigger && messageTextOf(trigger)) ?? ''));
        await say(pacedChunks(chunks, signal, pace), { final: true });
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
