/** How a state of a journey leads to the next, as programs write it. */
import { z } from 'zod';
import type { CompositionMode } from '../entities/collections/agent.ts';
import { endNodeId } from '../entities/collections/journey.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { JsonObject } from '../event-log/event.ts';
import type { DefinedCannedResponse } from './canned-response.ts';
import { checkOptions } from './check-options.ts';
import { functionsShape, type EntityFunctions } from './functions.ts';
import type { DefinedJourney } from './journey.ts';
import { chosenId, compositionMode, jsonObject, labels, statement, text, thing, things } from './options.ts';
import type { HasRetrievers } from './retriever.ts';
import type { ToolReference } from './tool-shelf.ts';

/** Where a journey is over. */
export const END_JOURNEY = Object.freeze({ kind: 'end', id: endNodeId } as const);
export type EndOfJourney = typeof END_JOURNEY;

/**
 * Every method throws `InvalidDefinitionError`. A retriever is called where the agent is in this state: there is none of an initial state
 * and of a fork, which are only passed.
 */
export type JourneyState = HasRetrievers & {
  readonly kind: 'state';
  readonly id: string;
  transitionTo(options: Conditional & { readonly state: EndOfJourney }): Transition<EndOfJourney>;
  transitionTo(options: TransitionOptions): Transition;
  /** A state that does nothing but branch. */
  fork(options?: ForkOptions): Transition;
};

export type Transition<Target = JourneyState> = {
  readonly kind: 'transition';
  readonly source: JourneyState;
  readonly target: Target;
  /** Null: it is always taken. */
  readonly condition: string | null;
};

/** Exactly one of `chatState`, `toolState`, `state` and `journey` says where it leads. */
export type TransitionOptions = ChatTransition | ToolTransition | StateTransition | JourneyTransition;

type Conditional = {
  /** When it is taken, in words. A state has one transition without a condition, or any number with one. */
  readonly condition?: string;
};

type NewState = Conditional &
  EntityFunctions & {
    /** Background, shown with what is to be done. */
    readonly description?: string;
    /** May be sent in this state. */
    readonly cannedResponses?: readonly DefinedCannedResponse[];
    readonly metadata?: JsonObject;
    /** Default: the journey's. */
    readonly compositionMode?: CompositionMode;
    /** Given to the session when it is reached. */
    readonly labels?: readonly string[];
    /** Default: made of the state before it, and of the how-manieth of its transitions this is. */
    readonly id?: string;
  };

export type ChatTransition = NewState & {
  /** What the agent talks about, in words. */
  readonly chatState: string;
};

export type ToolTransition = NewState & {
  readonly toolState: ToolReference | readonly ToolReference[];
  /** What to run them for, in words; default, for one tool: to run it. */
  readonly toolInstruction?: string;
};

export type StateTransition = Conditional & {
  /** Another state of the journey, or its end. */
  readonly state: JourneyState | EndOfJourney;
};

export type JourneyTransition = Conditional & {
  /** Its states are copied here as they are now. The target is where all its ends meet. */
  readonly journey: DefinedJourney;
};

export type ForkOptions = Pick<NewState, 'condition' | 'description' | 'metadata' | 'labels' | 'id'>;

const forkShape = {
  condition: statement().optional(),
  description: text().optional(),
  metadata: jsonObject.optional(),
  labels: labels.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof ForkOptions, z.ZodType>;

const stateShape = {
  ...forkShape,
  ...functionsShape,
  cannedResponses: things.optional(),
  compositionMode: compositionMode.optional(),
} satisfies Record<keyof NewState, z.ZodType>;

const forkSchema = z.strictObject(forkShape);

const schemas = {
  chatState: z.strictObject({ ...stateShape, chatState: statement() }),
  toolState: z.strictObject({ ...stateShape, toolState: thing, toolInstruction: statement().optional() }),
  state: z.strictObject({ condition: forkShape.condition, state: thing }),
  journey: z.strictObject({ condition: forkShape.condition, journey: thing }),
};

const destinations = Object.keys(schemas) as readonly (keyof typeof schemas)[]; // what it was written with

/** Throws `InvalidDefinitionError`. */
export function checkTransition(what: string, options: TransitionOptions): void {
  if (typeof options !== 'object' || options === null) checkOptions(what, z.object(), options);
  const given = destinations.filter((key) => key in options);
  const [destination] = given;
  if (destination === undefined || given.length > 1) {
    const [last, ...others] = destinations.toReversed();
    const wanted = `exactly one of ${others.toReversed().join(', ')} and ${last}`;
    throw new InvalidDefinitionError(
      what,
      `${wanted} says where it leads, and it has ${given.join(', ') || 'none'}`,
    );
  }
  checkOptions(what, schemas[destination], options);
}

/** Throws `InvalidDefinitionError`. */
export function checkFork(what: string, options: ForkOptions): void {
  checkOptions(what, forkSchema, options);
}
