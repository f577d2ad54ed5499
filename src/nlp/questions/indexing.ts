/** Questions about guidelines and journeys themselves, asked when they are written. */
import { z } from 'zod';
import type { Tool } from '../../tools/tool.ts';

export type GuidelineText = {
  readonly condition: string;
  readonly action: string | null;
  readonly tools: readonly { readonly toolId: string; readonly tool: Tool }[];
};

/** Tools and no action: what is the action then? */
export const actionProposalAnswer = z.object({ rationale: z.string().nullish(), action: z.string() });

/** Does it go on for the whole conversation, so that it is never done? */
export const continuousAnswer = z.object({ rationale: z.string().nullish(), isContinuous: z.boolean() });

/** Is the action done only when the customer has done something, too? */
export const customerDependenceAnswer = z.object({
  rationale: z.string().nullish(),
  isCustomerDependent: z.boolean(),
  customerAction: z.string().nullish(),
  agentAction: z.string().nullish(),
});

/** Is the condition about what the agent is about to say? Then rewritten so. */
export const agentIntentionAnswer = z.object({
  rationale: z.string().nullish(),
  isAgentIntention: z.boolean(),
  rewrittenCondition: z.string().nullish(),
});

/** Does the action do nothing but run its tools? */
export const toolRunningAnswer = z.object({
  rationale: z.string().nullish(),
  isToolRunningOnly: z.boolean(),
});

export type JourneyText = {
  readonly title: string;
  readonly description: string;
  readonly steps: readonly {
    readonly index: string;
    readonly action: string | null;
    readonly followUps: readonly { readonly index: string; readonly condition: string | null }[];
  }[];
};

/** Actions that only make sense after the step before, rewritten to stand alone. */
export const relativeActionsAnswer = z.object({
  actions: z.array(
    z.object({ index: z.string(), needsRewriting: z.boolean(), action: z.string().nullish() }),
  ),
});

export type ReachableStepsInput = JourneyText & {
  readonly from: string;
  /** The ways whose conditions are asked for, numbered from "1". */
  readonly paths: readonly { readonly n: string; readonly path: readonly string[] }[];
};

export const reachableStepsAnswer = z.object({
  conditions: z.array(z.object({ n: z.string(), condition: z.string() })),
});
