/** Documents as the recorded cases have them, in a real SQLite file; filters in the words of the recording, translated. */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Collection } from '../../src/documents/collection.ts';
import type { DocumentStore, Filter, Scalar } from '../../src/documents/document-store.ts';
import { documentsFile } from '../../src/documents/documents-file.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { toUtc } from '../../src/event-log/utc.ts';
import { createDataFolder } from '../support/data-folder.ts';

type Fields = Readonly<Record<string, Scalar>>;

/** Recorded: fields beside an id, and where it matters a time. */
export type RecordedDocument = Fields & { readonly id?: string; readonly creationUtc?: string };

type Conditions = Readonly<Record<string, Scalar | readonly (string | number)[]>>;

export type RecordedFilter = {
  readonly $and?: readonly RecordedFilter[];
  readonly $or?: readonly RecordedFilter[];
} & { readonly [field: string]: Conditions | readonly RecordedFilter[] };

export const things: Collection<Fields> = { name: 'things', noun: 'thing' };

/** What the store would not write is written behind its back: equal times. */
export async function openThings(
  recorded: readonly RecordedDocument[],
): Promise<AsyncDisposable & { readonly documents: DocumentStore }> {
  const folder = await createDataFolder();
  const openAgain = () => openSqliteDocuments({ folder: folder.path, collections: [things] });
  await openAgain().close();
  const db = new DatabaseSync(join(folder.path, documentsFile));
  const insert = db.prepare("INSERT INTO documents VALUES ('things', ?, 1, ?, ?)");
  for (const { id = 'id', creationUtc = '2023-01-01T00:00:00Z', ...fields } of recorded) {
    insert.run(id, toUtc(creationUtc), JSON.stringify(fields));
  }
  db.close();
  const documents = openAgain();
  return {
    documents,
    async [Symbol.asyncDispose]() {
      await documents.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** All conditions on all fields hold, and `$and` and `$or` where they are given. */
export function toFilter({ $and = [], $or, ...fields }: RecordedFilter): Filter<Fields> {
  const conditions = Object.entries(fields as Readonly<Record<string, Conditions>>); // the rest are fields
  return {
    all: [
      ...$and.map(toFilter),
      ...($or ? [{ any: $or.map(toFilter) }] : []),
      ...conditions.flatMap(([field, each]) =>
        Object.entries(each).map(([operator, value]) => toCondition(field, operator, value)),
      ),
    ],
  };
}

const words: Readonly<Record<string, string>> = {
  $eq: 'is',
  $ne: 'isNot',
  $gt: 'above',
  $gte: 'atLeast',
  $lt: 'below',
  $lte: 'atMost',
  $in: 'isIn',
  $nin: 'isNotIn',
};

function toCondition(field: string, operator: string, value: unknown): Filter<Fields> {
  const word = words[operator];
  if (!word) throw new Error(`Nobody recorded "${operator}".`);
  return { field, [word]: value } as unknown as Filter<Fields>; // the value is one that this word takes
}
