/** Questions about guidelines: which apply to the conversation as it stands, and which were followed by what was said. */
import { z } from 'zod';
import type { AskedGuideline, Situation } from './situation.ts';

/** Of `observational`, `actionable`, `low_criticality`, `previously_applied`, `customer_dependent`. */
export type BatchInput = { readonly situation: Situation; readonly guidelines: readonly AskedGuideline[] };

/** Does the condition hold for the latest state of the conversation? */
export const appliesAnswer = z.object({
  checks: z.array(z.object({ rationale: z.string(), n: z.string(), applies: z.boolean() })),
});

/** Which of these apply? One boolean each, no reasons. */
export const lowCriticalityAnswer = z.object({ applies: z.record(z.string(), z.boolean()) });

/** Was acted upon before: is the condition met again, for a new reason? `shouldReapply` decides. */
export const previouslyAppliedAnswer = z.object({
  checks: z.array(
    z.object({
      rationale: z.string().nullish(),
      n: z.string(),
      conditionMetAgain: z.boolean(),
      actionWasNotTaken: z.boolean().nullish(),
      shouldReapply: z.boolean(),
    }),
  ),
});

/** Was acted upon before, and the customer has a part in it: still owed, or met again? `shouldApply` decides. */
export const customerDependentAnswer = z.object({
  checks: z.array(
    z.object({
      n: z.string(),
      conditionStillMet: z.boolean(),
      customerStillOwes: z.boolean().nullish(),
      conditionMetAgain: z.boolean().nullish(),
      shouldReapply: z.boolean().nullish(),
      actionWasNotTaken: z.boolean().nullish(),
      summary: z.string(),
      shouldApply: z.boolean(),
    }),
  ),
});

/** One thing the customer may mean. Targets of one journey are one candidate. */
export type DisambiguationCandidate = {
  readonly n: string;
  readonly condition: string;
  readonly action: string;
};

export type DisambiguationInput = {
  readonly situation: Situation;
  /** The condition of the observation whose targets these are. */
  readonly condition: string;
  readonly candidates: readonly DisambiguationCandidate[];
};

/** Is it open which of the candidates the customer means, and how would the agent ask? */
export const disambiguationAnswer = z.object({
  summary: z.string().nullish(),
  conditionMet: z.boolean().nullish(),
  requested: z.boolean().nullish(),
  customerResolved: z.boolean().nullish(),
  isAmbiguous: z.boolean(),
  candidates: z.array(
    z.object({ n: z.string(), summary: z.string().nullish(), needsClarification: z.boolean() }),
  ),
  clarifyingAction: z.string().nullish(),
});

export type ResponseAnalysisInput = BatchInput & {
  /** What the agent has just said, oldest first. */
  readonly said: readonly string[];
};

/** Has the agent done its part? A missing tone does not count against it, a missing thing does. */
export const responseAnalysisAnswer = z.object({
  checks: z.array(
    z.object({
      n: z.string(),
      segments: z.array(z.object({ segment: z.string(), reason: z.string() })).nullish(),
      degree: z.string().nullish(),
      missingPart: z.enum(['functional', 'behavioral']).nullish(),
      applied: z.boolean(),
    }),
  ),
});
