/**
 * An answer that takes more than one commit to send: in several messages, or with something that may follow. What all of it is stands in
 * the metadata of the `ready` behind its first message, so that an attempt after a crash goes on where the last one stopped, whatever a
 * model would say now.
 */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { JsonObject, SessionEvent } from '../../event-log/event.ts';
import type { Answer } from './send-answer.ts';

export type BegunAnswer = {
  readonly answer: Answer;
  /** Of all its messages. */
  readonly texts: readonly string[];
  /** A hook refused the rest. */
  readonly isCut: boolean;
};

const key = 'begun_answer';

export function withBegunAnswer(ready: TurnEvent, { answer, texts, isCut }: BegunAnswer): TurnEvent {
  const { text, metadata, origin = null } = answer;
  return { ...ready, metadata: { [key]: { text, metadata, origin, texts, is_cut: isCut } } };
}

/** By earlier attempts at a turn, in order: an answer, and what followed it. */
export function begunAnswers(told: readonly SessionEvent[]): readonly BegunAnswer[] {
  return told.flatMap(({ metadata }) => {
    const begun = metadata[key];
    return isBegun(begun) ? [toBegun(begun)] : [];
  });
}

type Begun = {
  readonly text: string;
  readonly metadata: JsonObject;
  readonly origin: NonNullable<Answer['origin']> | null;
  readonly texts: readonly string[];
  readonly is_cut: boolean;
};

/** Metadata can be patched by anybody who may: what does not look like it is as if it was not there. */
function isBegun(value: unknown): value is Begun {
  if (typeof value !== 'object' || value === null) return false;
  const { text, metadata, origin, texts }: Partial<Begun> = value;
  const isWhole = typeof text === 'string' && typeof metadata === 'object' && metadata !== null;
  if (!isWhole || !Array.isArray(texts) || !texts.every((each) => typeof each === 'string')) return false;
  return origin === null || (typeof origin?.draft === 'string' && Array.isArray(origin.responses));
}

function toBegun({ text, metadata, origin, texts, is_cut: isCut }: Begun): BegunAnswer {
  return { answer: { text, metadata, ...(origin && { origin }) }, texts, isCut };
}
