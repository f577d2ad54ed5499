/**
 * Which steps can be gone to at once from a step, and along which way: a customer who told everything need not be asked for it step by
 * step. Steps that act or speak for themselves are never passed over. The ways follow from the graph; when each is taken is told by
 * whoever looked into the journey (`reachable_follow_ups` in its metadata), else put together from the conditions on the way.
 */
import type { Json } from '../../event-log/event.ts';
import { mayBePassed, stepActionOf } from './completion.ts';
import { forkDistances } from './fork-distance.ts';
import { isExit, type JourneyGraph, type JourneyStep, type Transition } from './journey-graph.ts';
import { asObject } from './step-metadata.ts';
import { unfoldLoops } from './unfold-loops.ts';

/** The end of a way that leads out of the journey. */
export const exitOfPath = 'None';

export type ReachableStep = {
  /** When this way is taken; empty: nothing is said. */
  readonly condition: string;
  /** Indexes, from the next step on; the last one is where it ends. */
  readonly path: readonly string[];
};

/** By the index of the step where one stands. */
export type Reach = (index: string) => readonly ReachableStep[];

/** Ways are at most this long, unless their last step comes after a fork. */
const defaultDepth = 3;
/** A way to what comes after a fork is at most so much longer. */
const forkAllowance = 5;
/** From one step; the longest are left out. So a net of forks ends. */
const maxWays = 1_000;

/** Each step is looked into when it is first asked for. */
export function createReach(
  graph: JourneyGraph,
  { maxDepth = defaultDepth }: { readonly maxDepth?: number } = {},
): Reach {
  const known = new Map<string, readonly ReachableStep[]>();
  const search = { graph, maxDepth, isBack: unfoldLoops(graph), forkDistances: forkDistances(graph) };
  return (index) => {
    const step = graph.steps.get(index);
    if (step === undefined) return [];
    const reachable = known.get(index) ?? toldWays(step, graph) ?? findWays(step, search);
    known.set(index, reachable);
    return reachable;
  };
}

function toldWays({ guideline }: JourneyStep, { steps }: JourneyGraph): readonly ReachableStep[] | undefined {
  const told = guideline.journeyNode.extra['reachable_follow_ups'];
  if (!Array.isArray(told)) return undefined;
  return told.flatMap((each: Json) => {
    const { condition, path } = asObject(each);
    if (typeof condition !== 'string' || !isPath(path)) return [];
    return path.every((index) => index === exitOfPath || steps.has(index)) ? [{ condition, path }] : [];
  });
}

function isPath(path: Json | undefined): path is readonly string[] {
  return Array.isArray(path) && path.length > 0 && path.every((index) => typeof index === 'string');
}

type Search = {
  readonly graph: JourneyGraph;
  readonly maxDepth: number;
  readonly isBack: (exit: Transition) => boolean;
  readonly forkDistances: ReadonlyMap<string, number>;
};

/** Where a way has come to. */
type Way = {
  readonly path: readonly string[];
  readonly conditions: readonly string[];
  readonly at: JourneyStep;
};

/** Shortest first. */
function findWays(from: JourneyStep, search: Search): readonly ReachableStep[] {
  const found: ReachableStep[] = [];
  const open: Way[] = [{ path: [], conditions: [], at: from }];
  for (const way of open) {
    const { stops, passes } = goOn(way, search);
    found.push(...stops.filter(({ path }) => isInReach(path, search)));
    if (found.length + open.length > maxWays) return found.slice(0, maxWays);
    open.push(...passes.filter((pass) => mayLeadOn(pass, search)));
  }
  return found;
}

function goOn(
  { at, ...way }: Way,
  search: Search,
): { readonly stops: readonly ReachableStep[]; readonly passes: readonly Way[] } {
  const conditions = [...way.conditions, doneOf(at)];
  if (isOver(at, search)) {
    const stops =
      isExit(at.guideline) && at.exits.length === 0 ? [] : [toStop(way.path, exitOfPath, conditions)];
    return { stops, passes: [] };
  }
  const ways = at.exits.map((exit) => ({ exit, conditions: [...conditions, exit.guideline.condition] }));
  return {
    stops: ways
      .filter(({ exit }) => exit.guideline.journeyNode.kind !== 'fork')
      .map(({ exit, conditions }) =>
        toStop(way.path, isExit(exit.guideline) ? exitOfPath : exit.to, conditions),
      ),
    passes: ways
      .filter(({ exit }) => mayBePassed(exit.guideline))
      .flatMap(({ exit, conditions }) => {
        const step = comeTo(exit, search);
        return step === undefined ? [] : [{ path: [...way.path, exit.to], conditions, at: step }];
      }),
  };
}

function toStop(path: readonly string[], end: string, conditions: readonly string[]): ReachableStep {
  return { path: [...path, end], condition: conditions.filter((each) => each !== '').join(', and ') };
}

/** A step that is come back to leads no further: it can only be done again. */
function comeTo(exit: Transition, { graph, isBack }: Search): JourneyStep | undefined {
  const step = graph.steps.get(exit.to);
  return step !== undefined && isBack(exit) ? { ...step, exits: [] } : step;
}

/** Whether nothing comes after it but the end. */
function isOver({ exits }: JourneyStep, search: Search): boolean {
  const [exit] = exits;
  if (exit === undefined) return true;
  if (exits.length > 1 || exit.guideline.condition !== '' || !isExit(exit.guideline)) return false;
  return comeTo(exit, search)?.exits.length === 0;
}

/** That a step is done; empty where there is nothing to do. */
function doneOf({ guideline }: JourneyStep): string {
  const action = guideline.journeyNode.kind === 'fork' ? null : stepActionOf(guideline);
  return action === null ? '' : `this is done: "${action}"`;
}

/** Whether a longer way can be in reach: one that is short enough, or one with a fork soon. */
function mayLeadOn({ path, at }: Way, { maxDepth, forkDistances }: Search): boolean {
  if (path.length < maxDepth) return true;
  const toFork = forkDistances.get(at.index) ?? Infinity;
  return path.length + toFork + 1 <= maxDepth + forkAllowance;
}

function isInReach(path: readonly string[], { graph, maxDepth }: Search): boolean {
  if (path.length <= maxDepth) return true;
  const before = graph.steps.get(path.at(-2) ?? '');
  return path.length > 2 && before?.guideline.journeyNode.kind === 'fork';
}
