/**
 * When a step is done: one that depends on the customer, when what it asks for is known, asked for or not; one that depends on the
 * agent, when the agent said it; a tool step, when its tool ran. Found out when the journey is written, and kept in its metadata; a
 * step of which nothing was found out depends on the agent.
 */
import type { NodeGuideline } from './projection.ts';
import { asObject, asText } from './step-metadata.ts';

export type Completion = {
  readonly isCustomerDependent: boolean;
  readonly isAgentDependent: boolean;
  /** What the customer must do, where that was found out. */
  readonly customerPart: string | undefined;
  readonly agentPart: string | undefined;
};

export function completionOf({ metadata, journeyNode }: NodeGuideline): Completion {
  const found = asObject(metadata['customer_dependent_action_data']);
  const isCustomerDependent = found['is_customer_dependent'] === true;
  const isAgentDependent = found['is_agent_dependent'];
  return {
    isCustomerDependent,
    isAgentDependent:
      typeof isAgentDependent === 'boolean'
        ? isAgentDependent
        : journeyNode.kind === 'chat' && !isCustomerDependent,
    customerPart: asText(found['customer_action']),
    agentPart: asText(found['agent_action']),
  };
}

/** Whether one may go on through it without having stopped there: nothing runs, and the agent need not say anything. */
export function mayBePassed(guideline: NodeGuideline): boolean {
  return guideline.journeyNode.kind !== 'tool' && !completionOf(guideline).isAgentDependent;
}

/** What is done there, in the words that stand alone if such were found; null: nothing. */
export function stepActionOf({ action, metadata }: NodeGuideline): string | null {
  return asText(metadata['internal_action']) ?? (action || null);
}
