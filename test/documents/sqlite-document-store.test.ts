import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import type { AnyCollection, Collection } from '../../src/documents/collection.ts';
import type { DocumentStore, Filter } from '../../src/documents/document-store.ts';
import { documentsFile } from '../../src/documents/documents-file.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { toCondition } from '../../src/documents/sqlite-filter.ts';
import { StartingWriter } from '../../src/documents/starting-writer.ts';
import { WriterThread, type Writer } from '../../src/documents/writer-thread.ts';
import { DataFolderError, DocumentsUnavailableError } from '../../src/errors.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { fruits, testCollections, type Fruit } from './collections.ts';
import { documentStoreContract } from './document-store.contract.ts';

describe('documents in SQLite', () => {
  documentStoreContract(open);
});

describe('documents in SQLite, while a server starts', () => {
  documentStoreContract(() => open({ createWriter: (file) => new StartingWriter(file) }));

  it('are written by this thread, and by another when it has started', async () => {
    const byThread = vi.spyOn(WriterThread.prototype, 'commit');
    let writer: StartingWriter | undefined;
    await using opened = await open({ createWriter: (file) => (writer = new StartingWriter(file)) });
    await opened.documents.insert(fruits, 'fig', { name: 'Fig', colours: [] });
    expect(byThread).not.toHaveBeenCalled();
    writer?.leaveToThread();
    await opened.documents.insert(fruits, 'kiwi', { name: 'Kiwi', colours: [] });
    expect(byThread).toHaveBeenCalledOnce();
    byThread.mockRestore();
    const documents = await opened.reopen();
    expect((await documents.find(fruits)).items.map(({ id }) => id)).toEqual(['fig', 'kiwi']);
  });

  it('fail with a reason, and can be written again', async () => {
    await using opened = await open({ createWriter: (file) => new StartingWriter(file) });
    const { documents } = opened;
    const insert = (id: string) => documents.insert(fruits, id, { name: id, colours: [] });
    await insert('fig');
    using other = new DatabaseSync(opened.file);
    other.exec("CREATE TRIGGER full BEFORE INSERT ON documents BEGIN SELECT RAISE(ABORT, 'no room'); END");
    await expect(insert('kiwi')).rejects.toThrow(/no room/);
    other.exec('DROP TRIGGER full');
    await insert('kiwi');
    expect((await documents.find(fruits)).totalCount).toBe(2);
  });
});

type Options = {
  readonly collections?: readonly AnyCollection[];
  readonly createWriter?: (file: string) => Writer;
};

/** In a folder of its own, both gone at the end. */
async function open({ collections = testCollections, createWriter }: Options = {}) {
  const folder = await createDataFolder();
  const openAgain = (with_: readonly AnyCollection[] = collections) =>
    openSqliteDocuments({ folder: folder.path, collections: with_, ...(createWriter && { createWriter }) });
  let documents = openAgain();
  return {
    folder: folder.path,
    file: join(folder.path, documentsFile),
    documents,
    /** With other collections: as a later version of the program. */
    async reopen(with_?: readonly AnyCollection[]): Promise<DocumentStore> {
      await documents.close();
      return (documents = openAgain(with_));
    },
    close: () => documents.close(),
    async [Symbol.asyncDispose]() {
      await documents.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

type Later = { readonly title: string; readonly size: number; readonly colours: readonly string[] };

/** `fruits` two versions later. */
const laterFruits: Collection<Later> = {
  name: 'fruits',
  noun: 'fruit',
  migrations: [
    ({ name, ...fields }) => ({ ...fields, title: name ?? '' }),
    ({ title, ...fields }) => ({ ...fields, title: `${title as string}!`, size: 1 }), // as the step before left it
  ],
  unique: ['title'],
  members: ['colours'],
};

describe('a documents file of an older program', () => {
  it('is brought up to date at opening, once, with all that is in it', async () => {
    await using opened = await open();
    const old = await opened.documents.insert(fruits, 'fig', { name: 'Fig', weight: 2, colours: ['green'] });
    await opened.documents.insert(fruits, 'kiwi', { name: 'Kiwi', colours: ['brown'] });
    for (const documents of [await opened.reopen([laterFruits]), await opened.reopen([laterFruits])])
      void documents;
    const documents = await opened.reopen([laterFruits]);
    expect(await documents.get(laterFruits, 'fig')).toEqual({
      id: 'fig',
      creationUtc: old.creationUtc,
      weight: 2,
      title: 'Fig!',
      size: 1,
      colours: ['green'],
    });
    const where = { field: 'title', is: 'Kiwi!' } as const;
    expect((await documents.find(laterFruits, { where })).items).toMatchObject([{ id: 'kiwi' }]);
  });

  it('may skip a version: each document takes the steps it lacks', async () => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'fig', { name: 'Fig', colours: [] });
    const between = { ...laterFruits, migrations: laterFruits.migrations!.slice(0, 1) };
    const documents = await opened.reopen([between]);
    await documents.insert(between, 'kiwi', { title: 'Kiwi', size: 0, colours: [] });
    const { items } = await (await opened.reopen([laterFruits])).find(laterFruits);
    expect(items.map(({ title, size }) => [title, size])).toEqual([
      ['Fig!', 1],
      ['Kiwi!', 1],
    ]);
  });

  it('gets the indexes that a collection declares now, and loses those it does not', async () => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'fig', { name: 'Fig', colours: ['green'], marks: ['new'] });
    const declared: Collection<Fruit> = {
      name: 'fruits',
      noun: 'fruit',
      indexed: ['weight'],
      members: ['marks'],
    };
    const documents = await opened.reopen([declared]);
    const where = { field: 'marks', has: 'new' } as const;
    expect((await documents.find(declared, { where })).items).toMatchObject([{ id: 'fig' }]);
    await documents.insert(declared, 'fig 2', { name: 'Fig', colours: [] });
    await opened.close();
    expect(
      query(opened.file, "SELECT name FROM sqlite_schema WHERE name LIKE 'declared:%' ORDER BY name"),
    ).toEqual([
      { name: 'declared:fruits:marks:delete' },
      { name: 'declared:fruits:marks:insert' },
      { name: 'declared:fruits:marks:update' },
      { name: 'declared:fruits:weight' },
    ]);
  });

  it('is not touched where nothing has changed', async () => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'fig', { name: 'Fig', colours: ['green'] });
    await opened.close();
    const before = query(opened.file, 'PRAGMA schema_version');
    await opened.reopen();
    await opened.close();
    expect(query(opened.file, 'PRAGMA schema_version')).toEqual(before);
  });

  it('is left as it is when a step fails', async () => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'fig', { name: 'Fig', colours: [] });
    await opened.documents.insert(fruits, 'kiwi', { name: 'Kiwi', colours: [] });
    const broken = { ...laterFruits, migrations: [() => ({ title: 'all the same' })] };
    await expect(opened.reopen([broken])).rejects.toThrow(DataFolderError);
    expect(await (await opened.reopen(testCollections)).find(fruits)).toMatchObject({ totalCount: 2 });
  });
});

describe('a documents file that cannot be used', () => {
  it('is refused with one clear line when a newer program has written it, and left as it is', async () => {
    await using opened = await open();
    await opened
      .reopen([laterFruits])
      .then((documents) => documents.insert(laterFruits, 'fig', { title: 'Fig', size: 1, colours: [] }));
    await expect(opened.reopen(testCollections)).rejects.toThrow(
      new DataFolderError(
        opened.folder,
        'a fruit in its documents.db has version 3, but this program knows only 1: it was written by a newer one',
      ),
    );
    const db = new DatabaseSync(opened.file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(opened.reopen([laterFruits])).rejects.toThrow(
      /its documents\.db has schema version 99, but this program knows only \d+: it was written by a newer one/,
    );
    expect(query(opened.file, 'SELECT count(*) AS n FROM documents')).toEqual([{ n: 1 }]);
  });

  it('is refused with one clear line when it is no database, or no file', async () => {
    await using folder = await createDataFolder();
    await writeFile(
      join(folder.path, documentsFile),
      'this is not a database, and it is long enough to tell',
    );
    const openIn = (path: string) => () =>
      openSqliteDocuments({ folder: path, collections: testCollections });
    expect(openIn(folder.path)).toThrow(/cannot be used: file is not a database/);
    expect(openIn(join(folder.path, documentsFile))).toThrow(DataFolderError);
    expect(openIn('/proc/colloquy')).toThrow(DataFolderError);
  });
});

describe('documents that cannot be written', () => {
  it('acknowledge nothing that does not fit on the disk, and nothing that was tried upon it', async () => {
    const lines = await runOwner('full', { fileBlocks: 4_096 });
    expect(lines.slice(0, 23)).toEqual([
      ...Array.from({ length: 20 }, (_, n) => `stored ${n}`),
      'DOCUMENTS_UNAVAILABLE',
      'DOCUMENTS_UNAVAILABLE',
      'stored small',
    ]);
    expect(lines.slice(23)).toEqual(['found 21']);
  });

  it('are whole again after the process was killed, whenever that was: transactions whole or not at all', async () => {
    await using folder = await createDataFolder();
    const acknowledged = new Set<string>();
    for (let n = 0; n < 5; n++) {
      for (const line of await runOwner('pairs', { folder: folder.path, killAfter: 20 }))
        acknowledged.add(line);
      const documents = openSqliteDocuments({ folder: folder.path, collections: testCollections });
      const ids = new Set((await documents.find(fruits)).items.map(({ id }) => id));
      const halves = [...ids].filter(
        (id) => !ids.has(id.startsWith('left') ? `right${id.slice(4)}` : `left${id.slice(5)}`),
      );
      expect(halves).toEqual([]);
      expect([...acknowledged].filter((line) => !ids.has(`left ${line}`))).toEqual([]);
      await documents.close();
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(100);
  });

  it('fail, and do not hang, when the writer dies, and work again', async () => {
    const writers: WriterThread[] = [];
    const createWriter = (file: string) => {
      const writer = new WriterThread(file);
      writers.push(writer);
      return writer;
    };
    await using opened = await open({ createWriter });
    const { documents } = opened;
    await documents.insert(fruits, 'first', { name: 'first', colours: [] });
    const many = documents.transaction(async (tx) => {
      for (let n = 0; n < 5_000; n++) await tx.insert(fruits, `${n}`, { name: `${n}`, colours: [] });
    });
    const outcome = many.then(
      () => 5_001,
      (error: unknown) => (error instanceof DocumentsUnavailableError ? 1 : error),
    );
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await writers[0]?.kill();
    // Whether the commit was done before the thread died, answer and file agree.
    expect(await outcome).toBe((await documents.find(fruits, { limit: 0 })).totalCount);
    await documents.insert(fruits, 'again', { name: 'again', colours: [] });
    await writers[0]?.kill();
    await documents.insert(fruits, 'and again', { name: 'and again', colours: [] });
  });

  it('count what a thread has stored that died before it could say so', async () => {
    const createWriter = (file: string): Writer => {
      const thread = new WriterThread(file);
      return {
        commit: (operations) => thread.commit(operations).then(() => 'it died'),
        close: () => thread.close(),
      };
    };
    await using opened = await open({ createWriter });
    await opened.documents.insert(fruits, 'fig', { name: 'Fig', colours: [] });
    expect(await opened.documents.get(fruits, 'fig')).toBeDefined();
  });

  it('are decided anew, from what is on disk, after a failure', async () => {
    let failure: string | null = null;
    const createWriter = (file: string): Writer => {
      const thread = new WriterThread(file);
      return {
        commit: (operations) => (failure === null ? thread.commit(operations) : Promise.resolve(failure)),
        close: () => thread.close(),
      };
    };
    await using opened = await open({ createWriter });
    const { documents } = opened;
    failure = 'the disk is gone';
    const told: unknown[] = [];
    documents.onCommitted((changes) => told.push(changes));
    const insert = () => documents.insert(fruits, 'fig', { name: 'Fig', colours: [] });
    const lost = await Promise.allSettled([insert(), insert(), documents.find(fruits)]);
    expect(lost).toMatchObject([
      { reason: expect.any(DocumentsUnavailableError) },
      { reason: expect.any(DocumentsUnavailableError) },
      { value: { totalCount: 0 } },
    ]);
    expect(told).toEqual([]);
    failure = null;
    await insert();
    expect(told.length).toBe(1);
  });
});

describe('what is there from the beginning', () => {
  it('is inserted at opening, once, and stays as it was changed', async () => {
    await using opened = await open();
    const before = await opened.documents.insert(fruits, 'kiwi', { name: 'Own kiwi', colours: [] });
    const sown: Collection<Fruit> = {
      ...fruits,
      seeds: [
        { id: 'fig', fields: { name: 'Fig', colours: ['green'] } },
        { id: 'kiwi', fields: { name: 'Kiwi', colours: [] } },
      ],
    };
    const documents = await opened.reopen([sown]);
    const where = { field: 'colours', has: 'green' } as const;
    expect((await documents.find(sown, { where })).items).toMatchObject([{ id: 'fig', name: 'Fig' }]);
    expect(await documents.get(sown, 'kiwi')).toEqual(before);
    const fig = await documents.update(sown, 'fig', () => ({ name: 'Changed', colours: [] }));
    expect(await (await opened.reopen([sown])).get(sown, 'fig')).toEqual(fig);
  });
});

describe('a long transaction', () => {
  it('lets others run in between, and shows them nothing of it', async () => {
    await using opened = await open();
    const { documents } = opened;
    const progress = { isDone: false };
    const seen: number[] = [];
    const done = documents.transaction(async (tx) => {
      for (let n = 0; n < 2_000; n++) await tx.insert(fruits, `${n}`, { name: `${n}`, colours: [] });
      progress.isDone = true;
    });
    while (!progress.isDone) {
      seen.push((await documents.find(fruits, { limit: 0 })).totalCount);
      await new Promise(setImmediate);
    }
    await done;
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen)).toEqual(new Set([0]));
  });
});

describe('lookups', () => {
  it('go through the indexes that are declared', async () => {
    await using opened = await open();
    await opened.close();
    const plan = (where: string) =>
      query(
        opened.file,
        `EXPLAIN QUERY PLAN SELECT * FROM documents WHERE collection = 'fruits' AND ${where}`,
      )
        .map(({ detail }) => String(detail))
        .join('; ');
    expect(plan("id = 'x'")).toMatch(/documents_by_id/);
    expect(plan("json_extract(body, '$.name') = 'x'")).toMatch(/declared:fruits:name/);
    expect(plan("json_extract(body, '$.origin.country') = 'x'")).toMatch(/declared:fruits:origin\.country/);
    expect(
      plan(
        "id IN (SELECT id FROM members WHERE collection = 'fruits' AND field = 'colours' AND value = 'x')",
      ),
    ).toMatch(/documents_by_id .*members USING PRIMARY KEY/);
    const few =
      "id IN (SELECT id FROM members WHERE collection = 'fruits' AND field = 'colours' AND value = 'x')";
    expect(plan(`${few} ORDER BY +creation_utc, +id`)).toMatch(/documents_by_id/);
    expect(plan("(creation_utc, id) > ('a', 'b') ORDER BY creation_utc, id")).toMatch(
      /documents_by_creation/,
    );
  });

  it.each<[string, Filter<Fruit>]>([
    ['of several values', { field: 'origin.country', isIn: ['DE', 'FR'] }],
    [
      'in either of two fields',
      {
        any: [
          { field: 'origin.country', is: 'DE' },
          { field: 'name', is: 'fig' },
        ],
      },
    ],
    [
      'of several values in either of two fields',
      {
        any: [
          { field: 'origin.country', isIn: ['DE'] },
          { field: 'colours', has: 'red' },
          { field: 'id', isIn: ['a'] },
        ],
      },
    ],
  ])('%s do not read the whole collection', async (_what, filter) => {
    await using opened = await open();
    await opened.documents.insert(fruits, 'a', {
      name: 'fig',
      colours: ['red'],
      origin: { country: 'DE' },
    });
    await opened.documents.insert(fruits, 'b', { name: 'pear', colours: [] });
    const { items } = await opened.documents.find(fruits, { where: filter });
    expect(items.map(({ id }) => id)).toEqual(['a']);
    await opened.close();
    const [sql, ...values] = toCondition(fruits, filter);
    const plan = query(
      opened.file,
      `EXPLAIN QUERY PLAN SELECT * FROM documents WHERE collection = 'fruits' AND ${sql} ORDER BY +id`,
      ...values,
    );
    const details = plan.map(({ detail }) => String(detail));
    expect(details.join('; ')).not.toMatch(/SCAN documents|\(collection=\?\)/);
  });
});

function query(file: string, sql: string, ...values: readonly SQLInputValue[]) {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

type OwnerOptions = { readonly folder?: string; readonly fileBlocks?: number; readonly killAfter?: number };

/** What a process of its own printed until it ended, or was killed after so many lines; see `owner.ts`. */
async function runOwner(
  task: string,
  { folder, fileBlocks = 0, killAfter }: OwnerOptions,
): Promise<readonly string[]> {
  await using own = await createDataFolder();
  const limit = fileBlocks > 0 ? `ulimit -f ${fileBlocks}; ` : '';
  const owner = join(import.meta.dirname, 'owner.ts');
  const child = spawn(
    'sh',
    ['-c', `${limit}exec "$0" "$@"`, process.execPath, owner, folder ?? own.path, task],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    if (lines.push(line) === killAfter) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return lines;
}
