/**
 * How much one rendering may do. Templates come from operators and tools, and a loop in a loop is quickly written: whoever writes one
 * must not be able to hold up or fill the server.
 */

/** Steps: parts, expressions, items. Some tens of milliseconds. */
const STEP_LIMIT = 100_000;

/** UTF-16 units of all texts that are made, those on the way included. */
const TEXT_LIMIT = 1_000_000;

export type Work = {
  /** Throws `RenderFailure` when it was too much. */
  step(count?: number): void;
  /** That a text of so many units is made. */
  write(length: number): void;
};

/** Ends a rendering; caught by `renderTemplate`. */
export class RenderFailure extends Error {}

/** Ends a rendering because a value is not there; caught by `renderTemplate`. */
export class MissingValue extends Error {}

export function createWork(): Work {
  let steps = 0;
  let written = 0;
  return {
    step(count = 1) {
      steps += count;
      if (steps > STEP_LIMIT) throw new RenderFailure(`it takes more than ${STEP_LIMIT} steps`);
    },
    write(length) {
      written += length;
      if (written > TEXT_LIMIT)
        throw new RenderFailure(`it makes more than ${TEXT_LIMIT} characters of text`);
    },
  };
}
