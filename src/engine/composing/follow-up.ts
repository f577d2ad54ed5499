/** One more response behind an answer that was already sent, where it left something of the draft unsaid. */
import { GenerationFailure } from './ask-model.ts';
import type { CannedAnswer } from './canned-answer.ts';
import type { Composing } from './composing.ts';
import { type Answer, sendAnswer, toAnswer } from './send-answer.ts';

const temperature = 0.1;

export type Sending = {
  readonly draft: string;
  /** As it was sent. */
  readonly sent: string;
  /** Of which one may follow. */
  readonly others: CannedAnswer['others'];
};

/** The texts that were sent: none when a model could not tell, or the turn was given up in the meantime, for it has its answer. */
export async function sendFollowUp(work: Composing, sending: Sending): Promise<readonly string[]> {
  const { turn } = work;
  try {
    const answer = await chooseFollowUp(work, sending);
    if (!answer) return [];
    const delaySeconds = turn.extensions.policy.followUpDelayMs() / 1_000;
    const { texts } = await sendAnswer(work, answer, { mayGoOn: false, delaySeconds });
    return texts;
  } catch (error) {
    if (error instanceof GenerationFailure || turn.signal.aborted) return [];
    throw error;
  }
}

async function chooseFollowUp(
  { ask, input }: Composing,
  { draft, sent, others }: Sending,
): Promise<Answer | undefined> {
  const templates = others.map(({ text }, at) => ({ id: `${at + 1}`, text }));
  const asked = await ask('follow_up', { ...input, draft, sent, templates }, temperature);
  const { isRequired, templateNumber, remainingDraft } = asked;
  if (!isRequired) return undefined;
  const chosen = others.find((_, at) => templates[at]?.id === templateNumber);
  return chosen && toAnswer(chosen, remainingDraft ?? draft);
}
