/** Tags that stand for something else than a name: what their ids are made of. */

export const tagPrefixes = {
  agent: 'agent:',
  journey: 'journey:',
  journeyNode: 'journey_node:',
  guideline: 'guideline:',
} as const;

export function agentTag(agentId: string): string {
  return tagPrefixes.agent + agentId;
}

export function journeyTag(journeyId: string): string {
  return tagPrefixes.journey + journeyId;
}

export function journeyNodeTag(nodeId: string): string {
  return tagPrefixes.journeyNode + nodeId;
}

export function guidelineTag(guidelineId: string): string {
  return tagPrefixes.guideline + guidelineId;
}
