/** Which of several values of a type is meant for a parameter: by the words around it, or by its place. */
import { coverageOf } from '../journeys/coverage.ts';
import type { Spotted } from '../values/numbers.ts';
import { isAskedFor, textOf } from './asked-for.ts';
import type { Finding } from './finding.ts';
import type { Wanted } from './parameter.ts';
import type { Said } from './sources.ts';

/**
 * The only one, or the one that stands beside words of the parameter's name, or, of several for several parameters, the one in the same
 * place.
 */
export function pickValue(
  wanted: Wanted,
  values: readonly Spotted<string>[],
  said: Said,
  { rivals, before }: Finding,
): Spotted<string> | undefined {
  if (values.length === 0) return undefined;
  const text = textOf(said);
  const rated = values.map((value) => ({ value, score: besides(wanted, value, text) }));
  const best = rated.reduce((best, each) => (each.score > best.score ? each : best));
  if (best.score > 0) return best.value;
  if (rivals.length === 0 || isAskedFor(wanted, said)) return values[0];
  const isNamed = (rival: Wanted) => values.some((value) => besides(rival, value, text) > 0);
  const others = values.filter((value) => rivals.every((rival) => besides(rival, value, text) === 0));
  if (others.length > 1) return others[before.filter((rival) => !isNamed(rival)).length];
  // One value for one of several: only where the others can do without.
  return said.isAnswer || rivals.some(({ isRequired }) => isRequired) ? undefined : others[0];
}

const reach = 28;

/** How well the words around a value name the parameter. */
function besides({ label, parameter }: Wanted, { from, to }: Spotted<string>, text: string): number {
  const after = text.slice(to, to + reach).split(/[,.;!?\d]|\band\b/i)[0] ?? '';
  const before =
    text
      .slice(Math.max(0, from - reach), from)
      .split(/[,.;!?\d]|\band\b/i)
      .at(-1) ?? '';
  const named = Math.max(nearness(label, after), nearness(label, before));
  const described = parameter.description ?? '';
  if (named > 0 || described === '') return named;
  return Math.max(nearness(described, after), nearness(described, before)) / 2;
}

function nearness(label: string, around: string): number {
  const words = around
    .trim()
    .split(/\s+/)
    .filter((word) => word.length > 2);
  const isNamed = words.some((word) => coverageOf(word, label) >= 0.8 && coverageOf(word, '') < 1);
  // "First day" and "last day" have a word in common.
  return isNamed ? 0.5 + coverageOf(label, around) / 2 : 0;
}
