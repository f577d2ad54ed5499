/** Everything that is known, as one agent sees it by its tags. Parts that nothing has changed in stay the very same. */
import type { CannedResponse } from '../../entities/collections/canned-response.ts';
import type { Capability } from '../../entities/collections/capability.ts';
import type { ContextVariable } from '../../entities/collections/context-variable.ts';
import { guidelineTag } from '../../entities/collections/guideline.ts';
import { journeyNodeTag, journeyTag } from '../../entities/collections/journey.ts';
import type { Term } from '../../entities/collections/term.ts';
import { visibleGuidelines, visibleTo, type Viewer } from '../../entities/visibility.ts';
import type { AgentKnowledge, KnownJourney } from '../agent-knowledge.ts';
import type { EngineGuideline } from '../guideline.ts';
import { derived } from './derived.ts';

/** What all agents share. Each answers with the same thing until something of it changes. */
export type Known = {
  /** Enabled ones, without the steps of journeys. */
  readonly guidelines: () => readonly EngineGuideline[];
  readonly journeys: () => readonly KnownJourney[];
  readonly terms: () => readonly Term[];
  readonly variables: () => readonly ContextVariable[];
  readonly capabilities: () => readonly Capability[];
  readonly cannedResponses: () => readonly CannedResponse[];
  readonly relationships: () => AgentKnowledge['relationships'];
  readonly toolsOf: () => AgentKnowledge['toolsOf'];
};

/** Answers with the same thing until something of it changes. */
export function createView(agent: Viewer, known: Known): () => AgentKnowledge {
  const see = <Thing extends { readonly tags: readonly string[] }>(things: () => readonly Thing[]) =>
    derived(
      () => ({ all: things() }),
      ({ all }) => visibleTo(agent, all),
    );
  const journeys = see(known.journeys);
  const terms = see(known.terms);
  const variables = see(known.variables);
  const capabilities = see(known.capabilities);
  const guidelines = derived(
    () => ({ all: known.guidelines(), seen: journeys() }),
    ({ all, seen }) => visibleGuidelines(agent, all, seen.map(toProjected)),
  );
  const cannedResponses = derived(
    () => ({ all: known.cannedResponses(), guidelines: guidelines(), journeys: journeys() }),
    ({ all, ...seen }) => visibleResponses(agent, all, seen),
  );
  return derived(
    () => ({
      guidelines: guidelines(),
      journeys: journeys(),
      terms: terms(),
      variables: variables(),
      capabilities: capabilities(),
      cannedResponses: cannedResponses(),
      relationships: known.relationships(),
      toolsOf: known.toolsOf(),
    }),
    (knowledge) => knowledge,
  );
}

function toProjected({ id, triggers, steps }: KnownJourney) {
  return { id, triggers, projected: steps };
}

/** Also those of its journeys, and of what it may find to apply. */
function visibleResponses(
  agent: Viewer,
  responses: readonly CannedResponse[],
  { guidelines, journeys }: Pick<AgentKnowledge, 'guidelines' | 'journeys'>,
): readonly CannedResponse[] {
  if (responses.length === 0) return responses;
  const alsoTags = [...journeys.map(({ id }) => journeyTag(id)), ...guidelines.map(tagOf)];
  return visibleTo(agent, responses, { alsoTags });
}

function tagOf({ id, journeyNode }: EngineGuideline): string {
  return journeyNode ? journeyNodeTag(journeyNode.nodeId) : guidelineTag(id);
}
