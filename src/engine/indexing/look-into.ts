/** Finds out what is missing about one guideline, or one journey with its steps, as it is stored now. */
import type { DocumentStore } from '../../documents/document-store.ts';
import type { Subject } from './backlog.ts';
import type { Inquiry } from './inquiry.ts';
import { type IsExempt, readGuidelineTask, readJourney, toStepTasks } from './subjects.ts';

export type LookingInto = {
  readonly documents: DocumentStore;
  readonly inquiry: Inquiry;
  readonly isExempt: IsExempt;
  readonly signal: AbortSignal;
};

/** Rejects as the inquiry does. What is gone meanwhile is no failure. */
export async function lookInto({ kind, id }: Subject, looking: LookingInto): Promise<void> {
  const { documents, inquiry, isExempt, signal } = looking;
  if (kind === 'guideline') {
    const task = await readGuidelineTask(documents, id, isExempt);
    if (task) await inquiry.wording(task, signal);
    return;
  }
  const journey = await readJourney(documents, id);
  if (!journey) return;
  // Which ways there are depends on what was found about the steps.
  await Promise.all(toStepTasks(journey).map((task) => inquiry.wording(task, signal)));
  await inquiry.journey(journey, signal);
}
