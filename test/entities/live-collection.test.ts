import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, DocumentStore } from '../../src/documents/document-store.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { tagCollection, type Tag } from '../../src/entities/collections/tag.ts';
import { termCollection } from '../../src/entities/collections/term.ts';
import { openLiveCollection } from '../../src/entities/live-collection.ts';
import { createDataFolder } from '../support/data-folder.ts';

/** Documents in a folder of their own; with a clock that can be set. */
async function open({ now = Date.now }: { readonly now?: () => number } = {}) {
  const folder = await createDataFolder();
  const collections = [tagCollection, termCollection];
  const documents = openSqliteDocuments({ folder: folder.path, collections, now });
  return {
    documents,
    async [Symbol.asyncDispose]() {
      await documents.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const insert = (documents: DocumentStore, name: string) =>
  documents.insert(tagCollection, name, { name: `tag ${name}` });
const stored = async (documents: DocumentStore) => (await documents.find(tagCollection)).items;

describe('a collection in memory', () => {
  it('has what was there, and then every change by the time its promise resolves', async () => {
    await using opened = await open();
    const { documents } = opened;
    const a = await insert(documents, 'a');
    const tags = await openLiveCollection(documents, tagCollection);
    expect([tags.list(), tags.get('a'), tags.get('b')]).toEqual([[a], a, undefined]);
    const b = await insert(documents, 'b');
    expect(tags.list()).toEqual([a, b]);
    const renamed = await documents.update(tagCollection, 'a', () => ({ name: 'renamed' }));
    expect(tags.list()).toEqual([renamed, b]);
    await documents.delete(tagCollection, 'a');
    expect([tags.list(), tags.get('a')]).toEqual([[b], undefined]);
  });

  it('shows nothing of a transaction before all of it is stored, and nothing of one that was undone', async () => {
    await using opened = await open();
    const { documents } = opened;
    const tags = await openLiveCollection(documents, tagCollection);
    const seen: number[] = [];
    await documents.transaction(async (tx) => {
      for (const name of ['a', 'b', 'c']) {
        await tx.insert(tagCollection, name, { name });
        seen.push(tags.list().length);
      }
    });
    expect([...seen, tags.list().length]).toEqual([0, 0, 0, 3]);
    const undone = documents.transaction(async (tx) => {
      await tx.delete(tagCollection, 'a');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(tags.list().length).toBe(3);
  });

  it('has a version that grows with its changes, and only with its own', async () => {
    await using opened = await open();
    const { documents } = opened;
    const tags = await openLiveCollection(documents, tagCollection);
    const [version, list] = [tags.version, tags.list()];
    await documents.insert(termCollection, 't', { name: 't', description: '', synonyms: [], tags: [] });
    await documents.delete(tagCollection, 'nobody');
    expect([tags.version, tags.list() === list]).toEqual([version, true]);
    await insert(documents, 'a');
    const next = tags.version;
    expect([next > version, tags.list() === list]).toEqual([true, false]);
    await documents.delete(tagCollection, 'a');
    expect(tags.version).toBeGreaterThan(next);
  });

  it('tells a watcher of all there is, then of each change when all of its commit can be seen, until it stops', async () => {
    await using opened = await open();
    const { documents } = opened;
    await insert(documents, 'a');
    const tags = await openLiveCollection(documents, tagCollection);
    const told: unknown[] = [];
    const stop = tags.watch((id, tag) => told.push([id, tag?.name, tags.list().length]));
    expect(told.splice(0)).toEqual([['a', 'tag a', 1]]);
    await documents.transaction(async (tx) => {
      await tx.delete(tagCollection, 'a');
      await tx.insert(tagCollection, 'b', { name: 'b' });
      await tx.insert(tagCollection, 'c', { name: 'c' });
    });
    expect(told.splice(0)).toEqual([
      ['a', undefined, 2],
      ['b', 'b', 2],
      ['c', 'c', 2],
    ]);
    stop();
    await insert(documents, 'd');
    expect(told).toEqual([]);
  });

  it('misses nothing that is stored while it is opened', async () => {
    await using opened = await open();
    const { documents } = opened;
    const writes = Array.from({ length: 30 }, async (_, n) => {
      for (let turns = 0; turns < n; turns++) await new Promise(setImmediate);
      await insert(documents, `${n}`);
      if (n % 3 === 0) await documents.delete(tagCollection, `${n}`);
    });
    const openings = Array.from({ length: 30 }, async (_, n) => {
      for (let turns = 0; turns < n; turns++) await new Promise(setImmediate);
      return openLiveCollection(documents, tagCollection);
    });
    await Promise.all(writes);
    const expected = await stored(documents);
    for (const opening of openings) expect((await opening).list()).toEqual(expected);
  });

  it('is right when the news of a commit that was read comes late', async () => {
    const [old, now] = ['old', 'now'].map((name): Tag => ({ id: 'a', name, creationUtc: '1' }));
    const commits: (readonly Change[])[] = [
      [{ collection: 'tags', id: 'a', document: old }],
      [{ collection: 'tags', id: 'gone', document: { id: 'gone', creationUtc: '2' } }],
      [{ collection: 'tags', id: 'gone', document: undefined }],
      [{ collection: 'tags', id: 'a', document: now }],
    ];
    let tell: (changes: readonly Change[]) => void = () => {};
    const documents = {
      onCommitted(listener: typeof tell) {
        tell = listener;
        return () => {};
      },
      async find() {
        for (const commit of commits.slice(0, 2)) tell(commit);
        return { items: [now], totalCount: 1, next: null };
      },
    } as unknown as DocumentStore; // what it is asked for
    const tags = await openLiveCollection(documents, tagCollection);
    for (const commit of commits.slice(2)) tell(commit);
    expect(tags.list()).toEqual([now]);
  });

  it('is in order of creation as the store is, also when the clock is set back or an id comes back', async () => {
    let time = Date.parse('2026-01-01T12:00:00Z');
    await using opened = await open({ now: () => time });
    const { documents } = opened;
    const tags = await openLiveCollection(documents, tagCollection);
    for (const name of ['a', 'b', 'c']) await insert(documents, name);
    time -= 3_600_000;
    await insert(documents, 'd');
    time += 7_200_000;
    await documents.delete(tagCollection, 'a');
    await insert(documents, 'a');
    expect(tags.list().map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
    expect(tags.list()).toEqual(await stored(documents));
  });

  it('is what the store has after any writes', async () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd');
    const write = fc.tuple(fc.constantFrom('insert', 'update', 'delete'), names);
    const transactions = fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(transactions, async (given) => {
        await using opened = await open();
        const { documents } = opened;
        const tags = await openLiveCollection(documents, tagCollection);
        const done = given.map((writes) =>
          documents.transaction(async (tx) => {
            for (const [kind, name] of writes) {
              if (kind === 'insert') await tx.insert(tagCollection, name, { name });
              if (kind === 'update') await tx.update(tagCollection, name, () => ({ name: `${name}!` }));
              if (kind === 'delete') await tx.delete(tagCollection, name);
            }
          }),
        );
        await Promise.allSettled(done);
        expect(tags.list()).toEqual(await stored(documents));
        for (const tag of tags.list()) expect(tags.get(tag.id)).toBe(tag);
      }),
      { numRuns: 30 },
    );
  });
});
