/** Guidelines and journeys for tests of the engine: what is not said is as of one of which nothing is known. */
import type { EngineGuideline, EngineJourney, JourneyNodeOf } from '../../src/engine/guideline.ts';

/** `journeyNodeOf`: a step of this journey that talks. */
export function engineGuideline(
  id: string,
  {
    journeyNodeOf,
    ...given
  }: Partial<EngineGuideline> & { readonly journeyNodeOf?: string | undefined } = {},
): EngineGuideline {
  return {
    id,
    condition: `condition of ${id}`,
    action: `action of ${id}`,
    description: null,
    criticality: 'medium',
    priority: 0,
    track: true,
    compositionMode: null,
    labels: [],
    tags: [],
    metadata: {},
    ...(journeyNodeOf !== undefined && { journeyNode: chatNode(journeyNodeOf, id) }),
    ...given,
  };
}

export function engineJourney(id: string, given: Partial<EngineJourney> = {}): EngineJourney {
  return { id, priority: 0, tags: [], triggers: [], ...given };
}

function chatNode(journeyId: string, nodeId: string): JourneyNodeOf {
  return { journeyId, nodeId, index: '1', followUps: [], kind: 'chat', labels: [], toolIds: [], extra: {} };
}
