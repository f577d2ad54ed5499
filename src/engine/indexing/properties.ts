/** What can be asked about a guideline or a step by itself, as metadata. */
import type { JsonObject } from '../../event-log/event.ts';
import type { Wording } from './finding.ts';

export type Property =
  /** What to do, where there are only tools. */
  | 'internal_action'
  /** Goes on for the whole conversation. */
  | 'continuous'
  /** The customer has a part in it. */
  | 'customer_dependent_action_data'
  /** The condition, where it is about what the agent is about to say. */
  | 'agent_intention_condition'
  /** It does nothing but run its tools. */
  | 'tool_running_only';

/** Made of the descriptions of tools: asked again when these change. */
export const madeOfTools: readonly Property[] = ['internal_action', 'tool_running_only'];

/** What makes sense to ask. `own`: metadata that somebody else has written: that is not asked. */
export function propertiesOf(
  subject: 'guideline' | 'step',
  { condition, action, toolIds }: Wording,
  own: JsonObject = {},
): readonly Property[] {
  const hasTools = toolIds.length > 0;
  const doesSomething = Boolean(action) || hasTools;
  const asked: readonly (readonly [Property, boolean])[] = [
    ['internal_action', !action && hasTools],
    ['customer_dependent_action_data', doesSomething],
    ['continuous', subject === 'guideline' && doesSomething],
    ['agent_intention_condition', subject === 'guideline' && condition !== ''],
    ['tool_running_only', subject === 'step' && hasTools],
  ];
  return asked.flatMap(([property, isAsked]) => (isAsked && !Object.hasOwn(own, property) ? [property] : []));
}
