/** A guideline as a question shows it: in the words that were found for it when it was written, where there are such. */
import type { AskedGuideline, FollowedGuideline } from '../../nlp/questions/situation.ts';
import { asObject, asText } from '../journeys/step-metadata.ts';
import type { EngineGuideline, GuidelineMatch } from '../guideline.ts';

/** `n`: what answers call it. */
export function toAskedGuideline(guideline: EngineGuideline, n: string): AskedGuideline {
  const { condition, action, description, metadata } = guideline;
  const intention = asText(metadata['agent_intention_condition']);
  const parts = asObject(metadata[customerDependence]);
  const [customerPart, agentPart] = [asText(parts['customer_action']), asText(parts['agent_action'])];
  return {
    n,
    condition: intention ?? condition,
    action: asText(metadata['internal_action']) ?? (action || null),
    description,
    ...(intention !== undefined && { isAgentIntention: true }),
    ...(isCustomerDependent(guideline) && customerPart !== undefined && { customerPart }),
    ...(isCustomerDependent(guideline) && agentPart !== undefined && { agentPart }),
  };
}

/** As `toAskedGuideline`, with why it applies. */
export function toFollowedGuideline(
  { guideline, rationale, score }: GuidelineMatch,
  n: string,
): FollowedGuideline {
  return {
    ...toAskedGuideline(guideline, n),
    rationale,
    score,
    ...(isCustomerDependent(guideline) && { isCustomerDependent: true }),
  };
}

/** The customer has a part to do before the action is done. */
export function isCustomerDependent({ metadata }: EngineGuideline): boolean {
  return asObject(metadata[customerDependence])['is_customer_dependent'] === true;
}

const customerDependence = 'customer_dependent_action_data';
