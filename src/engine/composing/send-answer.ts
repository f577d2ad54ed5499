/**
 * Sends an answer of a canned composer: in one message or several, as its agent's policy wants it, each with a `ready` behind it. The
 * program's hooks have seen every part before the first is sent: what they refuse cannot be committed to.
 */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { JsonObject } from '../../event-log/event.ts';
import { withBegunAnswer } from './begun-answer.ts';
import type { Composing } from './composing.ts';
import { type Moment, sayAll, sayAllButLast } from './commit-moments.ts';
import { withSources } from './drawn-on.ts';
import type { RenderedResponse } from './render-responses.ts';
import { asParts, type MessagePart, splitMessage } from './split-message.ts';
import { ready, toMessage, typing } from './turn-events.ts';

export type Answer = {
  readonly text: string;
  /** Of the response it was made of. */
  readonly metadata: JsonObject;
  /** How it came about; absent: the draft was sent as it is, or there was none. */
  readonly origin?: {
    readonly draft: string;
    /** Ids and texts of what was chosen: one, or none. */
    readonly responses: readonly (readonly [id: string, text: string])[];
  };
};

/** A response, chosen for this draft. */
export function toAnswer({ shownId, text, metadata }: RenderedResponse, draft: string): Answer {
  return { text, metadata, origin: { draft, responses: [[shownId, text]] } };
}

type Manner = {
  /** Something may follow: the last message is not kept back. */
  readonly mayGoOn: boolean;
  /** It follows something: after `typing`, and so long. */
  readonly delaySeconds?: number;
  /** As an earlier attempt has split it; else the agent's policy says how. */
  readonly texts?: readonly string[];
};

export type Sent = {
  /** Of the messages; also those that an earlier attempt has sent. */
  readonly texts: readonly string[];
  /** A hook refused a part, or there was nothing to send. */
  readonly isCut: boolean;
};

/** Rejects, with nothing sent, where a hook fails or the turn is given up. */
export async function sendAnswer(work: Composing, answer: Answer, manner: Manner): Promise<Sent> {
  const { voice, turn, sentBefore } = work;
  const parts = manner.texts ? asParts(manner.texts) : partsOf(work, answer.text);
  const unsent = parts.filter(({ text }) => !sentBefore.take(text));
  const passed = await countPassed(work, unsent);
  turn.signal.throwIfAborted();
  const moments = toMoments(work, { answer, parts: unsent, passed, ...manner });
  await (manner.mayGoOn ? sayAll : sayAllButLast)(voice, moments);
  const refused = new Set(unsent.slice(passed));
  const sent = parts.filter((part) => !refused.has(part));
  return { texts: sent.map(({ text }) => text), isCut: refused.size > 0 || parts.length === 0 };
}

function partsOf({ turn }: Composing, text: string): readonly MessagePart[] {
  if (turn.extensions.policy.splitsMessages) return splitMessage(text);
  const whole = text.trim();
  return whole === '' ? [] : [{ text: whole, pauseSeconds: 0 }];
}

/** How many come before the first that is refused. */
async function countPassed({ hook }: Composing, parts: readonly MessagePart[]): Promise<number> {
  for (const [at, { text }] of parts.entries()) {
    if (!(await hook('messageGenerated', text))) return at;
  }
  return parts.length;
}

type Sending = Manner & {
  readonly answer: Answer;
  readonly parts: readonly MessagePart[];
  readonly passed: number;
};

/** A part that was refused is announced as the others are, and comes to nothing but its `ready`; none comes after it. */
function toMoments({ turn }: Composing, sending: Sending): readonly Moment[] {
  const { answer, parts, passed, delaySeconds } = sending;
  const details = toDetails(answer);
  const first = toFirstReady(sending);
  return parts.slice(0, passed + 1).flatMap(({ text, pauseSeconds }, at) => {
    const metadata = withSources(turn, text, answer.metadata);
    const behind = at === 0 ? first : ready;
    const events = at < passed ? [toMessage(turn, text, { details, metadata }), behind] : [ready];
    const pause = at === 0 ? delaySeconds : pauseSeconds;
    const spoken = { pauseSeconds: pause ?? 0, events };
    return pause === undefined ? [spoken] : [{ pauseSeconds: 0, events: [typing] }, spoken];
  });
}

/** Where a crash could fall between this message and what else there is to send, it says what that is. */
function toFirstReady({ answer, parts, passed, mayGoOn, texts: before }: Sending): TurnEvent {
  const isAllAtOnce = !mayGoOn && parts.length < 2;
  if (before || isAllAtOnce) return ready;
  const texts = parts.slice(0, passed).map(({ text }) => text);
  return withBegunAnswer(ready, { answer, texts, isCut: passed < parts.length });
}

function toDetails({ origin }: Answer): JsonObject {
  return origin ? { draft: origin.draft, canned_responses: origin.responses } : {};
}
