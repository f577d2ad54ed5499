/** The way that a model says it goes back along, made one that the journey has: models skip steps and put them in the wrong place. */
import type { JourneyPath } from '../guideline.ts';
import type { JourneyGraph, JourneyStep } from './journey-graph.ts';

export type Advancement = {
  readonly requiresBacktracking: boolean;
  /** Indexes, and what a model takes for some; "None": out of the journey. */
  readonly steps: readonly string[];
};

/** What is to be added to the path; null at its end: out of the journey. */
export function checkAdvancement(
  graph: JourneyGraph,
  { previousPath, advancement }: { readonly previousPath: JourneyPath; readonly advancement: Advancement },
): JourneyPath {
  const steps = fromLastStep(upToTool(advancement.steps, graph), {
    last: advancement.requiresBacktracking ? null : previousPath.at(-1),
  });
  const checked = steps.flatMap((step, at) => {
    const before = steps[at - 1];
    return before === undefined ? [step] : checkedStep({ before, step, after: steps[at + 1] }, graph);
  });
  const end = checked.at(-1);
  return end === undefined || graph.steps.has(end) ? checked : [...checked.slice(0, -1), null];
}

/** What comes after a tool step hangs on what the tool brings. */
function upToTool(steps: readonly string[], graph: JourneyGraph): readonly string[] {
  const tool = steps.findIndex((index, at) => {
    return at > 0 && graph.steps.get(index)?.guideline.journeyNode.kind === 'tool';
  });
  return tool < 0 ? steps : steps.slice(0, tool + 1);
}

/** Without going back it goes on from the last step. */
function fromLastStep(
  steps: readonly string[],
  { last }: { readonly last: string | null | undefined },
): readonly string[] {
  if (last === undefined || last === null || steps.length === 0 || steps[0] === last) return steps;
  return [last, ...steps];
}

/** The step, or what stands in its place: nothing, or what was skipped and then the step. */
function checkedStep(
  {
    before,
    step,
    after,
  }: { readonly before: string; readonly step: string; readonly after: string | undefined },
  { steps }: JourneyGraph,
): readonly string[] {
  const from = steps.get(before);
  if (from === undefined) return [];
  if (leadsTo(from, step)) return [step];
  if (after !== undefined && leadsTo(from, after)) return [];
  const to = steps.get(step);
  const between = from.exits
    .map((exit) => exit.to)
    .filter((index) => to === undefined || comesFrom(to, index));
  return between.length === 1 ? [...between, step] : [step];
}

function leadsTo({ exits }: JourneyStep, index: string): boolean {
  return exits.some(({ to }) => to === index);
}

function comesFrom({ entries }: JourneyStep, index: string): boolean {
  return entries.some(({ from }) => from === index);
}
