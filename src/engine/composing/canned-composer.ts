/** The composer of agents that say what was written for them: to the letter, in its manner, or where it fits. */
import type { Composed } from '../stages.ts';
import { attemptAnswer, type CannedAnswer } from './canned-answer.ts';
import { type Candidates, findCandidates, hasCandidates } from './canned-candidates.ts';
import type { Composing } from './composing.ts';
import type { CannedMode } from './effective-mode.ts';
import { sendFollowUp } from './follow-up.ts';
import { noMatchResponse } from './select-response.ts';
import { sendAnswer } from './send-answer.ts';
import { streamAnswer } from './stream-answer.ts';
import { threeAttempts } from './three-attempts.ts';

/** `mode`: of this answer. Silent where no attempt came to an end. */
export async function composeCanned(work: Composing, mode: CannedMode): Promise<Composed> {
  const { nlp, turn } = work;
  const isStreamed = mode === 'canned_fluid' && turn.agent.messageOutputMode === 'stream';
  if (isStreamed && nlp.streamText) return streamAnswer(work, nlp.streamText.bind(nlp));
  const candidates = findCandidates(work);
  if (mode === 'strict_canned' && !hasCandidates(candidates)) return sendNoMatch(work);
  return composeInBlock(work, { mode, candidates });
}

/** Nothing may be said: no model is asked. */
async function sendNoMatch(work: Composing): Promise<Composed> {
  const { text, metadata } = await noMatchResponse(work);
  const { texts } = await sendAnswer(work, { text, metadata }, { mayGoOn: false });
  return { said: texts };
}

async function composeInBlock(
  work: Composing,
  about: { readonly mode: CannedMode; readonly candidates: Candidates },
): Promise<Composed> {
  const attempted = await threeAttempts(async (temperature) => {
    const result = await attemptAnswer(work, { ...about, temperature });
    return { result, isGood: result !== undefined };
  });
  if (attempted.kind === 'failed') return { said: [], gaveUp: attempted.error };
  return { said: attempted.result ? await send(work, attempted.result) : [] };
}

/** Only agents that are strict themselves may have more to say: others would have said it at once. */
async function send(work: Composing, { answer, others }: CannedAnswer): Promise<readonly string[]> {
  const { origin } = answer;
  const mayGoOn = origin !== undefined && work.turn.agent.compositionMode === 'strict_canned';
  const { texts, isCut } = await sendAnswer(work, answer, { mayGoOn });
  if (!mayGoOn || isCut) return texts;
  const followUp = await sendFollowUp(work, { draft: origin.draft, sent: answer.text, others });
  return [...texts, ...followUp];
}
