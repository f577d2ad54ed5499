/** What a question's prompt consists of. */
import type { AnswerOf, QuestionInputs, QuestionName } from '../../questions/questions.ts';
import type { Explained } from './answer-shape.ts';
import type { PromptBuilder } from './prompt-builder.ts';

/** `given`: the situation, told in a few words. */
export type WorkedExample<Name extends QuestionName> = {
  readonly given: string;
  readonly answer: AnswerOf<Name>;
};

export type QuestionPrompt<Name extends QuestionName> = {
  /** Everything but examples and answer. */
  readonly prompt: PromptBuilder;
  readonly answer: Explained<AnswerOf<Name>>;
  readonly examples?: readonly WorkedExample<Name>[];
};

export type PromptOf<Name extends QuestionName> = (input: QuestionInputs[Name]) => QuestionPrompt<Name>;

/** Paragraphs of rules, numbered: models refer to them. */
export function numbered(rules: readonly string[]): string {
  return rules.map((rule, at) => `${at + 1}. ${rule}`).join('\n');
}
