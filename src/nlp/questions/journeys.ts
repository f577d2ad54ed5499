/** Questions about journeys: which step is next, and whether an earlier one must be gone back to. */
import { z } from 'zod';
import type { Situation } from './situation.ts';

/** A step as models see it. */
export type ShownStep = {
  /** As in the journey's paths. */
  readonly index: string;
  readonly kind: 'chat' | 'tool' | 'fork' | 'NA';
  readonly action: string | null;
  readonly description: string | null;
  /** Done as soon as the customer has given this, asked for or not. */
  readonly customerPart?: string;
  /** Done when the agent has said this. */
  readonly agentPart?: string;
  readonly toolIds: readonly string[];
};

export type ShownJourney = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Why it began. */
  readonly triggers: readonly string[];
};

/** A way on from the current step. `n` numbers it from "1". */
export type ShownTransition = {
  readonly n: string;
  /** When it is taken. */
  readonly condition: string;
  /** The steps it leads along; the last one is where it ends. "None": the journey is over. */
  readonly path: readonly string[];
  /** What is done where it ends; null: nothing. */
  readonly action: string | null;
};

export type NextStepInput = {
  readonly situation: Situation;
  readonly journey: ShownJourney;
  readonly current: ShownStep;
  /** Whether the journey begins (again) with this answer: then the current step cannot have been done by the agent yet. */
  readonly isBeginning: boolean;
  readonly transitions: readonly ShownTransition[];
};

/** "0": the current step is not done. "None": the journey is over. Else the number of a transition. */
export const nextStepAnswer = z.object({
  rationale: z.string().nullish(),
  continues: z.boolean(),
  currentCompleted: z.boolean().nullish(),
  choice: z.string().nullable(),
});

export type BacktrackInput = {
  readonly situation: Situation;
  readonly journey: ShownJourney;
  /** All that may be gone to, in the order of the journey, with the steps that follow each. */
  readonly steps: readonly (ShownStep & {
    readonly followUps: readonly { readonly index: string; readonly condition: string | null }[];
  })[];
  readonly previousPath: readonly (string | null)[];
};

/** Must an earlier step be revisited, or the whole begun again? `sameProcess`: for the same purpose as before. */
export const backtrackCheckAnswer = z.object({
  rationale: z.string().nullish(),
  requiresBacktracking: z.boolean(),
  sameProcess: z.boolean().nullish(),
});

/** Where to go back to, which steps are done from there on already, and which is next ("None": over). */
export const backtrackSelectionAnswer = z.object({
  rationale: z.string().nullish(),
  requiresBacktracking: z.boolean().nullish(),
  targetStep: z.string().nullish(),
  advancement: z.array(z.object({ id: z.string(), completed: z.boolean() })),
  nextStep: z.string(),
});
