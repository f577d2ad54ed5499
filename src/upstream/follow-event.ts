/**
 * A streamed message as upstream tells it: frames of one event, each the whole of it as it stands. The stream has no ids and ends when
 * upstream falls silent or a proxy loses patience, so following is asking again until the last chunk is null.
 */
import { createParser } from 'eventsource-parser';
import { isGrowing } from '../event-log/event.ts';
import { type Broken, type Head, nameOf, type Request } from './exchange.ts';
import { FrameTooLargeError, judgeStatus, toConnectionError, toGarbage } from './failures.ts';
import { parseEvent } from './upstream-event.ts';
import type { FollowOutcome, Snapshot, UpstreamCode, UpstreamError } from './upstream.ts';

/** A stream that brought nothing new and ended sooner than this is not asked for again. */
const LASTED_MS = 1_000;

/** Endings of an open stream after which the rest may be had by asking again. */
const RESUMABLE: readonly UpstreamCode[] = ['UPSTREAM_CUT', 'UPSTREAM_TIMEOUT'];

export type EventStream = Pick<Request, 'method' | 'path' | 'signal'> & {
  readonly maxFrameChars: number;
  /** Asks for it. `done` gives its connection back. */
  open(): Promise<{ readonly answer: Head | Broken; readonly done: () => void }>;
};

/** `ended`: the stream was open and is not any more. */
type StreamOutcome = FollowOutcome | { readonly kind: 'ended'; readonly error: UpstreamError };

export async function* followEvent(stream: EventStream): AsyncGenerator<FollowOutcome> {
  let last: Snapshot | undefined;
  for (;;) {
    const began = performance.now();
    let isNew = false;
    for await (const outcome of readStream(stream)) {
      if (outcome.kind === 'snapshot') {
        if (last && isSame(last, outcome)) continue;
        isNew = true;
        last = outcome;
        yield outcome;
        if (outcome.complete) return;
      } else if (outcome.kind === 'ended') {
        const goesOn = isNew || performance.now() - began >= LASTED_MS;
        if (goesOn && RESUMABLE.includes(outcome.error.code)) break;
        yield { kind: 'failed', error: outcome.error };
        return;
      } else {
        yield outcome;
        return;
      }
    }
  }
}

/** One stream, from its opening to its end: snapshots, then why it ended. */
async function* readStream(stream: EventStream): AsyncGenerator<StreamOutcome> {
  const { answer, done } = await stream.open();
  // It may break off while nobody reads it.
  if (answer.kind === 'head') answer.body.on('error', () => {});
  try {
    if (answer.kind === 'broken') yield { kind: 'failed', error: answer.error };
    else if (answer.status !== 200) yield toEnd(answer.status, nameOf(stream));
    else yield* readSnapshots(answer.body, stream);
  } finally {
    // Whoever leaves in the middle leaves no half-read stream behind.
    if (answer.kind === 'head') answer.body.destroy();
    done();
  }
}

async function* readSnapshots(body: Head['body'], stream: EventStream): AsyncGenerator<StreamOutcome> {
  const name = nameOf(stream);
  let error: UpstreamError = { code: 'UPSTREAM_CUT', message: `${name}: the stream ended too soon.` };
  try {
    for await (const frame of readFrames(body, stream.maxFrameChars)) {
      const event = parseEvent(frame);
      if (event.ok) yield { kind: 'snapshot', event: event.value, complete: !isGrowing(event.value) };
      else yield { kind: 'failed', error: toGarbage(event.what, name) };
    }
  } catch (cause) {
    stream.signal.throwIfAborted();
    error = toConnectionError(cause, 'body', name);
  }
  yield { kind: 'ended', error };
}

async function* readFrames(body: Head['body'], maxFrameChars: number): AsyncGenerator<string> {
  const frames: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => frames.push(data),
    onError({ type }) {
      if (type === 'max-buffer-size-exceeded') throw new FrameTooLargeError();
    },
    maxBufferSize: maxFrameChars,
  });
  for await (const text of body.setEncoding('utf8')) {
    parser.feed(text as string); // an encoding was set
    yield* frames.splice(0);
  }
}

function isSame(before: Snapshot, after: Snapshot): boolean {
  return JSON.stringify(before.event.data) === JSON.stringify(after.event.data);
}

function toEnd(status: number, name: string): FollowOutcome {
  const { verdict, error } = judgeStatus(status, name);
  return { kind: verdict, error };
}
