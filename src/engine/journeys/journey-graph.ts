/**
 * A journey's steps and the ways between them, by index, as its guidelines tell them. What reads paths (lists of indexes) works on
 * this. Made once per projection, and kept with it.
 */
import type { EngineGuideline, JourneyPath } from '../guideline.ts';
import { stepActionOf } from './completion.ts';
import type { NodeGuideline } from './projection.ts';

/** A way from a step to another: the first one where there are several. */
export type Transition = {
  readonly from: string;
  readonly to: string;
  /** That of the target when one comes this way. */
  readonly guideline: NodeGuideline;
};

export type JourneyStep = {
  readonly index: string;
  /** Stands for the step where the way into it is not asked: the one projected last. */
  readonly guideline: NodeGuideline;
  readonly exits: readonly Transition[];
  readonly entries: readonly Transition[];
};

export type JourneyGraph = {
  readonly journeyId: string;
  /** Also the mark for "the journey was left". */
  readonly root: NodeGuideline;
  /** By index, in the order of the projection. */
  readonly steps: ReadonlyMap<string, JourneyStep>;
  /** By the id of the guideline. */
  readonly guidelines: ReadonlyMap<string, NodeGuideline>;
};

type GrowingStep = JourneyStep & { guideline: NodeGuideline; exits: Transition[]; entries: Transition[] };

/** Of a whole projection: its first guideline is the root's. */
export function toJourneyGraph(steps: readonly EngineGuideline[]): JourneyGraph {
  const projection = steps.filter(isNodeGuideline);
  const [root] = projection;
  if (root === undefined) throw new Error('A projection has at least the guideline of the root.');
  const guidelines = new Map(projection.map((guideline) => [guideline.id, guideline]));
  const byIndex = toSteps(projection);
  for (const [step, followUps] of distinctFollowUps(projection, byIndex)) {
    connect(step, { followUps, guidelines, steps: byIndex });
  }
  return { journeyId: root.journeyNode.journeyId, root, steps: byIndex, guidelines };
}

/** The guidelines that a guideline's step leads to. */
export function followUpsOf(
  guideline: NodeGuideline,
  { guidelines }: JourneyGraph,
): readonly NodeGuideline[] {
  return guideline.journeyNode.followUps.flatMap((id) => guidelines.get(id) ?? []);
}

/** Where a journey begins that does nothing at its root and goes only one way from there. */
export function firstStepOf(graph: JourneyGraph): NodeGuideline | undefined {
  const followUps = followUpsOf(graph.root, graph);
  return graph.root.action || followUps.length > 1 ? undefined : followUps[0];
}

/** Whether all steps of a path are still there; a journey may have been changed meanwhile. */
export function isPathKnown(path: JourneyPath, { steps }: JourneyGraph): boolean {
  return path.every((index) => index === null || steps.has(index));
}

/** Whether it stands for a journey's step. */
export function isNodeGuideline(guideline: EngineGuideline): guideline is NodeGuideline {
  return guideline.journeyNode !== undefined;
}

/** Whether nothing is done there: who comes here, has left the journey. A fork is nothing to come to. */
export function isExit(guideline: NodeGuideline): boolean {
  return stepActionOf(guideline) === null && guideline.journeyNode.toolIds.length === 0;
}

function toSteps(projection: readonly NodeGuideline[]): Map<string, GrowingStep> {
  const steps = new Map<string, GrowingStep>();
  for (const guideline of projection) {
    const { index } = guideline.journeyNode;
    const step = steps.get(index);
    if (step === undefined) steps.set(index, { index, guideline, exits: [], entries: [] });
    else step.guideline = guideline;
  }
  return steps;
}

/** Guidelines of one node mostly share their list of follow-ups; each list is read once per node. */
function* distinctFollowUps(
  projection: readonly NodeGuideline[],
  steps: ReadonlyMap<string, GrowingStep>,
): Iterable<[GrowingStep, readonly string[]]> {
  const read = new Set<readonly string[]>();
  for (const { journeyNode } of projection) {
    const step = steps.get(journeyNode.index);
    if (step === undefined || read.has(journeyNode.followUps)) continue;
    read.add(journeyNode.followUps);
    yield [step, journeyNode.followUps];
  }
}

function connect(
  step: GrowingStep,
  {
    followUps,
    guidelines,
    steps,
  }: {
    readonly followUps: readonly string[];
    readonly guidelines: JourneyGraph['guidelines'];
    readonly steps: ReadonlyMap<string, GrowingStep>;
  },
): void {
  const known = new Set(step.exits.map(({ to }) => to));
  for (const guideline of followUps.flatMap((id) => guidelines.get(id) ?? [])) {
    const to = guideline.journeyNode.index;
    if (known.has(to)) continue;
    known.add(to);
    const transition = { from: step.index, to, guideline };
    step.exits.push(transition);
    steps.get(to)?.entries.push(transition);
  }
}
