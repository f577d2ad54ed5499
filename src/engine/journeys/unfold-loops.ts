/**
 * Where a journey's loops come back: exits that lead to a step on the way to where they start, depth first from the root by the order
 * of exits. Every loop has one. Without recursion, as journeys may be long.
 */
import type { JourneyGraph, JourneyStep, Transition } from './journey-graph.ts';

/** Whether an exit goes back to where the way to it came along. */
export function unfoldLoops({ root, steps }: JourneyGraph): (exit: Transition) => boolean {
  const back = new Set<Transition>();
  const known = new Set<string>();
  const onTheWay = new Set<string>();
  const way: { readonly step: JourneyStep; readonly exits: Iterator<Transition> }[] = [];
  const enter = (index: string) => {
    const step = steps.get(index);
    if (step === undefined || known.has(index)) return;
    known.add(index);
    onTheWay.add(index);
    way.push({ step, exits: step.exits[Symbol.iterator]() });
  };
  enter(root.journeyNode.index);
  for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
    const { value: exit, done } = here.exits.next();
    if (done) {
      way.pop();
      onTheWay.delete(here.step.index);
    } else if (onTheWay.has(exit.to)) back.add(exit);
    else enter(exit.to);
  }
  return (exit) => back.has(exit);
}
