/**
 * What a program defines: agents and all they know, as the documents they are stored as, with the tools they use and what lives in memory
 * only. `../sdk/` makes it, `apply-definitions.ts` stores it. Ids are part of it: the same program always has the same.
 */
import type { AnyCollection } from '../documents/collection.ts';
import { agentCollection } from '../entities/collections/agent.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { LocalTool } from '../tools/define-tool.ts';
import type { Attachments } from './attachments.ts';

export type DefinedDocument = {
  readonly collection: AnyCollection;
  readonly id: string;
  readonly fields: object;
  /** The entity as its author knows it: `the guideline "asks for a refund"`. */
  readonly what: string;
};

export type Definition = {
  /** Who defines. What a source no longer defines is deleted, so no two definitions of one server have the same. */
  readonly source: string;
  /** In the order they were written. */
  readonly documents: readonly DefinedDocument[];
  /** The program's own functions that they use. */
  readonly tools: readonly LocalTool[];
  readonly attachments: Attachments;
};

/** Throws `InvalidDefinitionError` for what no `define()` has made, for two of one source, and two tools of one name. */
export function checkDefinitions(definitions: readonly Definition[]): void {
  if (!definitions.every(isDefinition)) {
    const reason = 'each must be what define() of a server returns';
    throw new InvalidDefinitionError('what "definitions" lists', reason);
  }
  const twice = firstTwice(definitions.map(({ source }) => source));
  if (twice !== undefined) {
    const remedy = 'give each server a source of its own: createServer({ source: … })';
    throw new InvalidDefinitionError(`the definition "${twice}"`, `it is there twice; ${remedy}`);
  }
  const tools = new Set(definitions.flatMap((definition) => definition.tools));
  const toolTwice = firstTwice([...tools].map(({ id }) => id));
  if (toolTwice !== undefined) {
    throw new InvalidDefinitionError(`the tool "${toolTwice}"`, 'there are two different ones');
  }
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) < at);
}

/** Ids, in the order they were written. */
export function agentsOf(definitions: readonly Definition[]): readonly string[] {
  const documents = definitions.flatMap((definition) => definition.documents);
  return documents.filter(({ collection }) => collection.name === agentCollection.name).map(({ id }) => id);
}

/** Also of plain JavaScript. */
function isDefinition(value: unknown): value is Definition {
  if (typeof value !== 'object' || value === null) return false;
  const { source, documents, tools, attachments }: Partial<Definition> = value;
  const isWhole = Array.isArray(documents) && Array.isArray(tools) && typeof attachments === 'object';
  return typeof source === 'string' && isWhole;
}
