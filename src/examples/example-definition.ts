/**
 * The agents that come with Colloquy, to try it with: each answers from a small folder of original texts, and leads through one thing step
 * by step. They are made with the same means as anybody's. Demos, not advice.
 */
import type { Definition } from '../definition/definition.ts';
import { createDefining } from '../sdk/defining.ts';
import { createDraft } from '../sdk/draft.ts';
import { exampleSource } from './example-source.ts';
import { defineMedicalWelfare } from './medical-welfare.ts';
import { defineResearchPaper } from './research-paper.ts';

export type ExampleOptions = {
  /** Ids of examples to leave out. */
  readonly without?: readonly string[];
};

const examples = {
  research_paper: defineResearchPaper,
  medical_welfare: defineMedicalWelfare,
};

/** `research_paper` and `medical_welfare`, for `definitions` of `createColloquy` and `defineConfig`. Their texts are read with the first question. */
export function createExampleDefinition({ without = [] }: ExampleOptions = {}): Definition {
  const program = createDefining(createDraft(exampleSource));
  for (const [id, define] of Object.entries(examples)) {
    if (!without.includes(id)) define(program, id);
  }
  return program.define();
}
