/** Whether the agent spoke of a step when the customer said the latest words: else they are about something else. */
import type { Scene } from '../conditions/scene.ts';
import { asksForAnswer } from '../reading/asking.ts';
import { isClosing } from '../reading/follow-up.ts';
import { lastOfAgent, type Turn } from '../reading/talk.ts';
import { coverageOf } from './coverage.ts';

/**
 * `asked`: for what the step asks for. `open`: for something, perhaps in other words. `other`: for something else, the step came before.
 * `choice`: which of several things the customer means. `nothing`: for nothing.
 */
export type Focus = 'asked' | 'open' | 'other' | 'choice' | 'nothing';

/** `part`: what is to be done in the step. */
export function focusOf(part: string, { talk, situation }: Pick<Scene, 'talk' | 'situation'>): Focus {
  const said = lastOfAgent(talk);
  if (said === undefined || !asksForAnswer(said) || isClosing(said)) return 'nothing';
  if (asksFor(part, said)) return 'asked';
  const text = said.text.toLowerCase();
  const named = (situation.scope?.journeys ?? []).filter(({ title }) => text.includes(title.toLowerCase()));
  if (named.length > 1) return 'choice';
  return wasAsked(part, talk) ? 'other' : 'open';
}

/** At any time, in words of its own. */
export function wasAsked(part: string, { turns }: Scene['talk']): boolean {
  return turns.some((turn) => turn.speaker === 'agent' && asksFor(part, turn));
}

function asksFor(part: string, turn: Turn): boolean {
  return asksForAnswer(turn) && coverageOf(part, turn.text) > 0.5;
}
