/** How long to wait before a connection is tried again: 0.5 s, 1, 2, 4, 8, then 10 s, the later ones a little less so that clients spread. */

const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** `failures`: in a row, from 1. `random`: 0 to 1. */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(FIRST_MS, Math.round(full * (1 - random / 4)));
}
