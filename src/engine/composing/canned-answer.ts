/**
 * One attempt at an answer of a canned composer: a draft, the responses that come near to it, and one of them, or the draft in their
 * manner, or the draft itself. Says only how far it is; nothing of the answer is sent here.
 */
import { saysNothing } from './ask-model.ts';
import { type Candidates, hasCandidates, retrieveCandidates } from './canned-candidates.ts';
import type { Composing } from './composing.ts';
import type { CannedMode } from './effective-mode.ts';
import { toDraftInput } from './draft-input.ts';
import { type RenderedResponse, renderResponses } from './render-responses.ts';
import { type Choosing, noMatchResponse, selectResponse, toTemplates } from './select-response.ts';
import { type Answer, toAnswer } from './send-answer.ts';
import { articulating, typing } from './turn-events.ts';

export type CannedAnswer = {
  readonly answer: Answer;
  /** What could have been sent besides. */
  readonly others: readonly RenderedResponse[];
};

export type Attempting = {
  readonly mode: CannedMode;
  readonly candidates: Candidates;
  /** Of the draft. */
  readonly temperature: number;
};

/** Undefined: the model does not want to answer. `GenerationFailure`. */
export async function attemptAnswer(
  work: Composing,
  { mode, candidates, temperature }: Attempting,
): Promise<CannedAnswer | undefined> {
  const { voice, hook } = work;
  const isForTemplates = hasCandidates(candidates);
  await voice.emit([isForTemplates ? articulating : typing]);
  const draft = await writeDraft(work, { isForTemplates, temperature });
  if (draft === undefined) return undefined;
  if (!isForTemplates || !(await hook('draftGenerated', draft))) return asDrafted(draft);
  await voice.emit([typing]);
  const near = await retrieveCandidates(work, candidates, draft);
  const responses = await renderResponses(work, near);
  if (mode === 'strict_canned') return choose(work, { draft, responses, isStrict: true });
  if (responses.length === 0) return asDrafted(draft);
  if (mode === 'canned_fluid') return choose(work, { draft, responses, isStrict: false });
  return recompose(work, draft, responses);
}

async function writeDraft(
  { ask, turn, input }: Composing,
  { isForTemplates, temperature }: { readonly isForTemplates: boolean; readonly temperature: number },
): Promise<string | undefined> {
  const { body } = await ask('canned_draft', toDraftInput(turn, input, { isForTemplates }), temperature);
  return body?.trim() ? body : undefined;
}

/** The response is sent, or the draft, or the text that nothing fits. */
async function choose(work: Composing, choosing: Choosing): Promise<CannedAnswer> {
  const { draft, responses } = choosing;
  const selection = await selectResponse(work, choosing);
  if (selection.kind === 'draft') {
    return { answer: { text: draft, metadata: {}, origin: { draft, responses: [] } }, others: responses };
  }
  const chosen = selection.kind === 'response' ? selection.response : await noMatchResponse(work);
  const others = responses.filter((each) => each !== chosen);
  return { answer: toAnswer(chosen, draft), others };
}

const styleTemperature = 1;

/** Says what the draft says as the responses would. */
async function recompose(
  { ask, nlp, turn }: Composing,
  draft: string,
  responses: readonly RenderedResponse[],
): Promise<CannedAnswer> {
  const templates = toTemplates(responses);
  const input = { situation: turn.situation, draft, templates };
  const { text } = await ask('recomposition', input, styleTemperature);
  if (text.trim() === '') throw saysNothing(nlp, 'the rewritten text');
  return { answer: { text, metadata: {}, origin: { draft, responses: [] } }, others: responses };
}

function asDrafted(draft: string): CannedAnswer {
  return { answer: { text: draft, metadata: {} }, others: [] };
}
