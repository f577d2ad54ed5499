/** Questions about what to say. */
import { z } from 'zod';
import type { Json } from '../../event-log/event.ts';
import type { AskedGuideline, FollowedGuideline, Situation } from './situation.ts';

/** A tool's parameter that is not known, or was given wrongly. */
export type ProblemParameter = {
  /** As it is called towards the customer. */
  readonly parameter: string;
  readonly description: string | null;
  readonly significance: string | null;
  readonly examples: readonly string[];
  /** The values it may have. */
  readonly choices: readonly (string | number)[];
  /** What was given; absent: nothing. */
  readonly value?: Json;
};

/** A passage of the agent's knowledge that may answer the customer. */
export type ShownPassage = { readonly source: string; readonly text: string };

/** What everything that is said is made from. */
export type MessageInput = {
  readonly situation: Situation;
  readonly guidelines: readonly FollowedGuideline[];
  /** Of low criticality: to be kept in mind. */
  readonly principles: readonly AskedGuideline[];
  /** Active ones. */
  readonly journeys: readonly { readonly title: string; readonly description: string }[];
  readonly missing: readonly ProblemParameter[];
  readonly invalid: readonly ProblemParameter[];
};

/** A text that could be sent, numbered from "1" or by its own id. */
export type ShownTemplate = {
  readonly id: string;
  readonly text: string;
  /** Phrases of customers that it answers. */
  readonly signals?: readonly string[];
  /** It was written for a guideline, or a state of a journey, that applies. */
  readonly isForThis?: true;
};

export const fluidMessageAnswer = z.object({
  lastMessage: z.string().nullish(),
  rationale: z.string().nullish(),
  producedReply: z.boolean().nullish(),
  insights: z.array(z.string()).nullish(),
  evaluations: z
    .array(z.object({ instruction: z.string(), evaluation: z.string(), dataAvailable: z.string().nullish() }))
    .nullish(),
  revisions: z
    .array(
      z.object({
        content: z.string(),
        isRepeat: z.boolean().nullish(),
        followedAll: z.boolean().nullish(),
        brokenByPriority: z.boolean().nullish(),
        brokenByMissingData: z.boolean().nullish(),
      }),
    )
    .nullish(),
});

export type CannedDraftInput = MessageInput & {
  /** What the agent has just said to bridge the time; null: nothing. */
  readonly preamble: string | null;
  /** Whether the draft is for choosing a template, or to be sent as it stands. */
  readonly isForTemplates: boolean;
};

/** `body` null: no answer. */
export const cannedDraftAnswer = z.object({
  guidelines: z.array(z.string()).nullish(),
  insights: z.array(z.string()).nullish(),
  preambleSent: z.string().nullish(),
  body: z.string().nullish(),
});

export type SelectionInput = MessageInput & {
  readonly draft: string;
  readonly templates: readonly ShownTemplate[];
};

export const selectionAnswer = z.object({
  reason: z.string().nullish(),
  templateId: z.string().nullish(),
  quality: z.string().nullish(),
});

export type RecompositionInput = {
  readonly situation: Situation;
  readonly draft: string;
  readonly templates: readonly ShownTemplate[];
};

export const recompositionAnswer = z.object({ text: z.string() });

export type FollowUpInput = MessageInput & {
  readonly draft: string;
  readonly sent: string;
  readonly templates: readonly ShownTemplate[];
};

export const followUpAnswer = z.object({
  remainingDraft: z.string().nullish(),
  unsatisfied: z.array(z.string()).nullish(),
  reason: z.string().nullish(),
  isRequired: z.boolean().nullish(),
  templateNumber: z.string().nullish(),
});

export type PreambleInput = {
  readonly situation: Situation;
  readonly examples: readonly string[];
  /** One of the examples, to the letter. */
  readonly mustBeExample: boolean;
  readonly instructions: readonly string[];
};

export const preambleAnswer = z.object({ text: z.string() });

export type GeneratedFieldInput = MessageInput & {
  readonly name: string;
  /** The text it stands in. */
  readonly template: string;
};

export const generatedFieldAnswer = z.object({ name: z.string().nullish(), value: z.string().nullish() });
