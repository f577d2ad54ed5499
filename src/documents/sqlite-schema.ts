/**
 * The tables, as the list of steps that lead to them (`PRAGMA user_version` is the number of steps a file has taken; a published
 * step is never changed), and what the program's collections need beside them: indexes and triggers, made of their declaration.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '../event-log/event.ts';
import { versionOf, type AnyCollection } from './collection.ts';
import { toPath } from './sqlite-filter.ts';
import { write, writeStatements } from './sqlite-statements.ts';

export const migrations: readonly string[] = [
  `CREATE TABLE documents (
     collection TEXT NOT NULL,
     id TEXT NOT NULL,
     version INTEGER NOT NULL,
     creation_utc TEXT NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX documents_by_id ON documents (collection, id);
   CREATE INDEX documents_by_creation ON documents (collection, creation_utc, id);
   CREATE INDEX documents_by_version ON documents (collection, version);
   CREATE TABLE members (
     collection TEXT NOT NULL,
     field TEXT NOT NULL,
     value ANY NOT NULL,
     id TEXT NOT NULL,
     PRIMARY KEY (collection, field, value, id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE commits (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL) STRICT;
   INSERT INTO commits VALUES (1, 0);`,
];

/**
 * Brings a file and all that is in it up to date, in place and at once. Throws one clear line when a newer program has written it.
 * `stamp` tells the time of what is there from the beginning.
 */
export function upgrade(db: DatabaseSync, collections: readonly AnyCollection[], stamp: () => string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) refuseNewer('its documents.db has schema', version, migrations.length);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  for (const step of migrations.slice(version)) db.exec(step);
  db.exec(`PRAGMA user_version = ${migrations.length}`);
  for (const collection of collections) upgradeDocuments(db, collection);
  declare(db, collections);
  for (const collection of collections) sow(db, collection, stamp);
  db.exec('COMMIT');
}

function upgradeDocuments(db: DatabaseSync, collection: AnyCollection): void {
  const { name, noun, migrations: steps = [] } = collection;
  const current = versionOf(collection);
  const newest = db.prepare('SELECT max(version) AS version FROM documents WHERE collection = ?').get(name);
  const found = Number(newest?.['version'] ?? 0);
  if (found > current) refuseNewer(`a ${noun} in its documents.db has`, found, current);
  const old = db.prepare(
    'SELECT rowid AS key, version, body FROM documents WHERE collection = ? AND version < ?',
  );
  const replace = db.prepare('UPDATE documents SET version = ?, body = ? WHERE rowid = ?');
  // Read whole before the first is written: a row that moves in its index must not be met again.
  for (const { key, version, body } of old.all(name, current)) {
    const fields = steps
      .slice(Number(version) - 1)
      .reduce((document, step) => step(document), JSON.parse(String(body)) as JsonObject);
    replace.run(current, JSON.stringify(fields), Number(key));
  }
}

function sow(db: DatabaseSync, collection: AnyCollection, stamp: () => string): void {
  const insert = db.prepare(`${writeStatements[write.insert]} ON CONFLICT DO NOTHING`);
  for (const { id, fields } of collection.seeds ?? []) {
    insert.run(collection.name, id, versionOf(collection), stamp(), JSON.stringify(fields));
  }
}

function refuseNewer(what: string, found: number, known: number): never {
  throw new Error(
    `${what} version ${found}, but this program knows only ${known}: it was written by a newer one`,
  );
}

/** Indexes and triggers are named after what they say, so that one whose declaration has changed is another one. */
function declare(db: DatabaseSync, collections: readonly AnyCollection[]): void {
  const wanted = new Map(collections.flatMap(toDeclarations));
  const made = db.prepare("SELECT type, name, sql FROM sqlite_schema WHERE name LIKE 'declared:%'").all();
  const kept = new Set<string>();
  for (const { type, name, sql } of made) {
    if (wanted.get(String(name)) === sql) kept.add(String(name));
    else db.exec(`DROP ${String(type)} "${String(name)}"`);
  }
  for (const [name, sql] of wanted) if (!kept.has(name)) db.exec(sql);
  for (const { name, members = [] } of collections) {
    for (const field of members) {
      if (!kept.has(`declared:${name}:${field}:insert`)) fillMembers(db, name, field);
    }
  }
}

function toDeclarations({ name, unique = [], indexed = [], members = [] }: AnyCollection) {
  checkName(name);
  return [
    ...unique.map((field) => toIndex('UNIQUE INDEX', name, field)),
    ...indexed.map((field) => toIndex('INDEX', name, field)),
    ...members.flatMap((field) => toTriggers(name, field)),
  ];
}

function toIndex(kind: string, collection: string, field: string) {
  const name = `declared:${collection}:${field}`;
  const on = `documents (json_extract(body, ${toPath(field)})) WHERE collection = '${collection}'`;
  return [name, `CREATE ${kind} "${name}" ON ${on}`] as const;
}

function toTriggers(collection: string, field: string) {
  const forget = `DELETE FROM members WHERE collection = '${collection}' AND field = '${field}' AND id = old.id
    AND value IN (SELECT value FROM json_each(old.body, ${toPath(field)}));`;
  const learn = `INSERT OR IGNORE INTO members SELECT '${collection}', '${field}', value, new.id
    FROM json_each(new.body, ${toPath(field)});`;
  return (
    [
      ['insert', 'INSERT', 'new', learn],
      ['update', 'UPDATE OF body', 'new', forget + learn],
      ['delete', 'DELETE', 'old', forget],
    ] as const
  ).map(([suffix, event, row, effect]) => {
    const name = `declared:${collection}:${field}:${suffix}`;
    const when = `AFTER ${event} ON documents WHEN ${row}.collection = '${collection}'`;
    return [name, `CREATE TRIGGER "${name}" ${when} BEGIN ${effect} END`] as const;
  });
}

function fillMembers(db: DatabaseSync, collection: string, field: string): void {
  db.prepare('DELETE FROM members WHERE collection = ? AND field = ?').run(collection, field);
  db.prepare(
    `INSERT OR IGNORE INTO members SELECT collection, ?, value, documents.id
     FROM documents, json_each(body, ${toPath(field)}) WHERE collection = ?`,
  ).run(field, collection);
}

/** Names become part of SQL. */
function checkName(name: string): void {
  if (!/^[a-z][a-z_]*$/.test(name)) throw new TypeError(`"${name}" is no name of a collection.`);
}
