/** What can be said of a guideline, and what it is checked against. */
import { z } from 'zod';
import type { CompositionMode } from '../entities/collections/agent.ts';
import { criticalities, type Criticality } from '../entities/collections/guideline.ts';
import type { JsonObject } from '../event-log/event.ts';
import type { DefinedCannedResponse } from './canned-response.ts';
import {
  choice,
  chosenId,
  compositionMode,
  jsonObject,
  labels,
  statement,
  text,
  thing,
  things,
  whole,
  yesNo,
} from './options.ts';
import { functionsShape, oneFunction, type EntityFunctions } from './functions.ts';
import type { Matcher } from './matcher.ts';
import type { DefinedTag } from './tag.ts';
import type { ToolReference } from './tool-shelf.ts';

/** When it applies: in words, or as a function says, which is shown the words or has none. */
type When =
  | { readonly condition: string; readonly matcher?: Matcher }
  | { readonly condition?: string; readonly matcher: Matcher };

type Common = EntityFunctions & {
  /** Background, shown with the action. */
  readonly description?: string;
  /** For people. */
  readonly title?: string;
  /** Tools that may be run when it applies. */
  readonly tools?: readonly ToolReference[];
  /** How much it matters that it is followed; default `medium`. */
  readonly criticality?: Criticality;
  /** Of all that is active, only what has the highest counts; default 0. */
  readonly priority?: number;
  /** Given to the session when it applies. */
  readonly labels?: readonly string[];
  /** May tighten the agent's mode for one answer. */
  readonly compositionMode?: CompositionMode;
  /** Default true; a disabled one does not exist for the agent. */
  readonly enabled?: boolean;
  /** Default true; false: never counted as followed already. */
  readonly track?: boolean;
  readonly tags?: readonly DefinedTag[];
  readonly metadata?: JsonObject;
  /** May be sent when it applies. */
  readonly cannedResponses?: readonly DefinedCannedResponse[];
  /** Default: made of the agent and the condition, or the action where there is none. With one of your own, the condition can be edited and it stays the same guideline. */
  readonly id?: string;
};

export type ObservationOptions = When & Common;

export type GuidelineOptions = ObservationOptions & {
  /** What to do when it applies, in words. Without it: an observation. */
  readonly action?: string;
};

export type ToolAttachment = {
  readonly tool: ToolReference;
  /** When it may be run. */
  readonly condition: string;
};

const observationShape = {
  ...functionsShape,
  condition: statement().optional(),
  matcher: oneFunction.optional(),
  description: text().optional(),
  title: text({ max: 1_000 }).optional(),
  tools: things.optional(),
  criticality: choice(criticalities).optional(),
  priority: whole.optional(),
  labels: labels.optional(),
  compositionMode: compositionMode.optional(),
  enabled: yesNo.optional(),
  track: yesNo.optional(),
  tags: things.optional(),
  metadata: jsonObject.optional(),
  cannedResponses: things.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof ObservationOptions, z.ZodType>;

export const observationSchema = z.strictObject(observationShape);
export const guidelineSchema = z.strictObject({ ...observationShape, action: statement().optional() });

export const attachmentSchema = z.strictObject({
  tool: thing,
  condition: statement(),
} satisfies Record<keyof ToolAttachment, z.ZodType>);
