/** Who the agent is: its name, and of its description only what speaks of it, as descriptions may hold orders to a model. */
import type { Situation } from '../../questions/situation.ts';
import { toSentences } from '../reading/message.ts';

const lengthLimit = 240;
/** "Tells people …", "Answers for …". */
const doing = /^(\p{L}+[^s\P{L}]s|does|goes)(?= )/u;

export function introduce({ agent }: Pick<Situation, 'agent'>): string {
  const { name } = agent;
  const [first = ''] = toSentences(agent.description ?? '');
  const text = first.trim().replace(/[.!]+$/, '');
  const who = name.trim() === '' ? 'I am' : `I am ${name.trim()},`;
  if (text === '' || text.length > lengthLimit || isOrder(text)) return `${who} a program.`;
  if (doing.test(`${text.charAt(0).toUpperCase()}${text.slice(1)}`))
    return `${who} a program that ${text.charAt(0).toLowerCase()}${text.slice(1)}.`;
  return /^(?:an?|the) /i.test(text)
    ? `${who} a program: ${text.charAt(0).toLowerCase()}${text.slice(1)}.`
    : `${who} a program.`;
}

/** "You are …", "Always …": said to a model and to nobody else. */
function isOrder(text: string): boolean {
  return /\b(?:you|your|yourself|never|always|must|do not|don't)\b/i.test(text);
}
