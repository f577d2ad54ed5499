/** Terms of an agent's glossary: what words mean where it works. */
import { z } from 'zod';
import { termCollection } from '../entities/collections/term.ts';
import { checkOptions, named } from './check-options.ts';
import { definedId, type Draft } from './draft.ts';
import { chosenId, name, statement, texts, things } from './options.ts';
import { toTagIds, type DefinedTag } from './tag.ts';
import type { AgentScope } from './agent-scope.ts';

export type TermOptions = {
  /** At most 100 characters. */
  readonly name: string;
  readonly description: string;
  /** Other words for it. */
  readonly synonyms?: readonly string[];
  readonly tags?: readonly DefinedTag[];
  /** Default: made of the agent and the name. */
  readonly id?: string;
};

export type DefinedTerm = {
  readonly kind: 'term';
  readonly id: string;
  readonly name: string;
};

const schema = z.strictObject({
  name: name({ max: 100 }),
  description: statement(),
  synonyms: texts.optional(),
  tags: things.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof TermOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createTerm(
  draft: Draft,
  { agentId, agentTag }: AgentScope,
  options: TermOptions,
): DefinedTerm {
  const what = named('term', (options as Partial<TermOptions> | undefined)?.name); // not checked yet
  checkOptions(what, schema, options);
  const { name, description, synonyms = [], tags = [], id = definedId('term', agentId, name) } = options;
  const fields = {
    name,
    description,
    synonyms: [...synonyms],
    tags: [agentTag, ...toTagIds(draft, tags, what)],
  };
  draft.add(termCollection, { id, what, fields });
  return draft.handle({ kind: 'term', id, name });
}
