/** Filters as SQL conditions. Values are always bound; names of collections and fields are the program's own, and checked. */
import type { SQLInputValue } from 'node:sqlite';
import type { AnyCollection } from './collection.ts';
import type { Filter, Scalar } from './document-store.ts';

export type Condition = readonly [sql: string, ...values: SQLInputValue[]];

export function toCondition<Fields>(collection: AnyCollection, filter: Filter<Fields>): Condition {
  if ('all' in filter) return join(collection, filter.all, 'AND', 'TRUE');
  if ('any' in filter) return toChoice(collection, filter.any);
  if ('has' in filter) return toMembership(collection, filter.field, filter.has);
  const value = toValue(filter.field);
  if ('isIn' in filter) return toPresence(collection, filter.field, filter.isIn);
  if ('isNotIn' in filter) return toAbsence(value, filter.isNotIn);
  if ('isNot' in filter) return [`${value} IS NOT ?`, toBound(filter.isNot)];
  if ('above' in filter) return toComparison(filter.field, '>', filter.above);
  if ('atLeast' in filter) return toComparison(filter.field, '>=', filter.atLeast);
  if ('below' in filter) return toComparison(filter.field, '<', filter.below);
  if ('atMost' in filter) return toComparison(filter.field, '<=', filter.atMost);
  // The indexes are made for `=`, which null never is.
  return filter.is === null ? [`${value} IS NULL`] : [`${value} = ?`, toBound(filter.is)];
}

/** Whether an index finds the few that match. SQLite, which has no statistics here, would rather read all in order of creation. */
export function isSelective<Fields>(collection: AnyCollection, filter: Filter<Fields>): boolean {
  if ('all' in filter) return filter.all.some((part) => isSelective(collection, part));
  if ('any' in filter) return filter.any.every((part) => isSelective(collection, part));
  if ('has' in filter) return collection.members?.includes(filter.field) ?? false;
  const isLookup = 'isIn' in filter || ('is' in filter && filter.is !== null);
  return isLookup && (filter.field === 'id' || isIndexed(collection, filter.field));
}

function isIndexed({ unique = [], indexed = [] }: AnyCollection, field: string): boolean {
  return unique.includes(field) || indexed.includes(field);
}

/** A JSON path, as SQL. */
export function toPath(field: string): string {
  if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(field)) throw new TypeError(`"${field}" is no name of a field.`);
  return `'$.${field}'`;
}

function join<Fields>(
  collection: AnyCollection,
  filters: readonly Filter<Fields>[],
  operator: string,
  none: string,
): Condition {
  if (filters.length === 0) return [none];
  const conditions = filters.map((filter) => toCondition(collection, filter));
  const sql = conditions.map(([sql]) => sql).join(` ${operator} `);
  return [`(${sql})`, ...conditions.flatMap(([, ...values]) => values)];
}

function toMembership(
  { name, members = [] }: AnyCollection,
  field: string,
  value: string | number,
): Condition {
  if (!members.includes(field)) {
    return [`EXISTS (SELECT 1 FROM json_each(body, ${toPath(field)}) WHERE value = ?)`, value];
  }
  return [
    'id IN (SELECT id FROM members WHERE collection = ? AND field = ? AND value = ?)',
    name,
    field,
    value,
  ];
}

/** SQLite would rather read a whole collection than go through an index once for each value: it does not know how few match. */
function toPresence(
  collection: AnyCollection,
  field: string,
  values: readonly (string | number)[],
): Condition {
  const list = JSON.stringify(values);
  if (field === 'id' || !isIndexed(collection, field)) {
    return [`${toValue(field)} IN (SELECT value FROM json_each(?))`, list];
  }
  const found = `json_extract(found.body, ${toPath(field)}) = wanted.value`;
  return [
    `id IN (SELECT found.id FROM json_each(?) AS wanted CROSS JOIN documents AS found
     WHERE found.collection = '${collection.name}' AND ${found})`,
    list,
  ];
}

/** SQLite takes no more than 500. */
const mostUnited = 100;

/** As above: what several indexes find, one after the other. */
function toChoice<Fields>(collection: AnyCollection, filters: readonly Filter<Fields>[]): Condition {
  const isFew = filters.length > 1 && filters.length <= mostUnited;
  if (!isFew || !isSelective(collection, { any: filters })) return join(collection, filters, 'OR', 'FALSE');
  const conditions = filters.map((filter) => toCondition(collection, filter));
  const found = conditions.map(
    ([sql]) => `SELECT id FROM documents WHERE collection = '${collection.name}' AND ${sql}`,
  );
  return [`id IN (${found.join(' UNION ALL ')})`, ...conditions.flatMap(([, ...values]) => values)];
}

/** Null is in no list, and `NOT IN` says of null that it does not know. */
function toAbsence(value: string, values: readonly (string | number)[]): Condition {
  return [`(${value} IS NULL OR ${value} NOT IN (SELECT value FROM json_each(?)))`, JSON.stringify(values)];
}

/** SQLite puts every number before every text, and takes true and false for numbers. */
function toComparison(field: string, operator: string, bound: string | number): Condition {
  const types = typeof bound === 'string' ? `'text'` : `'integer', 'real'`;
  const type = field === 'id' ? `'text'` : `json_type(body, ${toPath(field)})`;
  return [`(${type} IN (${types}) AND ${toValue(field)} ${operator} ?)`, bound];
}

function toValue(field: string): string {
  return field === 'id' ? 'id' : `json_extract(body, ${toPath(field)})`;
}

/** JSON's true and false are 1 and 0 to SQLite. */
function toBound(value: Scalar): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : value;
}
