/** Capabilities: what an agent can do for a customer, so that it can offer it, and how customers ask for it. */
import { z } from 'zod';
import { capabilityCollection } from '../entities/collections/capability.ts';
import type { AgentScope } from './agent-scope.ts';
import { checkOptions, named } from './check-options.ts';
import { definedId, type Draft } from './draft.ts';
import { chosenId, name, statement, texts, things } from './options.ts';
import { toTagIds, type DefinedTag } from './tag.ts';

export type CapabilityOptions = {
  /** At most 100 characters. */
  readonly title: string;
  readonly description: string;
  /** Phrases that ask for it. */
  readonly signals?: readonly string[];
  readonly tags?: readonly DefinedTag[];
  /** Default: made of the agent and the title. */
  readonly id?: string;
};

export type DefinedCapability = {
  readonly kind: 'capability';
  readonly id: string;
  readonly title: string;
};

const schema = z.strictObject({
  title: name({ max: 100 }),
  description: statement(),
  signals: texts.optional(),
  tags: things.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof CapabilityOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createCapability(
  draft: Draft,
  { agentId, agentTag }: AgentScope,
  options: CapabilityOptions,
): DefinedCapability {
  const what = named('capability', (options as Partial<CapabilityOptions> | undefined)?.title); // not checked yet
  checkOptions(what, schema, options);
  const {
    title,
    description,
    signals = [],
    tags = [],
    id = definedId('capability', agentId, title),
  } = options;
  const fields = {
    title,
    description,
    signals: [...signals],
    tags: [agentTag, ...toTagIds(draft, tags, what)],
  };
  draft.add(capabilityCollection, { id, what, fields });
  return draft.handle({ kind: 'capability', id, title });
}
