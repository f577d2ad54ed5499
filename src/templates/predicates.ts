/** What a value can be said to be: `is defined`, `is divisibleby(3)`. */
import { isIn, isList, isMapping, isSame, type Value } from './values.ts';
import type { Work } from './work.ts';

type Predicate = {
  /** How many values it takes. */
  readonly parameters: 0 | 1;
  readonly holds: (value: Value, other: Value, work: Work) => boolean;
};

const isInteger = (value: Value) => typeof value === 'number' && Number.isInteger(value);

const predicates: ReadonlyMap<string, Predicate> = new Map(
  Object.entries({
    defined: plain((value) => value !== undefined),
    undefined: plain((value) => value === undefined),
    none: plain((value) => value === null),
    true: plain((value) => value === true),
    false: plain((value) => value === false),
    boolean: plain((value) => typeof value === 'boolean'),
    number: plain((value) => typeof value === 'number'),
    integer: plain(isInteger),
    float: plain((value) => typeof value === 'number' && !isInteger(value)),
    string: plain((value) => typeof value === 'string'),
    mapping: plain(isMapping),
    sequence: plain((value) => isList(value) || typeof value === 'string'),
    iterable: plain((value) => isList(value) || isMapping(value) || typeof value === 'string'),
    odd: plain((value) => typeof value === 'number' && Math.abs(value % 2) === 1),
    even: plain((value) => typeof value === 'number' && value % 2 === 0),
    divisibleby: withOther(
      (value, other) => typeof value === 'number' && typeof other === 'number' && value % other === 0,
    ),
    eq: withOther(isSame),
    equalto: withOther(isSame),
    ne: withOther((value, other, work) => !isSame(value, other, work)),
    in: withOther(isIn),
  }),
);

/** By name. */
export const predicateNames: readonly string[] = [...predicates.keys()].toSorted();

/** How many values a predicate takes; undefined: there is none of that name. */
export function predicateParameters(name: string): number | undefined {
  return predicates.get(name)?.parameters;
}

/** `name`: one that `predicateParameters` knows. */
export function holds(
  name: string,
  { value, other, work }: { readonly value: Value; readonly other: Value; readonly work: Work },
): boolean {
  return predicates.get(name)?.holds(value, other, work) ?? false;
}

function plain(holds: (value: Value) => boolean): Predicate {
  return { parameters: 0, holds };
}

function withOther(holds: Predicate['holds']): Predicate {
  return { parameters: 1, holds };
}
