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

/** Throws `InvalidDefinitionError` for what no `define()` has made, and for two of one source. */
export function checkDefinitions(definitions: readonly Definition[]): void {
  const sources = new Set<string>();
  for (const definition of definitions as readonly unknown[]) {
    if (!isDefinition(definition)) {
      throw new InvalidDefinitionError(
        'what "definitions" lists',
        'each must be what define() of a server returns',
      );
    }
    const { source } = definition;
    if (sources.has(source)) {
      const remedy = 'give each server a source of its own: createServer({ source: … })';
      throw new InvalidDefinitionError(`the definition "${source}"`, `it is there twice; ${remedy}`);
    }
    sources.add(source);
  }
}

/** Ids, in the order they were written. */
export function agentsOf(definitions: readonly Definition[]): readonly string[] {
  const documents = definitions.flatMap((definition) => definition.documents);
  return documents.filter(({ collection }) => collection === agentCollection).map(({ id }) => id);
}

/** Also of plain JavaScript. */
function isDefinition(value: unknown): value is Definition {
  if (typeof value !== 'object' || value === null) return false;
  const { source, documents, tools }: Partial<Definition> = value;
  return typeof source === 'string' && Array.isArray(documents) && Array.isArray(tools);
}
