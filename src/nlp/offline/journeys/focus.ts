/** Whether the agent spoke of a step when the customer said the latest words: else they are about something else. */
import type { Scene } from '../conditions/scene.ts';
import { asksForAnswer } from '../reading/asking.ts';
import { isClosing } from '../reading/follow-up.ts';
import { lastOfAgent } from '../reading/talk.ts';
import { coverageOf } from './coverage.ts';

/**
 * `asked`: for what the step asks for. `open`: for something, perhaps in other words. `choice`: which of several things the customer
 * means. `nothing`: for nothing.
 */
export type Focus = 'asked' | 'open' | 'choice' | 'nothing';

/** `part`: what is to be done in the step. */
export function focusOf(part: string, { talk, situation }: Pick<Scene, 'talk' | 'situation'>): Focus {
  const said = lastOfAgent(talk);
  if (said === undefined || !asksForAnswer(said) || isClosing(said)) return 'nothing';
  if (coverageOf(part, said.text) >= 0.3) return 'asked';
  const text = said.text.toLowerCase();
  const named = (situation.scope?.journeys ?? []).filter(({ title }) => text.includes(title.toLowerCase()));
  return named.length > 1 ? 'choice' : 'open';
}
