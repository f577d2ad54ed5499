/**
 * Something made of other things: the same as long as they are the same, and made again when it is asked for after one was replaced. A
 * list that comes out with the very same items stays the same list, so that nothing is made again of what is not concerned.
 */

type Things = Readonly<Record<string, unknown>>;

/** `things` is asked for every time, and must cost nothing. */
export function derived<Of extends Things, Result>(things: () => Of, make: (of: Of) => Result): () => Result {
  let made: { readonly of: Of; readonly result: Result } | undefined;
  return () => {
    const of = things();
    if (!made || !isUnchanged(made.of, of)) made = { of, result: keepList(made?.result, make(of)) };
    return made.result;
  };
}

/** The names are the same, being those of one literal. */
function isUnchanged<Of extends Things>(before: Of, now: Of): boolean {
  for (const name in now) if (before[name] !== now[name]) return false;
  return true;
}

function keepList<Result>(before: Result | undefined, now: Result): Result {
  return Array.isArray(before) && Array.isArray(now) && isSame(before, now) ? before : now;
}

/** Whether both hold the very same things, in the same order. */
export function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one === other || (one.length === other.length && one.every((each, at) => each === other[at]));
}
