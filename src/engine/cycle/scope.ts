/** What an agent is there for at large: journeys and conditions of everything it knows, whether or not they play a part now. */
import type { ShownScope } from '../../nlp/questions/situation.ts';
import type { AgentKnowledge } from '../agent-knowledge.ts';
import { toAskedGuideline } from '../matching/asked-guideline.ts';

const shown = new WeakMap<AgentKnowledge, ShownScope>();

/** The same object as long as the agent knows the same. */
export function toScope(knowledge: AgentKnowledge): ShownScope {
  const known = shown.get(knowledge);
  if (known) return known;
  const scope = {
    journeys: knowledge.journeys.map(({ title, description }) => ({ title, description })),
    // The conditions of steps are only asked about within their journeys.
    conditions: knowledge.guidelines
      .filter(({ journeyNode }) => !journeyNode)
      .map((guideline) => toAskedGuideline(guideline, '').condition)
      .filter((condition) => condition !== ''),
  };
  shown.set(knowledge, scope);
  return scope;
}
