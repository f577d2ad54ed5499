/** The end of an iteration: where the journeys stand, what tools ask of the session, and whether to look again. */
import { trackPaths } from '../journeys/paths.ts';
import { requestedMode } from '../tool-calling/session-mode.ts';
import { hook } from './hooks.ts';
import type { TurnWork } from './turn-work.ts';

/** Whether another iteration is needed. */
export async function track(work: TurnWork): Promise<boolean> {
  const { context, current } = work;
  work.iterations = [...work.iterations, current];
  const { paths, ordinary } = trackPaths({
    activeJourneys: context.journeys.map(({ id }) => id),
    previousPaths: context.journeyPaths,
    ordinary: context.ordinary,
    toolEnabled: context.toolEnabled.map(({ match }) => match),
  });
  const served = context.ordinary.filter((match) => !ordinary.includes(match));
  work.applying = work.applying.filter((match) => !served.includes(match));
  work.learn({ journeyPaths: paths, ordinary });
  work.describe();
  await keepMode(work);
  if (!(await hook(work, 'preparationIterationEnd'))) return false;
  return (await hasMoreToFind(work)) && !isLast(work);
}

/** The running turn still answers; the next message is a person's. */
async function keepMode({ context, deps }: TurnWork): Promise<void> {
  const { sessionId, sessionMode, staged } = context;
  const mode = requestedMode(
    sessionMode,
    staged.map(({ result }) => result),
  );
  if (mode) await deps.log.updateSession(sessionId, { mode });
}

async function hasMoreToFind({ context, current, plan }: TurnWork): Promise<boolean> {
  if (current.ran > 0) return true;
  if (context.toolEnabled.some(({ match }) => match.guideline.journeyNode)) return true;
  return (await plan.needsAdditionalIteration?.(context)) ?? false;
}

function isLast({ context, deps, iterations }: TurnWork): boolean {
  const { maxEngineIterations: most, id } = context.agent;
  if (iterations.length < most) return false;
  deps.logger.warn({ agentId: id, iterations: most }, 'an agent answers though it had more to look at');
  return true;
}
