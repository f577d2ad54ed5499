/** Which canned response says what the draft says, and what is sent where none does. */
import type { ShownTemplate } from '../../nlp/questions/messages.ts';
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import { transientId } from './canned-candidates.ts';
import type { Composing } from './composing.ts';
import type { RenderedResponse } from './render-responses.ts';

/** `draft`: it is sent itself. `noMatch`: nothing fits. */
export type Selection =
  | { readonly kind: 'response'; readonly response: RenderedResponse }
  | { readonly kind: 'draft' }
  | { readonly kind: 'noMatch' };

export type Choosing = {
  readonly draft: string;
  readonly responses: readonly RenderedResponse[];
  /** Nothing may be sent that was not written beforehand. */
  readonly isStrict: boolean;
};

const temperature = 0.1;

/** `GenerationFailure`. */
export async function selectResponse({ ask, input }: Composing, choosing: Choosing): Promise<Selection> {
  const { draft, responses } = choosing;
  const templates = toTemplates(responses);
  const answer = await ask('selection', { ...input, draft, templates }, temperature);
  return toSelection(answer, choosing);
}

/** By their own ids. */
export function toTemplates(responses: readonly RenderedResponse[]): readonly ShownTemplate[] {
  return responses.map(({ id, text, signals = [], isForThis }) => ({
    id,
    text,
    signals,
    ...(isForThis && { isForThis }),
  }));
}

/** An id that nobody knows is no match, also where the draft might be sent: the model meant something else than its draft. */
function toSelection(
  { templateId, quality }: AnswerOf<'selection'>,
  { responses, isStrict }: Choosing,
): Selection {
  const otherwise: Selection = isStrict ? { kind: 'noMatch' } : { kind: 'draft' };
  const isNearEnough = quality === 'high' || (isStrict && quality === 'partial');
  if (!templateId || !isNearEnough) return otherwise;
  const response = responses.find(({ id }) => id === templateId);
  return response ? { kind: 'response', response } : { kind: 'noMatch' };
}

/** The text that says so; it is sent as it stands. */
export async function noMatchResponse({ turn }: Composing): Promise<RenderedResponse> {
  const text = await turn.extensions.noMatch(turn);
  return { id: transientId, shownId: transientId, text, metadata: {} };
}
