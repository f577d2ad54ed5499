/** The composer of agents that say what was written for them: to the letter, in its manner, or where it fits. */
import type { Composed } from '../stages.ts';
import { GenerationFailure } from './ask-model.ts';
import { type BegunAnswer, begunAnswers } from './begun-answer.ts';
import { attemptAnswer, type CannedAnswer } from './canned-answer.ts';
import { type Candidates, findCandidates, hasCandidates, retrieveCandidates } from './canned-candidates.ts';
import type { Composing } from './composing.ts';
import type { CannedMode } from './effective-mode.ts';
import { sendFollowUp } from './follow-up.ts';
import { type RenderedResponse, renderResponses } from './render-responses.ts';
import { noMatchResponse } from './select-response.ts';
import { type Answer, sendAnswer } from './send-answer.ts';
import { streamAnswer } from './stream-answer.ts';
import { threeAttempts } from './three-attempts.ts';

/** `mode`: of this answer. Silent where no attempt came to an end. */
export async function composeCanned(work: Composing, mode: CannedMode): Promise<Composed> {
  const { nlp, turn } = work;
  const candidates = findCandidates(work);
  const isStreamed = mode === 'canned_fluid' && turn.agent.messageOutputMode === 'stream';
  if (isStreamed && nlp.streamText && !isWritten(candidates))
    return streamAnswer(work, nlp.streamText.bind(nlp));
  const [begun, followed] = begunAnswers(work.voice.told ?? []);
  if (begun) return { said: await goOnWith(work, begun, followed) };
  if (mode === 'strict_canned' && !hasCandidates(candidates)) return sendNoMatch(work);
  return composeInBlock(work, { mode, candidates });
}

/** Somebody has written what to say to what applies: that is not passed over, and cannot be streamed. */
function isWritten({ attached, transient }: Candidates): boolean {
  return attached.length > 0 || transient.length > 0;
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

/** What an earlier attempt has begun to say is said to its end, whatever would be said now. */
async function goOnWith(
  work: Composing,
  { answer, texts, isCut }: BegunAnswer,
  followed: BegunAnswer | undefined,
): Promise<readonly string[]> {
  const draft = isCut ? undefined : draftToFollow(work, answer);
  const sent = await sendAnswer(work, answer, { texts, mayGoOn: draft !== undefined });
  if (draft === undefined || sent.isCut) return sent.texts;
  const followUp = followed
    ? (await sendAnswer(work, followed.answer, { texts: followed.texts, mayGoOn: false })).texts
    : await sendFollowUp(work, { draft, sent: answer.text, others: await othersThan(work, answer, draft) });
  return [...sent.texts, ...followUp];
}

async function othersThan(
  work: Composing,
  { text }: Answer,
  draft: string,
): Promise<readonly RenderedResponse[]> {
  try {
    const near = await retrieveCandidates(work, findCandidates(work), draft);
    return (await renderResponses(work, near)).filter((each) => each.text !== text);
  } catch (error) {
    // The customer has the answer.
    if (error instanceof GenerationFailure) return [];
    throw error;
  }
}

/** Only agents that are strict themselves may have more to say: others would have said it at once. */
async function send(work: Composing, { answer, others }: CannedAnswer): Promise<readonly string[]> {
  const draft = draftToFollow(work, answer);
  const { texts, isCut } = await sendAnswer(work, answer, { mayGoOn: draft !== undefined });
  if (draft === undefined || isCut) return texts;
  const followUp = await sendFollowUp(work, { draft, sent: answer.text, others });
  return [...texts, ...followUp];
}

function draftToFollow({ turn }: Composing, { origin }: Answer): string | undefined {
  return turn.agent.compositionMode === 'strict_canned' ? origin?.draft : undefined;
}
