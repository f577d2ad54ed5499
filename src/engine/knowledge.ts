/**
 * What agents know, in memory, in step with what is stored: guidelines, journeys as guidelines, and all the rest, put together for an
 * agent when a turn asks for it and kept until something of it changes. A change costs the next turn as much as there is, once.
 */
import { agentCollection } from '../entities/collections/agent.ts';
import { cannedResponseCollection } from '../entities/collections/canned-response.ts';
import { capabilityCollection } from '../entities/collections/capability.ts';
import { contextVariableCollection } from '../entities/collections/context-variable.ts';
import { guidelineCollection, toolAssociationCollection } from '../entities/collections/guideline.ts';
import {
  journeyCollection,
  journeyEdgeCollection,
  journeyNodeCollection,
} from '../entities/collections/journey.ts';
import { relationshipCollection } from '../entities/collections/relationship.ts';
import { termCollection } from '../entities/collections/term.ts';
import { openLiveCollection, type LiveSource } from '../entities/live-collection.ts';
import type { Viewer } from '../entities/visibility.ts';
import type { AgentKnowledge } from './agent-knowledge.ts';
import { type FoundOut, nothingFoundOut } from './indexing/found-out.ts';
import { derived, isSame } from './knowledge/derived.ts';
import { createProjector } from './knowledge/known-journeys.ts';
import { toToolsOf } from './knowledge/known-tools.ts';
import { createView, type Known } from './knowledge/view.ts';
import { indexRelationships } from './relational-resolver/relationship-index.ts';

export interface Knowledge {
  /** As of now. The very same until something of it changes; what was given out is never changed. */
  of(agent: Viewer): AgentKnowledge;
  /** From now on it knows what it knows. */
  close(): void;
}

export type KnowledgeOptions = {
  readonly documents: LiveSource;
  /** What was found out about it when it was written; default: nothing. */
  readonly found?: FoundOut;
};

/** Reads everything. */
export async function openKnowledge({
  documents,
  found = nothingFoundOut,
}: KnowledgeOptions): Promise<Knowledge> {
  const { source, stop } = stoppable(documents);
  const known = await openKnown(source, found);
  const views = new Map<string, { readonly tags: readonly string[]; readonly view: () => AgentKnowledge }>();
  source.onCommitted((changes) => {
    for (const { collection, id } of changes) if (collection === agentCollection.name) views.delete(id);
  });
  return {
    of(agent) {
      const { id, tags } = agent;
      const before = views.get(id);
      if (before && isSame(before.tags, tags)) return before.view();
      const view = createView({ id, tags }, known);
      views.set(id, { tags, view });
      return view();
    },
    close: stop,
  };
}

async function openKnown(source: LiveSource, found: FoundOut): Promise<Known> {
  const [guidelines, associations, relationships] = await Promise.all([
    openLiveCollection(source, guidelineCollection),
    openLiveCollection(source, toolAssociationCollection),
    openLiveCollection(source, relationshipCollection),
  ]);
  const [journeys, nodes, edges] = await Promise.all([
    openLiveCollection(source, journeyCollection),
    openLiveCollection(source, journeyNodeCollection),
    openLiveCollection(source, journeyEdgeCollection),
  ]);
  const [terms, variables, capabilities, cannedResponses] = await Promise.all([
    openLiveCollection(source, termCollection),
    openLiveCollection(source, contextVariableCollection),
    openLiveCollection(source, capabilityCollection),
    openLiveCollection(source, cannedResponseCollection),
  ]);
  const projected = derived(
    () => ({ journeys: journeys.list(), nodes: nodes.list(), edges: edges.list(), found: found.version }),
    createProjector(found),
  );
  return {
    // Stored guidelines have everything that the engine asks of one: they are used as they are, with what was found out.
    guidelines: derived(
      () => ({ all: guidelines.list(), associations: associations.list(), found: found.version }),
      ({ all, associations: ofAll }) => {
        const toolsOf = Map.groupBy(ofAll, ({ guidelineId }) => guidelineId);
        const toolIds = (id: string) => (toolsOf.get(id) ?? []).map(({ toolId }) => toolId);
        return all
          .filter(({ enabled }) => enabled)
          .map((guideline) => found.guideline(guideline, toolIds(guideline.id)));
      },
    ),
    journeys: projected,
    terms: () => terms.list(),
    variables: () => variables.list(),
    capabilities: () => capabilities.list(),
    cannedResponses: () => cannedResponses.list(),
    relationships: derived(
      () => ({ all: relationships.list() }),
      ({ all }) => indexRelationships(all),
    ),
    toolsOf: derived(() => ({ associations: associations.list(), journeys: projected() }), toToolsOf),
  };
}

/** Documents whose listeners can all be stopped at once. */
function stoppable(documents: LiveSource): { readonly source: LiveSource; readonly stop: () => void } {
  const stops: (() => void)[] = [];
  return {
    source: {
      find: (collection, query) => documents.find(collection, query),
      onCommitted(listener) {
        const stop = documents.onCommitted(listener);
        stops.push(stop);
        return stop;
      },
    },
    stop: () => stops.forEach((stop) => stop()),
  };
}
