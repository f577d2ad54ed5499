/** Answers to the questions of what to say. */
import type { CannedDraftInput, MessageInput } from '../../questions/messages.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { compose } from './compose.ts';

export function answerFluidMessage(input: MessageInput): AnswerOf<'fluid_message'> {
  const { text } = compose(input, { preamble: null, isForTemplates: false });
  if (text === null) return { producedReply: false, revisions: [] };
  return {
    producedReply: true,
    revisions: [{ content: text, isRepeat: false, followedAll: true }],
  };
}

export function answerCannedDraft(input: CannedDraftInput): AnswerOf<'canned_draft'> {
  const { preamble, isForTemplates } = input;
  return {
    guidelines: input.guidelines.flatMap(({ action }) => action ?? []),
    preambleSent: preamble,
    body: compose(input, { preamble, isForTemplates }).text,
  };
}
