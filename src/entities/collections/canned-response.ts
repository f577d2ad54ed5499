/** What is stored of a canned response: a text an agent may send as it stands, with fields that are filled in. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';
import type { JsonObject } from '../../event-log/event.ts';

/** Says what a field means; for people and models. */
export type ResponseField = {
  readonly name: string;
  readonly description: string;
  readonly examples: readonly string[];
};

export type CannedResponseFields = {
  /** A template; its syntax was checked. */
  readonly value: string;
  readonly fields: readonly ResponseField[];
  /** What the agent might want to say when this is the response to choose. */
  readonly signals: readonly string[];
  /** Of the message event that is made of it. */
  readonly metadata: JsonObject;
  /** Names that must be known besides those in the template. */
  readonly fieldDependencies: readonly string[];
  /** Ids, also `agent:<id>`, `journey:<id>`, `guideline:<id>`, `journey_node:<id>` and `__preamble__`. */
  readonly tags: readonly string[];
};

export type CannedResponse = Stored<CannedResponseFields>;

/** Makes a response a preamble. */
export const preambleTag = '__preamble__';

export const cannedResponseCollection: Collection<CannedResponseFields> = {
  name: 'canned_responses',
  noun: 'canned response',
  members: ['tags'],
};
