/** What is said where no guideline says anything: small talk, what the agent is there for, and that it does not know. */
import type { MessageInput } from '../../questions/messages.ts';
import type { Scene } from '../conditions/scene.ts';
import { leavesAll } from '../journeys/leaving.ts';
import { smallTalkIn, type SmallTalk } from '../reading/small-talk.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { enumerated } from './show-data.ts';
import { greeting } from './courtesies.ts';
import { introduce } from './introduction.ts';

const abilityLimit = 6;
const quoteLimit = 160;

/** Undefined: it is no small talk. */
export function replyToSmallTalk(input: MessageInput, { latest }: Scene): string | undefined {
  const kind = latest && smallTalkIn(latest.text);
  if (kind === 'thanks' && yesOrNo(latest?.text ?? '') === 'no') return undefined;
  return kind && replies[kind](input);
}

const replies: Readonly<Record<SmallTalk, (input: MessageInput) => string>> = {
  greeting: ({ situation }) => `${greeting(situation)} How can I help you?`,
  wellbeing: () => 'Thank you for asking, all is well here. How can I help you?',
  thanks: () => "You're welcome! Is there anything else I can help you with?",
  farewell: () => 'Goodbye, and all the best!',
  identity: (input) => {
    const able = abilitiesOf(input);
    return `${introduce(input.situation)} ${able === '' ? 'How can I help you?' : `${able} What would you like to do?`}`;
  },
  abilities: (input) => {
    const able = abilitiesOf(input);
    return able === ''
      ? 'Please tell me what you need, and I will see what I can do.'
      : `${able} What would you like to do?`;
  },
};

/** `isForTemplates`: it is compared with texts, so it names what was asked and nothing else. */
export function admitNotKnowing(
  input: MessageInput,
  { talk, latest, isAnswer }: Scene,
  { isForTemplates }: { readonly isForTemplates: boolean },
): string {
  const asked = latest?.text.trim() ?? '';
  const isAsking = !isAnswer && yesOrNo(asked) === undefined && !leavesAll(asked);
  if (isForTemplates && isAsking && asked !== '')
    return `I'm sorry, I have no answer to this: “${shortened(asked)}”`;
  const able = abilitiesOf(input);
  if (!isAsking) return 'All right. Is there anything else I can help you with?';
  const begin = "I'm sorry, I don't have an answer to that.";
  const last = talk.turns.filter(({ speaker }) => speaker === 'agent').slice(-2);
  // The same list once more tells nobody anything.
  if (last.length === 2 && last.every(({ text }) => text.startsWith(begin)))
    return "I don't have an answer to that either. Could you put it in other words?";
  return able === '' ? `${begin} Is there anything else I can help you with?` : `${begin} ${able}`;
}

/** Empty: nobody said what it can do. */
function abilitiesOf({ situation, journeys }: MessageInput): string {
  const titles = [
    ...(situation.scope?.journeys ?? journeys).map(({ title }) => title),
    ...situation.capabilities.map(({ title }) => title),
  ];
  const named = [...new Set(titles.map((title) => title.trim()).filter((title) => title !== ''))];
  if (named.length === 0) return '';
  const shown = named.slice(0, abilityLimit).map((title) => `“${title}”`);
  return `I can help you with: ${enumerated(named.length > abilityLimit ? [...shown, 'more'] : shown)}.`;
}

function shortened(text: string): string {
  return text.length <= quoteLimit ? text : `${text.slice(0, quoteLimit).replace(/\s+\S*$/, '')} …`;
}
