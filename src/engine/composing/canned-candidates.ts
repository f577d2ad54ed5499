/** Which canned responses may be sent in a turn, and which of them come near to what the agent wants to say. */
import type { CannedResponse } from '../../entities/collections/canned-response.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { TurnContext } from '../turn-context.ts';
import { generated } from './ask-model.ts';
import type { Composing } from './composing.ts';
import { matchesOf } from './message-input.ts';
import { sendableResponses } from './template-fields.ts';
import { isFor, isPreamble, visibleResponses } from './visible-responses.ts';

/** What the wire calls responses that are stored nowhere. */
export const transientId = '<transient>';

export type Candidate = {
  /** One of its own. */
  readonly id: string;
  /** As the message event tells it. */
  readonly shownId: string;
  /** A template. */
  readonly value: string;
  /** Phrases that it answers, or says as well. */
  readonly signals?: readonly string[];
  /** It belongs to a guideline or a state of a journey that applies. */
  readonly isForThis?: true;
  readonly metadata: JsonObject;
};

export type Candidates = {
  /** Stored; all their fields are there. */
  readonly stored: readonly CannedResponse[];
  /** Stored, and written for a guideline that applies, whatever their fields. */
  readonly attached: readonly CannedResponse[];
  /** Handed over by tools. */
  readonly transient: readonly Candidate[];
};

export function findCandidates({ turn, fields, readTemplate }: Composing): Candidates {
  const visible = visibleResponses(turn).filter((response) => !isPreamble(response));
  const matches = matchesOf(turn);
  return {
    stored: sendableResponses(visible, fields, readTemplate),
    attached: visible.filter((response) => matches.some((match) => isFor(response, match))),
    transient: transientResponses(turn),
  };
}

export function hasCandidates({ stored, transient }: Candidates): boolean {
  return stored.length > 0 || transient.length > 0;
}

export function visiblePreambles(turn: TurnContext): readonly Candidate[] {
  return visibleResponses(turn).filter(isPreamble).map(toCandidate);
}

const nearest = 30;
const nearEnough = 0.4;

/** The nearest ones first, then those that were written for what applies, then those of tools; each once. `GenerationFailure`. */
export async function retrieveCandidates(
  { nlp, turn }: Composing,
  { stored, attached, transient }: Candidates,
  draft: string,
): Promise<readonly Candidate[]> {
  const { signal } = turn;
  const findable = stored.map(({ id, value, signals }) => ({ id, texts: [value, ...signals] }));
  const ranked = findable.length === 0 ? [] : await generated(nlp.rank(draft, findable, { signal }), signal);
  const byId = new Map(stored.map((response) => [response.id, response]));
  const near = ranked
    .filter(({ score }) => score >= nearEnough)
    .slice(0, nearest)
    .flatMap(({ id }) => byId.get(id) ?? []);
  const forThis = new Set(attached);
  return [...new Set([...near, ...attached])]
    .map((response) => ({
      ...toCandidate(response),
      ...(forThis.has(response) && { isForThis: true as const }),
    }))
    .concat(transient);
}

function toCandidate({ id, value, signals, metadata }: CannedResponse): Candidate {
  return { id, shownId: id, value, signals, metadata };
}

/** Numbered, because one of them must be told from the other when it is chosen. */
function transientResponses({ staged }: TurnContext): readonly Candidate[] {
  const values = staged.flatMap(({ result }) => result.cannedResponses);
  return values.map((value, at) => ({
    id: `<transient-${at + 1}>`,
    shownId: transientId,
    value,
    metadata: {},
  }));
}
