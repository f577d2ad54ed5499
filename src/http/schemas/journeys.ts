/** Journeys on the wire: Parlant's shape. What activates a journey is called `triggers`, and in older clients `conditions`: both are taken and sent. */
import { z } from 'zod';
import { compositionModes } from '../../entities/collections/agent.ts';
import type { Journey } from '../../entities/collections/journey.ts';
import type { JourneyPatch, NewJourney } from '../../entities/journeys.ts';
import { text } from './common.ts';
import { chosenId, given, name, tagIds, tagPatchSchema } from './entities.ts';
import { labelPatchSchema, labels } from './patches.ts';
import { foreignId } from './session.ts';

const fields = {
  title: name({ max: 100 }),
  description: text({ max: 100_000 }),
  composition_mode: z.enum(compositionModes),
  priority: z.int(),
};

export const journeySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    triggers: z.array(z.string()).meta({ description: 'Ids of guidelines; any of them activates it.' }),
    conditions: z.array(z.string()).meta({ description: 'The same as `triggers`.' }),
    root_id: z.string().meta({ description: 'The node where it begins.' }),
    composition_mode: fields.composition_mode.nullable(),
    labels: z.array(z.string()),
    priority: z.int(),
    tags: z.array(z.string()),
  })
  .meta({ id: 'Journey' });

const texts = z
  .array(text({ min: 1, max: 100_000 }).refine((value) => value.trim() !== '', 'must not be blank'))
  .max(100)
  .nullish()
  .meta({ description: 'Texts; each becomes a guideline that activates the journey.' });

export const journeyCreateSchema = z
  .object({
    id: chosenId.nullish(),
    title: fields.title,
    description: fields.description,
    triggers: texts,
    conditions: texts,
    composition_mode: fields.composition_mode.nullish(),
    labels: labels.nullish(),
    priority: fields.priority.nullish(),
    tags: tagIds.nullish().meta({ description: 'Ids of tags, or `agent:<agent id>`.' }),
  })
  .superRefine(refuseContradiction)
  .superRefine(({ triggers, conditions }, refuse) => {
    if (triggers ?? conditions) return;
    refuse.addIssue({ code: 'custom', path: ['triggers'], message: 'is needed, or `conditions`; may be []' });
  })
  .meta({ id: 'JourneyCreate' });

const triggerPatch = z
  .object({ add: z.array(foreignId).max(100).nullish(), remove: z.array(foreignId).max(100).nullish() })
  .nullish()
  .meta({ description: 'Ids of guidelines.' });

/** One of the modes; an empty text: none. */
export const compositionModePatch = z.enum([...compositionModes, '']).nullish();

export const journeyUpdateSchema = z
  .object({
    title: fields.title.nullish(),
    description: fields.description.nullish(),
    triggers: triggerPatch,
    conditions: triggerPatch,
    composition_mode: compositionModePatch,
    labels: labelPatchSchema.nullish(),
    priority: fields.priority.nullish(),
    tags: tagPatchSchema.nullish(),
  })
  .superRefine(refuseContradiction)
  .meta({ id: 'JourneyUpdate', description: 'Absent or null: unchanged. An empty text empties.' });

export const journeyListQuery = z.object({
  tag_id: z.string().optional().meta({ description: 'Only those with this tag.' }),
});

export function toNewJourney(body: z.output<typeof journeyCreateSchema>): NewJourney {
  const { triggers, conditions, composition_mode: compositionMode, ...rest } = given(body);
  return {
    ...rest,
    title: body.title,
    description: body.description,
    conditions: triggers ?? conditions ?? [],
    ...(compositionMode && { compositionMode }),
  };
}

export function toJourneyPatch(body: z.output<typeof journeyUpdateSchema>): JourneyPatch {
  const { triggers, conditions, composition_mode: mode, labels, tags, ...rest } = given(body);
  return {
    ...rest,
    triggers: given(triggers ?? conditions ?? {}),
    ...(mode !== undefined && { compositionMode: mode || null }),
    ...(labels && { labels: given(labels) }),
    ...(tags && { tags: given(tags) }),
  };
}

/** As sent. */
export function toJourneyJson(journey: Journey): z.input<typeof journeySchema> {
  return {
    id: journey.id,
    title: journey.title,
    description: journey.description,
    triggers: [...journey.triggers],
    conditions: [...journey.triggers],
    root_id: journey.rootId,
    composition_mode: journey.compositionMode,
    labels: [...journey.labels],
    priority: journey.priority,
    tags: [...journey.tags],
  };
}

/** Two names for one thing may say the same, and no more. */
function refuseContradiction(
  { triggers, conditions }: { readonly triggers?: unknown; readonly conditions?: unknown },
  refuse: z.RefinementCtx,
): void {
  if (!triggers || !conditions || JSON.stringify(triggers) === JSON.stringify(conditions)) return;
  refuse.addIssue({ code: 'custom', path: ['conditions'], message: 'says something else than `triggers`' });
}
