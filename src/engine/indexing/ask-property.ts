/** The questions behind the properties, and what an answer makes of the metadata. Each is asked three times at most. */
import type { Json, JsonObject } from '../../event-log/event.ts';
import type { GuidelineText } from '../../nlp/questions/indexing.ts';
import type { AnswerOf, QuestionInputs, QuestionName } from '../../nlp/questions/questions.ts';
import { madeOfTools, type Property } from './properties.ts';

/** Resolves with the first answer that `take` does not throw on; rejects with the last failure. */
export type AskUsable = <Name extends QuestionName, Result>(asking: {
  readonly question: Name;
  readonly input: QuestionInputs[Name];
  readonly take: (answer: AnswerOf<Name>) => Result;
}) => Promise<Result>;

const askingFor: Readonly<Record<Property, (text: GuidelineText, ask: AskUsable) => Promise<Json>>> = {
  internal_action: (input, ask) => ask({ question: 'action_proposal', input, take: takeAction }),
  continuous: (input, ask) =>
    ask({ question: 'continuous', input, take: ({ isContinuous }) => isContinuous }),
  customer_dependent_action_data: (input, ask) =>
    ask({ question: 'customer_dependence', input, take: takeParts }),
  agent_intention_condition: (input, ask) => ask({ question: 'agent_intention', input, take: takeIntention }),
  tool_running_only: (input, ask) =>
    ask({ question: 'tool_running', input, take: ({ isToolRunningOnly }) => isToolRunningOnly }),
};

export type Answers = { readonly answers: JsonObject; readonly failures: readonly unknown[] };

/** First what to do, where that is not said; the other questions are about it. `known`: what was found before. */
export async function askProperties(
  properties: readonly Property[],
  { text, known, ask }: { readonly text: GuidelineText; readonly known: JsonObject; readonly ask: AskUsable },
): Promise<Answers> {
  const first = properties.filter((property) => property === 'internal_action');
  const proposed = await settle(first, (property) => askingFor[property](text, ask));
  if (proposed.failures.length > 0) return proposed;
  const action = text.action ?? proposed.answers['internal_action'] ?? known['internal_action'];
  const about = { ...text, action: typeof action === 'string' ? action : null };
  const rest = properties.filter((property) => property !== 'internal_action');
  const others = await settle(rest, (property) => {
    const isAboutTools = madeOfTools.includes(property);
    return askingFor[property](isAboutTools ? about : { ...about, tools: [] }, ask);
  });
  return { answers: { ...proposed.answers, ...others.answers }, failures: others.failures };
}

async function settle(
  properties: readonly Property[],
  ask: (property: Property) => Promise<Json>,
): Promise<Answers> {
  const results = await Promise.allSettled(properties.map(ask));
  const answers = properties.flatMap((property, at) => {
    const result = results[at];
    return result?.status === 'fulfilled' ? [[property, result.value] as const] : [];
  });
  const failures = results.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  return { answers: Object.fromEntries(answers), failures };
}

function takeAction({ action }: AnswerOf<'action_proposal'>): string {
  if (action.trim() === '') throw new Error('The proposed action is empty.');
  return action;
}

function takeParts(answer: AnswerOf<'customer_dependence'>): JsonObject {
  const { isCustomerDependent, customerAction, agentAction } = answer;
  return {
    is_customer_dependent: isCustomerDependent,
    customer_action: customerAction ?? null,
    agent_action: agentAction ?? null,
  };
}

function takeIntention({ isAgentIntention, rewrittenCondition }: AnswerOf<'agent_intention'>): string | null {
  if (!isAgentIntention) return null;
  if (!rewrittenCondition?.trim()) throw new Error('The rewritten condition is empty.');
  return rewrittenCondition;
}
