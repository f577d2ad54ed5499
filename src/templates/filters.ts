/**
 * What stands behind a bar: Jinja's filters, as far as texts for customers need them. None of them escapes anything: messages are no
 * HTML. What is not there stays not there (`default` gives it a value), and then the template is missing a field.
 */
import type { Json } from '../event-log/event.ts';
import { compare, rounded, toNumber, wholeNumber } from './numbers.ts';
import {
  charactersOf,
  demandFinite,
  demandNumber,
  isTrue,
  itemsOf,
  memberOf,
  toText,
  type Value,
} from './values.ts';
import { RenderFailure, type Work } from './work.ts';

type Filter = {
  /** Names of what it takes, in order. */
  readonly parameters: readonly string[];
  /** Whether it says itself what becomes of nothing. */
  readonly takesNothing?: true;
  readonly apply: (value: Value, args: readonly Value[], work: Work) => Value;
};

const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries<Filter>({
    capitalize: text(capitalized),
    upper: text((value) => value.toUpperCase()),
    lower: text((value) => value.toLowerCase()),
    title: text((value) => value.replaceAll(/[^-\s({[<]+/gu, capitalized)),
    trim: text((value) => value.trim()),
    string: text((value) => value),
    replace: {
      parameters: ['old', 'new'],
      apply: (value, [old, replacement], work) => {
        const parts = toText(value, work).split(toText(old, work));
        return joined(parts, toText(replacement, work), work);
      },
    },
    truncate: {
      parameters: ['length', 'end'],
      apply: (value, [length, end = '…'], work) => {
        const characters = charactersOf(toText(value, work), work);
        const limit = wholeNumber(length, 255);
        if (characters.length <= limit) return characters.join('');
        return characters.slice(0, limit).join('').trimEnd() + toText(end, work);
      },
    },
    default: withDefault(),
    d: withDefault(),
    length: { parameters: [], takesNothing: true, apply: lengthOf },
    count: { parameters: [], takesNothing: true, apply: lengthOf },
    join: {
      parameters: ['d', 'attribute'],
      apply: (value, [separator = '', attribute], work) => {
        const items = itemsOf(value, work);
        const parts = attribute === undefined ? items : membersOf(items, attribute);
        return joined(
          parts.map((part) => toText(part, work)),
          toText(separator, work),
          work,
        );
      },
    },
    map: {
      parameters: ['attribute'],
      apply: (value, [attribute], work) =>
        membersOf(itemsOf(value, work), attribute).map((item) => item ?? null),
    },
    items: {
      parameters: [],
      apply: (value, _args, work) => itemsOf(value, work).map((key) => [key, memberOf(value, key) ?? null]),
    },
    list: listed((items) => items),
    first: listed((items) => items[0]),
    last: listed((items) => items.at(-1)),
    reverse: listed((items) => items.toReversed()),
    unique: listed(unique),
    sum: listed((items) => demandFinite(items.map(demandNumber).reduce((sum, item) => sum + item, 0))),
    min: listed((items, work) => sorted(items, work)[0]),
    max: listed((items, work) => sorted(items, work).at(-1)),
    sort: {
      parameters: ['reverse'],
      apply: (value, [isReversed], work) => {
        const inOrder = sorted(itemsOf(value, work), work);
        return isTrue(isReversed, work) ? inOrder.toReversed() : inOrder;
      },
    },
    round: {
      parameters: ['precision', 'method'],
      apply: (value, [precision, method]) => rounded(demandNumber(value), wholeNumber(precision, 0), method),
    },
    abs: { parameters: [], apply: (value) => Math.abs(demandNumber(value)) },
    int: { parameters: ['default'], apply: (value, [otherwise]) => Math.trunc(toNumber(value, otherwise)) },
    float: { parameters: ['default'], apply: (value, [otherwise]) => toNumber(value, otherwise) },
  }),
);

/** By name. */
export const filterNames: readonly string[] = [...filters.keys()].toSorted();

/** Names of what a filter takes, in order; undefined: there is no such filter. */
export function filterParameters(name: string): readonly string[] | undefined {
  return filters.get(name)?.parameters;
}

/** `name`: one that `filterParameters` knows. Throws `MissingValue`, `RenderFailure`. */
export function applyFilter(
  name: string,
  { value, args, work }: { readonly value: Value; readonly args: readonly Value[]; readonly work: Work },
): Value {
  const filter = filters.get(name);
  if (!filter) throw new Error(`There is no filter ${name}.`);
  if (!filter.takesNothing && (value === undefined || value === null)) return undefined;
  return filter.apply(value, args, work);
}

function text(change: (value: string) => string): Filter {
  return {
    parameters: [],
    apply: (value, _args, work) => {
      const given = toText(value, work);
      work.write(given.length);
      return change(given);
    },
  };
}

/** Works with the items of a list, the names in an object, the characters of a text. */
function listed(change: (items: readonly Json[], work: Work) => Value): Filter {
  return {
    parameters: [],
    apply: (value, _args, work) =>
      change(typeof value === 'string' ? charactersOf(value, work) : itemsOf(value, work), work),
  };
}

/** Null is as good as nothing here: it would not be shown. */
function withDefault(): Filter {
  return {
    parameters: ['default_value', 'boolean'],
    takesNothing: true,
    apply: (value, [otherwise = '', isFalseEnough], work) => {
      if (value === undefined || value === null) return otherwise;
      return isTrue(isFalseEnough, work) && !isTrue(value, work) ? otherwise : value;
    },
  };
}

function capitalized(word: string): string {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length).toLowerCase();
}

function lengthOf(value: Value, _args: readonly Value[], work: Work): number {
  return (typeof value === 'string' ? charactersOf(value, work) : itemsOf(value, work)).length;
}

function joined(parts: readonly string[], separator: string, work: Work): string {
  work.write(parts.length * separator.length);
  return parts.join(separator);
}

/** `attribute`: an index, a name, or several with points between them. Throws `RenderFailure`. */
function membersOf(items: readonly Json[], attribute: Value): readonly Value[] {
  if (typeof attribute === 'number') return items.map((item) => memberOf(item, attribute));
  if (typeof attribute !== 'string') throw new RenderFailure('an attribute is a name or an index');
  const path = attribute.split('.');
  return items.map((item) => path.reduce<Value>((at, key) => memberOf(at, key), item));
}

/** The first of each. */
function unique(items: readonly Json[], work: Work): readonly Json[] {
  const byText = new Map<string, Json>();
  for (const item of items) {
    const key = `${typeof item} ${item === null ? '' : toText(item, work)}`;
    if (!byText.has(key)) byText.set(key, item);
  }
  return [...byText.values()];
}

function sorted(items: readonly Json[], work: Work): readonly Json[] {
  work.step(items.length * 10);
  return items.toSorted(compare);
}
