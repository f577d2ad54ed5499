import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { type AnyCollection, type Collection, versionOf } from '../../src/documents/collection.ts';
import { documentsFile } from '../../src/documents/documents-file.ts';
import { openSqliteDocuments } from '../../src/documents/sqlite-document-store.ts';
import { entityCollections } from '../../src/entities/collections/all.ts';
import { customerCollection } from '../../src/entities/collections/customer.ts';
import { journeyCollection, journeyTag } from '../../src/entities/collections/journey.ts';
import { createJourneys } from '../../src/entities/journeys.ts';
import { createSpecialTags } from '../../src/entities/special-tags.ts';
import { createTags } from '../../src/entities/tags.ts';
import { DataFolderError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/event-log/event.ts';
import { run, start } from '../packaging/program.ts';
import { createDataFolder } from '../support/data-folder.ts';

/** A data folder with documents of the program that knew agents, customers and tags only. */
async function createOlderFolder() {
  const folder = await createDataFolder();
  const file = join(folder.path, documentsFile);
  change(file, await readFile(join(import.meta.dirname, 'older-documents.sql'), 'utf8'));
  return {
    path: folder.path,
    file,
    open: (collections = entityCollections) => openSqliteDocuments({ folder: folder.path, collections }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const vip = 'z0BHxMSm1b';
const beth = '6FWB7PxJLP';

describe('documents of the program that knew agents, customers and tags only', () => {
  it('are kept as they were', async () => {
    await using folder = await createOlderFolder();
    const before = rowsOf(folder.file);
    expect(before).toHaveLength(7);
    await folder.open().close();
    expect(rowsOf(folder.file)).toEqual(before);
  });

  it('are found by what they have, changed and deleted as ever', async () => {
    await using folder = await createOlderFolder();
    const documents = folder.open();
    const tags = createTags({ documents });
    const where = { field: 'tags', has: vip } as const;
    expect((await documents.find(customerCollection, { where })).items).toMatchObject([
      { id: beth, name: 'Beth', metadata: { plan: 'gold' } },
    ]);
    await expect(tags.create({ name: 'vip' })).rejects.toThrow('There is a tag with the name "vip" already.');
    await tags.delete(vip);
    expect((await documents.get(customerCollection, beth))?.tags).toEqual(['ki3gFjBnMy', 'agent:my agent/1']);
    await documents.close();
  });

  it('gain all there is to know, also about what was there', async () => {
    await using folder = await createOlderFolder();
    const documents = folder.open();
    const specialTags = createSpecialTags({ configured: { get: () => undefined } }).ofAgents;
    const journeys = createJourneys({ documents, specialTags });
    const journey = await journeys.create({
      title: 'Refund',
      description: '',
      conditions: ['wants money back'],
      tags: [vip, 'agent:my agent/1'],
    });
    expect(await journeys.list({ tagId: 'agent:my agent/1' })).toEqual([journey]);
    await documents.close();
    const again = folder.open();
    expect(await again.get(journeyCollection, journey.id)).toEqual(journey);
    expect(rowsOf(folder.file).map(({ body }) => body)).toContainEqual(
      expect.stringContaining(`"tags":["${journeyTag(journey.id)}"]`),
    );
    await again.close();
  });

  it('are served by the program', async () => {
    await using folder = await createOlderFolder();
    const env = { DATA_DIR: folder.path };
    await using program = await start({ cwd: folder.path, env });
    const read = async (path: string) => (await fetch(program.url + path)).json();
    expect(await read('/agents/my%20agent%2F1')).toMatchObject({
      name: 'Ünï 🤖',
      message_output_mode: 'stream',
    });
    expect(await read('/customers')).toMatchObject([
      { id: 'guest', metadata: { lang: 'de' } },
      { id: beth },
      { id: 'crm:4711' },
    ]);
    expect(await read('/tags')).toEqual([
      { id: vip, name: 'vip' },
      { id: 'ki3gFjBnMy', name: 'gold ★' },
    ]);
    expect(await read(`/journeys?tag_id=${vip}`)).toEqual([]);
  });
});

describe('every collection', () => {
  it('has a name and a noun of its own, and writes its version into each document', async () => {
    const names = entityCollections.flatMap(({ name, noun }) => [name, noun]);
    expect(new Set(names).size).toBe(2 * entityCollections.length);
    await using folder = await createOlderFolder();
    const documents = folder.open();
    for (const collection of entityCollections)
      await documents.insert(collection as Collection<object>, 'new', { tags: [] }); // of any
    await documents.close();
    const versions = rowsOf(folder.file).map(({ collection, version }) => [collection, version]);
    for (const collection of entityCollections) {
      expect(versions).toContainEqual([collection.name, versionOf(collection)]);
    }
  });

  it('can be brought up to its next version in place, without touching the others', async () => {
    for (const collection of entityCollections) {
      await using folder = await createOlderFolder();
      insertRow(folder.file, collection, versionOf(collection));
      const next = withNextVersion(collection);
      const expected = rowsOf(folder.file).map((row) =>
        row.collection === collection.name ? changed(row, next) : row,
      );
      await folder.open(entityCollections.map((each) => (each === collection ? next : each))).close();
      expect(rowsOf(folder.file)).toEqual(expected);
    }
  });

  it('is refused with one clear line where a newer program has written it, and left as it is', async () => {
    await using folder = await createOlderFolder();
    for (const collection of entityCollections) {
      const known = versionOf(collection);
      insertRow(folder.file, collection, known + 1);
      const before = rowsOf(folder.file);
      expect(() => folder.open()).toThrow(
        new DataFolderError(
          folder.path,
          `a ${collection.noun} in its documents.db has version ${known + 1}, but this program knows only ${known}: it was written by a newer one`,
        ),
      );
      expect(rowsOf(folder.file)).toEqual(before);
      change(folder.file, `DELETE FROM documents WHERE id = 'sample'`);
    }
    await folder.open().close();
  });
});

describe('the program, given documents of a newer one', () => {
  it.each([
    [
      'in a document',
      `UPDATE documents SET version = 2 WHERE id = 'guest'`,
      'a customer in its documents.db has version 2, but this program knows only 1',
    ],
    [
      'in the file as a whole',
      'PRAGMA user_version = 99',
      'its documents.db has schema version 99, but this program knows only 1',
    ],
  ])('ends with one line that says so: %s', async (_, newer, line) => {
    await using folder = await createOlderFolder();
    change(folder.file, newer);
    await copyFile(folder.file, `${folder.file}.before`);
    const ended = await run({ cwd: folder.path, env: { DATA_DIR: folder.path, PORT: '0' } });
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `The data folder ${folder.path} cannot be used: ${line}: it was written by a newer one.\n`,
    });
    expect(rowsOf(folder.file)).toEqual(rowsOf(`${folder.file}.before`));
  });
});

/** A later program's. */
function withNextVersion(collection: AnyCollection): AnyCollection {
  const step = (fields: JsonObject) => ({ ...fields, isNext: true });
  return { ...collection, migrations: [...(collection.migrations ?? []), step] };
}

/** What is to become of it. */
function changed(row: Row, collection: AnyCollection): Row {
  const body = row.body.replace(/}$/, ',"isNext":true}');
  return { ...row, version: versionOf(collection), body };
}

function insertRow(file: string, { name }: AnyCollection, version: number): void {
  change(file, `INSERT INTO documents VALUES ('${name}', 'sample', ${version}, '2026-01-01', '{"tags":[]}')`);
}

type Row = {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly creation_utc: string;
  readonly body: string;
};

function rowsOf(file: string): readonly Row[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare('SELECT * FROM documents ORDER BY collection, id').all() as Row[]; // its columns
  } finally {
    db.close();
  }
}

function change(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}
