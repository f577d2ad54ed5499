/** What is stored of a context variable, and of its values, one per key. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';
import type { Json } from '../../event-log/event.ts';
import type { ToolId } from '../../tools/tool.ts';

export type ContextVariableFields = {
  readonly name: string;
  readonly description: string | null;
  /** Fetches a value that is missing or stale. */
  readonly toolId: ToolId | null;
  /** Cron, UTC: a value is stale from the first tick after it was written on. */
  readonly freshnessRules: string | null;
  /** Ids, also `agent:<id>`. */
  readonly tags: readonly string[];
};

export type ContextVariable = Stored<ContextVariableFields>;

export const contextVariableCollection: Collection<ContextVariableFields> = {
  name: 'context_variables',
  noun: 'context variable',
  members: ['tags'],
};

/** The key of a value that is everybody's. Others: a customer's id, `tag:<tag id>`, `agent:<agent id>`. */
export const defaultKey = 'DEFAULT';

export type ContextValueFields = {
  readonly variableId: string;
  readonly key: string;
  readonly data: Json;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
};

/** The id is made of variable and key. */
export type ContextValue = Stored<ContextValueFields>;

export const contextValueCollection: Collection<ContextValueFields> = {
  name: 'context_values',
  noun: 'value',
  indexed: ['variableId'],
};
