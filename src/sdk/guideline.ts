/** Guidelines, as programs write them: when something holds, what the agent then does. One that does nothing is an observation. */
import {
  guidelineCollection,
  guidelineTag,
  toolAssociationCollection,
} from '../entities/collections/guideline.ts';
import { journeyNodeTag } from '../entities/collections/journey.ts';
import type { RelationshipEnd } from '../entities/collections/relationship.ts';
import { associationId } from '../entities/tool-associations.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { attachResponses, demandResponses } from './canned-response.ts';
import { checkOptions, named, shown } from './check-options.ts';
import { disambiguate, type Ambiguous } from './disambiguation.ts';
import { definedId, demandHandles, type Draft } from './draft.ts';
import { toEntityExtensions } from './functions.ts';
import {
  attachmentSchema,
  guidelineSchema,
  observationSchema,
  type GuidelineOptions,
  type ObservationOptions,
  type ToolAttachment,
} from './guideline-options.ts';
import { toEngineMatcher } from './matcher.ts';
import { toJson } from './options.ts';
import { createReevaluating, createRelating, type Reevaluating, type Relating } from './relating.ts';
import { addRelationship } from './relationships.ts';
import { createHasRetrievers, type HasRetrievers } from './retriever.ts';
import { toTagIds, type DefinedTag } from './tag.ts';

export type DefinedGuideline = Relating &
  Reevaluating &
  HasRetrievers & {
    readonly kind: 'guideline';
    readonly id: string;
    /** Empty: its matcher says when it applies. */
    readonly condition: string;
    /** Null: an observation. */
    readonly action: string | null;
    /** Where this applies, so do those, or all that carry the tag. `InvalidDefinitionError`. */
    entail(...targets: readonly (DefinedGuideline | DefinedTag)[]): void;
    /** Of an observation: the customer is asked which of these, at least two, is meant. Returns itself. `InvalidDefinitionError`. */
    disambiguate(targets: readonly Ambiguous[]): DefinedGuideline;
  };

/** Who has it: tags it always carries, and what its id is made of beside the condition. */
export type GuidelineScope = { readonly ownerId: string; readonly tags: readonly string[] };

/** Throws `InvalidDefinitionError`. */
export function createGuideline(
  draft: Draft,
  scope: GuidelineScope,
  options: GuidelineOptions,
): DefinedGuideline {
  const given: Partial<GuidelineOptions> | undefined = options; // not checked yet
  const what = named('guideline', given?.condition ?? given?.action);
  checkOptions(what, guidelineSchema, options);
  return addGuideline(draft, scope, { options, what });
}

/** Throws `InvalidDefinitionError`. */
export function createObservation(
  draft: Draft,
  scope: GuidelineScope,
  options: ObservationOptions,
): DefinedGuideline {
  const given: Partial<ObservationOptions> | undefined = options; // not checked yet
  const what = named('observation', given?.condition ?? given?.title);
  checkOptions(what, observationSchema, options);
  return addGuideline(draft, scope, { options, what });
}

/** An observation that has a tool. Throws `InvalidDefinitionError`. */
export function attachTool(draft: Draft, scope: GuidelineScope, options: ToolAttachment): DefinedGuideline {
  const what = named('observation', (options as Partial<ToolAttachment> | undefined)?.condition); // not checked yet
  checkOptions(what, attachmentSchema, options);
  const { condition, tool } = options;
  return addGuideline(draft, scope, { options: { condition, tools: [tool] }, what });
}

type Checked = { readonly options: GuidelineOptions; readonly what: string };

function addGuideline(draft: Draft, scope: GuidelineScope, { options, what }: Checked): DefinedGuideline {
  const { condition = '', action = null, tools = [], tags = [], cannedResponses = [], matcher } = options;
  if (condition === '' && !matcher) throw new InvalidDefinitionError(what, 'its condition is missing');
  const tagIds = toTagIds(draft, tags, what);
  const responses = demandResponses(draft, cannedResponses, what);
  const toolIds = tools.map((tool) => draft.tools.use(tool, what));
  const id = options.id ?? newId(draft, scope, condition || (action ?? ''));
  if (id.startsWith(journeyNodeTag(''))) {
    throw new InvalidDefinitionError(what, `its id ${shown(id)} is how a journey's states are known`);
  }
  draft.add(guidelineCollection, {
    id,
    what,
    fields: {
      condition,
      action,
      description: options.description ?? null,
      title: options.title ?? null,
      criticality: options.criticality ?? 'medium',
      priority: options.priority ?? 0,
      enabled: options.enabled ?? true,
      track: options.track ?? true,
      compositionMode: options.compositionMode ?? null,
      labels: [...new Set(options.labels)],
      tags: [...new Set([...scope.tags, ...tagIds])],
      metadata: toJson(options.metadata ?? {}),
    },
  });
  for (const toolId of new Set(toolIds)) {
    const association = { guidelineId: id, toolId };
    draft.add(toolAssociationCollection, { id: associationId(id, toolId), what, fields: association });
  }
  attachResponses(draft, responses, guidelineTag(id));
  draft.attachments.addEntity(id, {
    ...toEntityExtensions(options, what),
    ...(matcher && { matcher: toEngineMatcher(matcher, what) }),
  });
  return toHandle(draft, { id, condition, action, what });
}

function newId(draft: Draft, { ownerId }: GuidelineScope, condition: string): string {
  const equals = draft.countEqual(['guideline', ownerId, condition]);
  return definedId('guideline', ownerId, condition, equals);
}

type Made = Pick<DefinedGuideline, 'id' | 'condition' | 'action'> & { readonly what: string };

function toHandle(draft: Draft, { id, condition, action, what }: Made): DefinedGuideline {
  const source: RelationshipEnd = { type: 'guideline', id };
  const guideline: DefinedGuideline = draft.handle({
    kind: 'guideline',
    id,
    condition,
    action,
    ...createRelating(draft, { what, source }),
    ...createReevaluating(draft, { what, source }),
    ...createHasRetrievers(draft, { kind: 'entity', id }, what),

    entail(...targets) {
      if (targets.length === 0) throw new InvalidDefinitionError(what, 'entail() was given nothing');
      const wanted = { kinds: ['guideline', 'tag'], wanted: 'a guideline or a tag', what } as const;
      for (const target of demandHandles<DefinedGuideline | DefinedTag>(draft, targets, wanted)) {
        const { type, name } = toEntailed(target);
        const fields = {
          kind: 'entailment',
          source,
          target: { type, id: target.id },
          groupId: null,
        } as const;
        addRelationship(draft, fields, { what, target: name });
      }
    },

    disambiguate(targets) {
      if (action !== null) {
        const remedy = 'createObservation() makes what can ask';
        throw new InvalidDefinitionError(
          what,
          `it has an action, and only an observation disambiguates: ${remedy}`,
        );
      }
      disambiguate(draft, { source, what }, targets);
      return guideline;
    },
  });
  return guideline;
}

function toEntailed(target: DefinedGuideline | DefinedTag) {
  return target.kind === 'guideline'
    ? ({ type: 'guideline', name: named('guideline', target.condition) } as const)
    : ({ type: 'tag_all', name: named('tag', target.name) } as const);
}
