/** What a commit has to do with what agents know: which guidelines and journeys were written by it. */
import type { Change } from '../../documents/document-store.ts';
import { guidelineCollection, toolAssociationCollection } from '../../entities/collections/guideline.ts';
import {
  journeyCollection,
  journeyEdgeCollection,
  journeyNodeCollection,
} from '../../entities/collections/journey.ts';
import type { Subject } from './backlog.ts';

export interface WrittenSubjects {
  /** Each once. Of what is gone, there is nothing to look into. */
  of(changes: readonly Change[]): readonly Subject[];
  /** What a part belongs to is known when the part is gone. */
  know(partId: string, subject: Subject): void;
}

/** Fields by which a part says what it belongs to. */
const belongsTo: ReadonlyMap<string, (part: object) => Subject> = new Map([
  [
    toolAssociationCollection.name,
    (part) => ({ kind: 'guideline', id: (part as { readonly guidelineId: string }).guidelineId }),
  ],
  [journeyNodeCollection.name, toJourney],
  [journeyEdgeCollection.name, toJourney],
]);

const wholes: ReadonlyMap<string, Subject['kind']> = new Map([
  [guidelineCollection.name, 'guideline'],
  [journeyCollection.name, 'journey'],
]);

export function createWrittenSubjects(): WrittenSubjects {
  const known = new Map<string, Subject>();

  function subjectOf({ collection, id, document }: Change): Subject | undefined {
    const kind = wholes.get(collection);
    if (kind) return document ? { kind, id } : undefined;
    const toSubject = belongsTo.get(collection);
    if (!toSubject) return undefined;
    if (!document) {
      const subject = known.get(id);
      known.delete(id);
      return subject;
    }
    const subject = toSubject(document);
    known.set(id, subject);
    return subject;
  }

  return {
    of(changes) {
      const subjects = changes.flatMap((change) => subjectOf(change) ?? []);
      return [...new Map(subjects.map((subject) => [`${subject.kind} ${subject.id}`, subject])).values()];
    },
    know: (partId, subject) => void known.set(partId, subject),
  };
}

function toJourney(part: object): Subject {
  return { kind: 'journey', id: (part as { readonly journeyId: string }).journeyId }; // of these collections
}
