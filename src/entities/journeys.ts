/**
 * Journeys: where a conversation may be led, and what begins it. A journey is made with the node where it begins and with a guideline
 * for each text that triggers it, and takes them with it when it is deleted, all in one transaction. Its steps are in
 * `journey-nodes.ts` and `journey-edges.ts`.
 */
import { freeContentId } from '../documents/content-id.ts';
import type { Documents, DocumentStore } from '../documents/document-store.ts';
import type { Json } from '../event-log/event.ts';
import { InvalidJourneyError } from '../errors.ts';
import { journeyCollection, type Journey, type JourneyFields } from './collections/journey.ts';
import { demandJourney, readGraph, type JourneyGraph } from './journey-graph.ts';
import { insertRoot } from './journey-node-insertion.ts';
import { removeJourney } from './journey-removal.ts';
import { attachTrigger, insertTriggers, releaseTrigger } from './journey-triggers.ts';
import { patchLabels, type LabelPatch } from './patches.ts';
import { patchTags, toTags, type SpecialTag, type TagPatch } from './tag-rules.ts';

export type NewJourney = Partial<Omit<JourneyFields, 'triggers' | 'rootId'>> & {
  /** Default: made of the content. */
  readonly id?: string;
  readonly title: string;
  readonly description: string;
  /** Texts; each becomes a guideline that triggers the journey. */
  readonly conditions?: readonly string[];
};

/** What is absent stays as it is. */
export type JourneyPatch = Partial<Omit<JourneyFields, 'triggers' | 'rootId' | 'labels' | 'tags'>> & {
  readonly triggers?: TriggerPatch;
  readonly labels?: LabelPatch;
  readonly tags?: TagPatch;
};

/** Ids of guidelines. First what is added, then what is removed. */
export type TriggerPatch = { readonly add?: readonly string[]; readonly remove?: readonly string[] };

export interface Journeys {
  /** `IdTakenError`, `TagNotFoundError`. */
  create(journey: NewJourney): Promise<Journey>;
  /** `JourneyNotFoundError`. */
  read(journeyId: string): Promise<Journey>;
  /** With its nodes and edges, as they are at one moment. `JourneyNotFoundError`. */
  graph(journeyId: string): Promise<JourneyGraph>;
  /** By creation. */
  list(filter?: { readonly tagId?: string }): Promise<readonly Journey[]>;
  /**
   * A guideline that is no trigger any more and was there for this journey alone is removed. `JourneyNotFoundError`,
   * `GuidelineNotFoundError`, `InvalidJourneyError` (what is removed is no trigger), `TagNotFoundError`, `TagNotAttachedError`.
   */
  update(journeyId: string, patch: JourneyPatch): Promise<Journey>;
  /** With its nodes, its edges, and the triggers no other journey has. `JourneyNotFoundError`. */
  delete(journeyId: string): Promise<void>;
}

export type JourneysOptions = {
  readonly documents: DocumentStore;
  /** Which tags mean something by themselves. */
  readonly specialTags: SpecialTag;
};

const defaults = {
  compositionMode: null,
  labels: [],
  priority: 0,
} as const satisfies Partial<JourneyFields>;

export function createJourneys({ documents, specialTags }: JourneysOptions): Journeys {
  return {
    create: ({ id, conditions = [], ...given }) =>
      documents.transaction(async (tx) => {
        const tags = await toTags(tx, given.tags ?? [], specialTags);
        const fields = { ...defaults, ...given, labels: patchLabels(given.labels ?? []), tags };
        const journeyId = id ?? (await newJourneyId(tx, [{ ...fields }, conditions]));
        const { id: rootId } = await insertRoot(tx, { id: journeyId, ...fields });
        const triggers = await insertTriggers(tx, journeyId, conditions);
        return tx.insert(journeyCollection, journeyId, { ...fields, triggers, rootId });
      }),

    read: (journeyId) => demandJourney(documents, journeyId),

    graph: (journeyId) => documents.transaction((tx) => readGraph(tx, journeyId)),

    async list({ tagId } = {}) {
      const where = tagId === undefined ? {} : { where: { field: 'tags', has: tagId } as const };
      return (await documents.find(journeyCollection, where)).items;
    },

    update: (journeyId, { tags = {}, triggers = {}, labels, ...given }) =>
      documents.transaction(async (tx) => {
        await toTags(tx, tags.add ?? [], specialTags);
        const before = await demandJourney(tx, journeyId);
        const after = {
          ...before,
          ...given,
          triggers: patchTriggers(before, triggers),
          labels: patchLabels(before.labels, labels),
          tags: patchTags(before.tags, tags, { noun: journeyCollection.noun, id: journeyId }),
        };
        await tx.update(journeyCollection, journeyId, () => after);
        for (const added of without(after.triggers, before.triggers))
          await attachTrigger(tx, journeyId, added);
        for (const removed of without(before.triggers, after.triggers))
          await releaseTrigger(tx, journeyId, removed);
        return after;
      }),

    delete: (journeyId) =>
      documents.transaction(async (tx) => removeJourney(tx, await demandJourney(tx, journeyId))),
  };
}

function newJourneyId(documents: Documents, content: Json): Promise<string> {
  const isTaken = async (id: string) => (await documents.get(journeyCollection, id)) !== undefined;
  return freeContentId(['journey', content], isTaken);
}

function patchTriggers(
  { id, triggers }: Journey,
  { add = [], remove = [] }: TriggerPatch,
): readonly string[] {
  const patched = new Set([...triggers, ...add]);
  for (const guidelineId of remove) {
    if (!patched.has(guidelineId)) {
      throw new InvalidJourneyError(id, `the guideline "${guidelineId}" does not trigger it`);
    }
  }
  return without([...patched], remove);
}

function without(ids: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Set(others);
  return ids.filter((id) => !left.has(id));
}
