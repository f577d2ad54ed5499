/** Questions about tools: which to call, with which arguments. Values are text, mostly; they are converted before a call. */
import { z } from 'zod';
import type { Json } from '../../event-log/event.ts';
import type { Tool } from '../../tools/tool.ts';
import type { FollowedGuideline, Situation } from './situation.ts';

/** How a model says that a required value is not known. */
export const missingValue = '<<__missing__>>';

export type CandidateTool = {
  readonly toolId: string;
  readonly tool: Tool;
  /** The guidelines that want it. */
  readonly guidelines: readonly FollowedGuideline[];
};

/** Of `tools_simple` and `tools_full`. */
export type ToolInput = {
  readonly situation: Situation;
  readonly candidate: CandidateTool;
  /** Other guidelines that apply. */
  readonly guidelines: readonly FollowedGuideline[];
  /** Tools that might serve as well. */
  readonly references: readonly CandidateTool[];
};

export type OverlappingToolsInput = Omit<ToolInput, 'candidate' | 'references'> & {
  readonly candidates: readonly CandidateTool[];
};

/** What an answer holds was parsed from JSON. Written without recursion, which not every model's schemas know. */
const anyJson = z.unknown() as z.ZodType<Json>;

/** Only `calls` counts. */
export const toolsSimpleAnswer = z.object({
  reasoning: z.string().nullish(),
  shouldRun: z.boolean().nullish(),
  calls: z.array(z.object({ args: z.record(z.string(), anyJson) })),
});

const argumentAnswer = z.object({
  parameter: z.string(),
  acceptableSource: z.string().nullish(),
  isProvided: z.boolean().nullish(),
  isProvidedAgain: z.boolean().nullish(),
  isRiskyToGuess: z.boolean().nullish(),
  isOptional: z.boolean().nullish(),
  status: z.enum(['valid', 'invalid', 'missing']),
  value: z.string().nullish(),
});

export const toolsFullAnswer = z.object({
  lastMessage: z.string().nullish(),
  need: z.string().nullish(),
  isNeedResolved: z.boolean().nullish(),
  subtleties: z.string().nullish(),
  calls: z.array(
    z.object({
      rationale: z.string().nullish(),
      isApplicable: z.boolean(),
      arguments: z.array(argumentAnswer).nullish(),
      alreadyStaged: z.boolean(),
      betterRejectedTool: z.string().nullish(),
      runInTandem: z.boolean().nullish(),
    }),
  ),
});

export const toolsOverlappingAnswer = z.object({
  need: z.string().nullish(),
  tools: z.array(
    z.object({
      /** `service:tool`. */
      name: z.string(),
      rationale: z.string().nullish(),
      isApplicable: z.boolean(),
      alternativeShouldRun: z.boolean(),
      calls: z
        .array(z.object({ arguments: z.array(argumentAnswer).nullish(), alreadyStaged: z.boolean() }))
        .nullish(),
    }),
  ),
});
