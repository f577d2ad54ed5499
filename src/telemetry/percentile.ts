/** The value that so many of all are at most. */

/** `p`: from 0 to 1. The value of the nearest rank; halfway between two ranks it is the even one. None: 0. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[roundHalfToEven(p * (sorted.length - 1))] ?? 0;
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
