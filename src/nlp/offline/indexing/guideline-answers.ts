/** What is found out about guidelines when they are written. */
import type { GuidelineText } from '../../questions/indexing.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { dependsOnCustomer, readAction } from '../actions/read-action.ts';
import { humanised } from '../conditions/facts.ts';

/** What its tools do, as they say themselves. */
export function answerActionProposal({ tools }: GuidelineText): AnswerOf<'action_proposal'> {
  const told = tools.map(({ tool }) => {
    const description = tool.description.trim().split(/(?<=[.!?])\s|\n/)[0] ?? '';
    const name = humanised(tool.name);
    return description === '' ? `use the tool “${name}”` : `${name}: ${description.replace(/\.$/, '')}`;
  });
  return { rationale: 'It has tools and no action.', action: told.join('; and ') };
}

const lasting =
  /\b(?:always|never|at all times|all the time|throughout|during the (?:whole |entire )?(?:conversation|interaction)|in (?:every|all|each) (?:message|response|repl|answer)|every (?:message|response|reply|answer)|whenever|from now on|as long as|until|avoid|continue to|keep (?:in mind|using|being|calling|addressing|it|your|the))/i;

/** A manner goes on; something to say is done once it is said. */
export function answerContinuous({ condition, action }: GuidelineText): AnswerOf<'continuous'> {
  const { parts } = readAction(action ?? '');
  const isManner = parts.length > 0 && parts.every(({ kind }) => kind === 'manner' || kind === 'refrain');
  const isContinuous =
    action !== null && (isManner || lasting.test(action) || /\b(?:always|at all times)\b/i.test(condition));
  return {
    rationale: isContinuous ? 'It goes on for the whole conversation.' : 'It is done once.',
    isContinuous,
  };
}

export function answerCustomerDependence({ action }: GuidelineText): AnswerOf<'customer_dependence'> {
  const isCustomerDependent = action !== null && dependsOnCustomer(action);
  if (!isCustomerDependent) return { rationale: 'The agent does it alone.', isCustomerDependent: false };
  const asked = readAction(action).parts.flatMap((part) =>
    part.kind === 'ask' || part.kind === 'confirm' || part.kind === 'offer' ? [part] : [],
  );
  const verbs = { ask: 'tell', confirm: 'confirm', offer: 'accept or decline' } as const;
  return {
    rationale: 'It asks the customer for something.',
    isCustomerDependent: true,
    customerAction: `The customer must ${asked.map(({ kind, text }) => `${verbs[kind]} ${text}`).join(' and ')}`,
    agentAction: action,
  };
}

const intending =
  /^(?:when(?:ever)? |if |once |before )?(?:you|the agent|the assistant|agent) (?:(?:are|is|'re) (?:about|going|likely|planning) to|(?:are|is|'re) (?:discussing|offering|recommending|suggesting|mentioning|talking|explaining|providing|giving|asking|presenting|describing|writing|responding|replying|answering)|will|would|plans? to|intends? to|discuss(?:es)?|offers?|recommends?|suggests?|mentions?|talks?|says?|speaks?|explains?|provides?|asks?|presents?)\b/i;

/** "You recommend a product" is about what is likely to be said. */
export function answerAgentIntention({ condition }: GuidelineText): AnswerOf<'agent_intention'> {
  const match = intending.exec(condition.trim());
  if (!match) return { rationale: 'It is about what has happened.', isAgentIntention: false };
  const isLikely = /\blikely to\b/i.test(match[0]);
  const rest = condition
    .trim()
    .replace(/^(?:when(?:ever)? |if |once |before )?(?:you|the agent|the assistant|agent)\s+/i, '');
  const plain = rest
    .replace(/^(?:are|is|'re)\s+(?:about|going|likely|planning)\s+to\s+/i, '')
    .replace(/^(?:will|would|plans? to|intends? to)\s+/i, '')
    .replace(/^(?:are|is|'re)\s+(\p{L}+?)ing\b/iu, '$1');
  return {
    rationale: 'It is about what the agent is about to say.',
    isAgentIntention: true,
    rewrittenCondition: isLikely
      ? condition
      : `The agent is likely to ${plain.replace(/^(\p{L}+?)(?:s)\b/iu, verbStem)}`,
  };
}

function verbStem(word: string, stem: string): string {
  return /(?:ss|us|is)$/i.test(word) ? word : stem;
}

/** Nothing of it is said or asked. */
export function answerToolRunning({ action, tools }: GuidelineText): AnswerOf<'tool_running'> {
  const { parts } = readAction(action ?? '');
  const isToolRunningOnly = tools.length > 0 && parts.every(({ kind }) => kind === 'do');
  return {
    rationale: isToolRunningOnly ? 'Its tools are all there is to do.' : 'Something is said as well.',
    isToolRunningOnly,
  };
}
