/**
 * What was found out about texts: guidelines, steps of journeys, journeys as a whole. A finding belongs to the text and not to whoever has
 * it: the same text is never asked about twice, and an entity whose text was changed has no finding of the old one. So entities stay as
 * their authors wrote them, and what was found stands beside.
 */
import { hash } from 'node:crypto';
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';
import type { Json, JsonObject } from '../../event-log/event.ts';
import type { ToolId } from '../../tools/tool.ts';

export type FindingFields = {
  readonly subject: 'guideline' | 'step' | 'journey';
  /** Who found it: `offline`, `anthropic` … */
  readonly by: string;
  /** Of what was found from the descriptions of tools: made of these. */
  readonly tools: string | null;
  /** As metadata; of a journey `JourneyFound`. What was asked and not found is null. */
  readonly found: JsonObject;
};

/** The id is made of the text. */
export type Finding = Stored<FindingFields>;

export const findingCollection: Collection<FindingFields> = { name: 'findings', noun: 'finding' };

/** What is asked about: the words, and which tools may be run. */
export type Wording = {
  /** Of a step: empty. */
  readonly condition: string;
  /** Null or empty: none, or that of its tools. */
  readonly action: string | null;
  readonly toolIds: readonly ToolId[];
};

export function findingId(subject: FindingFields['subject'], by: string, content: Json): string {
  return hash('sha256', JSON.stringify([subject, by, content]), 'base64url').slice(0, 22);
}

export function wordingId(subject: 'guideline' | 'step', by: string, wording: Wording): string {
  const { condition, action, toolIds } = wording;
  return findingId(subject, by, [condition, action || null, toolIds.toSorted()]);
}

/** The models of one vendor think alike; what offline rules found is asked again of a model. */
export function finderOf({ name }: { readonly name: string }): string {
  return name.split('/', 1)[0] ?? name;
}
