/** Documents through one connection: reads, and writes that tell what they did, for the writer to do again. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { IdTakenError, ValueTakenError } from '../errors.ts';
import { versionOf, type AnyCollection, type Collection } from './collection.ts';
import type { Documents, DocumentReader, Page, Query, Stored } from './document-store.ts';
import { isSelective, toCondition, type Condition } from './sqlite-filter.ts';
import { write, writeStatements, type Operation } from './sqlite-statements.ts';

/** What a write did. */
export type Written = {
  readonly operation: Operation;
  readonly collection: string;
  readonly id: string;
  readonly document: Stored<object> | undefined;
};

/** Prepared once for each text. */
type Prepare = (sql: string) => StatementSync;

export function createReader(db: DatabaseSync): DocumentReader {
  const prepare = createPrepare(db);
  return {
    get: async (collection, id) => get(prepare, collection, id),
    find: async (collection, query = {}) => find(prepare, collection, query),
  };
}

/** `written` hears of every write at once. */
export function createDocuments(
  db: DatabaseSync,
  { stamp, written }: { readonly stamp: () => string; readonly written: (written: Written) => void },
): Documents {
  const prepare = createPrepare(db);

  function run(statement: number, values: readonly SQLInputValue[], rest: Omit<Written, 'operation'>): void {
    prepare(writeStatements[statement] ?? '').run(...values);
    written({ operation: [statement, ...values], ...rest });
  }

  return {
    ...createReader(db),

    async insert(collection, id, fields) {
      const { name, noun } = collection;
      if (get(prepare, collection, id)) throw new IdTakenError(noun, id);
      demandUnique(prepare, collection, id, fields);
      const document = toStored<typeof fields>(id, stamp(), toBody(fields));
      const values = [name, id, versionOf(collection), document.creationUtc, toBody(fields)];
      run(write.insert, values, { collection: name, id, document });
      return document;
    },

    async update(collection, id, change) {
      const { name } = collection;
      const current = get(prepare, collection, id);
      if (!current) return undefined;
      const fields = change(current);
      demandUnique(prepare, collection, id, fields);
      const body = toBody(fields);
      const document = toStored<typeof fields>(id, current.creationUtc, body);
      run(write.update, [versionOf(collection), body, name, id], { collection: name, id, document });
      return document;
    },

    async delete({ name, noun }, id) {
      if (!get(prepare, { name, noun }, id)) return false;
      run(write.delete, [name, id], { collection: name, id, document: undefined });
      return true;
    },
  };
}

function get<Fields extends object>(prepare: Prepare, { name }: Collection<Fields>, id: string) {
  const row = prepare('SELECT id, creation_utc, body FROM documents WHERE collection = ? AND id = ?').get(
    name,
    id,
  );
  return row && fromRow<Fields>(row);
}

function find<Fields extends object>(
  prepare: Prepare,
  collection: Collection<Fields>,
  { where, sort = 'asc', limit, after }: Query<Fields>,
): Page<Fields> {
  const conditions: Condition[] = [[`collection = '${collection.name}'`]];
  if (where) conditions.push(toCondition(collection, where));
  if (after) {
    conditions.push([`(creation_utc, id) ${sort === 'asc' ? '>' : '<'} (?, ?)`, after.creationUtc, after.id]);
  }
  const from = `FROM documents WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
  const values = conditions.flatMap(([, ...values]) => values);
  // A plus before a column keeps its index out of the plan.
  const noIndex = where && isSelective(collection, where) ? '+' : '';
  const rows = prepare(
    `SELECT id, creation_utc, body ${from} ORDER BY ${noIndex}creation_utc ${sort}, ${noIndex}id ${sort} LIMIT ?`,
  ).all(...values, limit === undefined ? -1 : limit + 1);
  const items = rows.slice(0, limit).map((row) => fromRow<Fields>(row));
  const isMore = rows.length > items.length;
  const last = items.at(-1);
  return {
    items,
    totalCount: isMore
      ? Number(prepare(`SELECT count(*) AS total ${from}`).get(...values)?.['total'])
      : items.length,
    next: isMore && last ? { creationUtc: last.creationUtc, id: last.id } : null,
  };
}

/** Said here, in words, before the index would say it in SQLite's. */
function demandUnique(prepare: Prepare, collection: AnyCollection, id: string, fields: object): void {
  for (const field of collection.unique ?? []) {
    const value = valueAt(fields, field);
    if (typeof value !== 'string') continue;
    const filter = {
      all: [
        { field: 'id', isNot: id },
        { field, is: value },
      ],
    } as const;
    const [sql, ...values] = toCondition<Record<string, unknown>>(collection, filter);
    const found = prepare(
      `SELECT 1 FROM documents WHERE collection = '${collection.name}' AND ${sql} LIMIT 1`,
    ).get(...values);
    if (found) throw new ValueTakenError(collection.noun, field, value);
  }
}

function valueAt(fields: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      fields,
    );
}

/** What the store adds is not kept twice. */
function toBody(fields: object): string {
  const { id: _, creationUtc: __, ...rest } = fields as Partial<Stored<object>>; // a changed document may bring them
  return JSON.stringify(rest);
}

function fromRow<Fields>(row: Record<string, unknown>): Stored<Fields> {
  return toStored<Fields>(String(row['id']), String(row['creation_utc']), String(row['body']));
}

/** Parsed from the text that is stored, so that what was written is what will be read. */
function toStored<Fields>(id: string, creationUtc: string, body: string): Stored<Fields> {
  return { ...(JSON.parse(body) as Fields), id, creationUtc }; // written by `toBody`, migrated at opening
}

function createPrepare(db: DatabaseSync): Prepare {
  const prepared = new Map<string, StatementSync>();
  return (sql) => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
}
