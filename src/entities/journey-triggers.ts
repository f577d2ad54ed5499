/**
 * The triggers of journeys: guidelines that are met when a journey is to begin, and carry its tag. Those made of a text are there for
 * the journey alone; others may be anybody's. Everything here is part of a transaction.
 */
import { freeContentId } from '../documents/content-id.ts';
import type { Documents } from '../documents/document-store.ts';
import { GuidelineNotFoundError } from '../errors.ts';
import { guidelineCollection, guidelineDefaults } from './collections/guideline.ts';
import { journeyCollection, journeyTag } from './collections/journey.ts';
import { removeGuideline } from './removal.ts';

/** One guideline for each text; resolves with their ids. */
export async function insertTriggers(
  documents: Documents,
  journeyId: string,
  conditions: readonly string[],
): Promise<readonly string[]> {
  const isTaken = async (id: string) => (await documents.get(guidelineCollection, id)) !== undefined;
  const ids: string[] = [];
  for (const condition of conditions) {
    const fields = { ...guidelineDefaults, condition, tags: [journeyTag(journeyId)] };
    const id = await freeContentId(['guideline', fields], isTaken);
    await documents.insert(guidelineCollection, id, fields);
    ids.push(id);
  }
  return ids;
}

/** Gives a guideline the tag of the journey. Throws `GuidelineNotFoundError`. */
export async function attachTrigger(
  documents: Documents,
  journeyId: string,
  guidelineId: string,
): Promise<void> {
  const attached = await documents.update(guidelineCollection, guidelineId, (guideline) => ({
    ...guideline,
    tags: [...new Set([...guideline.tags, journeyTag(journeyId)])],
  }));
  if (!attached) throw new GuidelineNotFoundError(guidelineId);
}

/**
 * Takes the tag off a guideline that triggers the journey no more. One that has no other tag would then be every agent's: it keeps the
 * tag if it says what to do, or triggers another journey, and else is removed, having been there for this journey alone.
 */
export async function releaseTrigger(
  documents: Documents,
  journeyId: string,
  guidelineId: string,
): Promise<void> {
  const guideline = await documents.get(guidelineCollection, guidelineId);
  if (!guideline?.tags.includes(journeyTag(journeyId))) return;
  const tags = guideline.tags.filter((tag) => tag !== journeyTag(journeyId));
  if (tags.length > 0) {
    await documents.update(guidelineCollection, guidelineId, (current) => ({ ...current, tags }));
  } else if (!guideline.action && !(await isTrigger(documents, guidelineId))) {
    await removeGuideline(documents, guidelineId);
  }
}

/** Of a journey that is there. */
export async function isTrigger(documents: Documents, guidelineId: string): Promise<boolean> {
  const where = { field: 'triggers', has: guidelineId } as const;
  return (await documents.find(journeyCollection, { where, limit: 0 })).totalCount > 0;
}
