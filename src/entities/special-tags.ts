/**
 * Tags that mean something by themselves and are never stored: `agent:<id>`, `journey:<id>`, `guideline:<id>`, `journey_node:<id>` and
 * `__preamble__`. What they name must exist, and which of them an entity may carry depends on what it is.
 */
import type { AgentDirectory } from '../agents/agent-runner.ts';
import type { Collection } from '../documents/collection.ts';
import type { DocumentReader } from '../documents/document-store.ts';
import { agentCollection } from './collections/agent.ts';
import { preambleTag } from './collections/canned-response.ts';
import { guidelineCollection } from './collections/guideline.ts';
import { journeyCollection, journeyNodeCollection } from './collections/journey.ts';
import type { SpecialTag } from './tag-rules.ts';

export type SpecialTags = {
  /** Of customers, terms and variables: agents'. */
  readonly ofAgents: SpecialTag;
  /** Of guidelines and capabilities: agents' and journeys'. */
  readonly ofAgentsAndJourneys: SpecialTag;
  /** Of canned responses: all of them. */
  readonly all: SpecialTag;
};

export type SpecialTagsOptions = { readonly configured: Pick<AgentDirectory, 'get'> };

export function createSpecialTags({ configured }: SpecialTagsOptions): SpecialTags {
  const agents = naming('agent:', async (documents, id) =>
    Boolean(configured.get(id) ?? (await documents.get(agentCollection, id))),
  );
  const journeys = naming('journey:', exists(journeyCollection));
  const guidelines = naming('guideline:', exists(guidelineCollection));
  const nodes = naming('journey_node:', exists(journeyNodeCollection));
  const preamble: SpecialTag = async (_documents, tagId) => (tagId === preambleTag ? true : undefined);
  return {
    ofAgents: agents,
    ofAgentsAndJourneys: anyOf(agents, journeys),
    all: anyOf(agents, journeys, guidelines, nodes, preamble),
  };
}

function naming(
  prefix: string,
  names: (documents: DocumentReader, id: string) => Promise<boolean>,
): SpecialTag {
  return async (documents, tagId) =>
    tagId.startsWith(prefix) ? names(documents, tagId.slice(prefix.length)) : undefined;
}

function exists<Fields extends object>(collection: Collection<Fields>) {
  return async (documents: DocumentReader, id: string) => (await documents.get(collection, id)) !== undefined;
}

function anyOf(...kinds: readonly SpecialTag[]): SpecialTag {
  return async (documents, tagId) => {
    for (const kind of kinds) {
      const known = await kind(documents, tagId);
      if (known !== undefined) return known;
    }
    return undefined;
  };
}
