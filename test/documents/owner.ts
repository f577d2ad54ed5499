/**
 * A process that owns a documents file, for tests that kill it or starve it.
 *   pairs   transactions of two, ten at a time, for ever; prints the number of each that was acknowledged
 *   full    some, one that is too big for the space there is with one at the same time, one that fits, and how many there are
 */
import { DomainError } from '../../src/errors.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { fruits, testCollections } from './collections.ts';

const [folder = '', task] = process.argv.slice(2);
const documents = openSqliteDocuments({ folder, collections: testCollections });
let next = (await documents.find(fruits, { limit: 0 })).totalCount;

if (task === 'pairs') await Promise.all(Array.from({ length: 10 }, storePairs));
else await fillUp();

async function storePairs(): Promise<void> {
  for (;;) {
    const n = next++;
    await documents.transaction(async (tx) => {
      await tx.insert(fruits, `left ${n}`, { name: `left ${n}`, colours: ['l'] });
      await tx.insert(fruits, `right ${n}`, { name: `right ${n}`, colours: ['r'] });
    });
    console.log(n);
  }
}

async function fillUp(): Promise<void> {
  for (let n = 0; n < 20; n++) await store(`${n}`);
  await Promise.all([store('big', 'x'.repeat(8_000_000)), store('behind')]);
  await store('small');
  console.log(`found ${(await documents.find(fruits)).totalCount}`);
  await documents.close();
}

async function store(id: string, text = id): Promise<void> {
  await documents.insert(fruits, id, { name: text, colours: [] }).then(
    () => console.log(`stored ${id}`),
    (error: unknown) => console.log(error instanceof DomainError ? error.code : error),
  );
}
