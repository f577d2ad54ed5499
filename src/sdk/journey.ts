/**
 * Journeys, as programs write them: the way an agent leads a customer through something, from the initial state on. Its graph is checked
 * as it grows.
 */
import { z } from 'zod';
import type { CompositionMode } from '../entities/collections/agent.ts';
import { guidelineCollection } from '../entities/collections/guideline.ts';
import { journeyCollection, journeyTag } from '../entities/collections/journey.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { AgentScope } from './agent-scope.ts';
import {
  createCannedResponse,
  type CannedResponseOptions,
  type DefinedCannedResponse,
} from './canned-response.ts';
import { checkOptions, named } from './check-options.ts';
import { definedId, demandHandles, type Draft } from './draft.ts';
import { functionsShape, toEntityExtensions, type EntityFunctions } from './functions.ts';
import {
  attachTool,
  createGuideline,
  createObservation,
  type DefinedGuideline,
  type GuidelineScope,
} from './guideline.ts';
import type { GuidelineOptions, ObservationOptions, ToolAttachment } from './guideline-options.ts';
import { createInitialState } from './journey-state.ts';
import { chosenId, compositionMode, labels, name, statement, things, whole } from './options.ts';
import { createRelating, type Relating } from './relating.ts';
import { createHasRetrievers, type HasRetrievers } from './retriever.ts';
import { toTagIds, type DefinedTag } from './tag.ts';
import type { JourneyState } from './transition-options.ts';

export type JourneyOptions = EntityFunctions & {
  /** At most 100 characters. */
  readonly title: string;
  readonly description: string;
  /** What begins it, any of them: texts, or observations of the agent's. Without any it is only a part of others. */
  readonly conditions?: readonly (string | DefinedGuideline)[];
  /** The same as `conditions`. */
  readonly triggers?: readonly (string | DefinedGuideline)[];
  /** Its states' too, where they have none of their own. */
  readonly compositionMode?: CompositionMode;
  /** Given to the session while it is active. */
  readonly labels?: readonly string[];
  /** Of all that is active, only what has the highest counts; default 0. */
  readonly priority?: number;
  readonly tags?: readonly DefinedTag[];
  /** Default: made of the agent and the title. */
  readonly id?: string;
};

export type DefinedJourney = Relating &
  HasRetrievers & {
    readonly kind: 'journey';
    readonly id: string;
    readonly title: string;
    /** What begins it. */
    readonly triggers: readonly DefinedGuideline[];
    readonly initialState: JourneyState;
    /** Considered only while the journey is active. */
    createGuideline(options: GuidelineOptions): DefinedGuideline;
    /** Considered only while the journey is active. */
    createObservation(options: ObservationOptions): DefinedGuideline;
    /** An observation that has a tool, considered only while the journey is active. */
    attachTool(options: ToolAttachment): DefinedGuideline;
    /** Sent only while the journey is active. */
    createCannedResponse(options: CannedResponseOptions): DefinedCannedResponse;
  };

const schema = z.strictObject({
  ...functionsShape,
  title: name({ max: 100 }),
  description: statement(),
  conditions: things.optional(),
  triggers: things.optional(),
  compositionMode: compositionMode.optional(),
  labels: labels.optional(),
  priority: whole.optional(),
  tags: things.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof JourneyOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createJourney(
  draft: Draft,
  { agentId, agentTag }: AgentScope,
  options: JourneyOptions,
): DefinedJourney {
  const what = named('journey', (options as Partial<JourneyOptions> | undefined)?.title); // not checked yet
  checkOptions(what, schema, options);
  const { title, description, compositionMode = null, priority = 0, tags = [] } = options;
  const id = options.id ?? definedId('journey', agentId, title);
  const conditions = demandConditions(draft, what, options);
  const tagIds = toTagIds(draft, tags, what);
  const initialState = createInitialState(draft, { journeyId: id, compositionMode, what });
  const triggers = conditions.map((condition) => toTrigger(draft, id, condition));
  draft.add(journeyCollection, {
    id,
    what,
    fields: {
      title,
      description,
      triggers: triggers.map((trigger) => trigger.id),
      rootId: initialState.id,
      compositionMode,
      labels: [...new Set(options.labels)],
      priority,
      tags: [...new Set([agentTag, ...tagIds])],
    },
  });
  draft.attachments.addEntity(id, toEntityExtensions(options, what));
  const scope: GuidelineScope = { ownerId: id, tags: [agentTag] };
  return toHandle(draft, { id, title, triggers, initialState, scope, what });
}

type Condition = string | DefinedGuideline;

/** Each once. Throws `InvalidDefinitionError`. */
function demandConditions(
  draft: Draft,
  what: string,
  { conditions, triggers }: JourneyOptions,
): readonly Condition[] {
  if (conditions && triggers) {
    throw new InvalidDefinitionError(what, 'conditions and triggers are the same, and it has both');
  }
  const given = [...new Set(conditions ?? triggers)];
  const texts = given.filter((condition) => typeof condition === 'string');
  for (const text of texts)
    checkOptions(what, z.strictObject({ condition: statement() }), { condition: text });
  const others = given.filter((condition) => typeof condition !== 'string');
  demandHandles<DefinedGuideline>(draft, others, {
    kinds: ['guideline'],
    wanted: 'a text or a guideline',
    what,
  });
  return given;
}

/** It carries the journey's tag, and so is not everybody's. */
function toTrigger(draft: Draft, journeyId: string, condition: Condition): DefinedGuideline {
  const tag = journeyTag(journeyId);
  if (typeof condition === 'string') {
    return createObservation(draft, { ownerId: journeyId, tags: [tag] }, { condition });
  }
  draft.change(guidelineCollection, condition.id, (fields) => ({ ...fields, tags: [...fields.tags, tag] }));
  return condition;
}

type Made = Pick<DefinedJourney, 'id' | 'title' | 'triggers' | 'initialState'> & {
  readonly scope: GuidelineScope;
  readonly what: string;
};

function toHandle(draft: Draft, made: Made): DefinedJourney {
  const { id, title, triggers, initialState, scope, what } = made;
  const tag = journeyTag(id);
  const journey: DefinedJourney = draft.handle({
    kind: 'journey',
    id,
    title,
    triggers,
    initialState,
    ...createRelating(draft, { what, source: { type: 'tag_all', id: tag } }),
    ...createHasRetrievers(draft, { kind: 'entity', id }, what),
    createGuideline: (options) => within(createGuideline(draft, scope, options)),
    createObservation: (options) => within(createObservation(draft, scope, options)),
    attachTool: (options) => within(attachTool(draft, scope, options)),
    createCannedResponse: (options) => createCannedResponse(draft, { ownerTag: tag }, options),
  } satisfies DefinedJourney);
  return journey;

  function within(guideline: DefinedGuideline): DefinedGuideline {
    guideline.dependOn(journey);
    return guideline;
  }
}
