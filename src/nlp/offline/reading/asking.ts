/** Whether somebody who speaks wants an answer. */
import { messageOf, type Turn } from './talk.ts';

/** Whether the agent asked for something there. */
export function asksForAnswer(turn: Turn): boolean {
  return messageOf(turn).sentences.some(
    ({ text, form }) => text.trimEnd().endsWith('?') || form === 'question' || calling.test(text),
  );
}

const calling =
  /\b(?:please|could you|can you) (?:\w+ )?(?:tell|provide|give|share|enter|confirm|choose|pick|select|send|specify|say|type|let)\b|\blet me know\b/i;
