/**
 * What an agent remembers of a session: which guidelines it has followed, and where its journeys stand. It is part of the `ready` that
 * ends a turn (`metadata.agent_state`), so that it is on disk exactly when the turn is over, and goes when the turn's events are deleted.
 */
import type { JsonObject, SessionEvent } from '../../event-log/event.ts';
import { isFinalReady } from '../../event-log/event.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { AgentState, JourneyPaths } from '../turn-context.ts';

export const nothingRemembered: AgentState = { appliedGuidelineIds: [], journeyPaths: {} };

const key = 'agent_state';

/** As `ready` carries it. */
export function toStateMetadata({ appliedGuidelineIds, journeyPaths }: AgentState): JsonObject {
  return { [key]: { applied_guideline_ids: appliedGuidelineIds, journey_paths: journeyPaths } };
}

/** How many status events are looked at first. A turn has about four; turns that were given up remember nothing. */
const lookBack = 40;
/** The most that are looked at once: of a long session that this agent has never answered in, not all is in memory. */
const mostAtOnce = 2_560;

/** As the last turn that was finished left it: looked for backwards, each time further. */
export async function readAgentState(log: Pick<EventLog, 'read'>, sessionId: string): Promise<AgentState> {
  let to = Infinity;
  for (let last = lookBack; ; last = Math.min(last * 4, mostAtOnce)) {
    const statuses = await log.read(sessionId, { kinds: ['status'], last, to });
    const found = statuses.findLast(isFinished);
    if (found) return toState(found);
    const [oldest] = statuses;
    if (!oldest || statuses.length < last) return nothingRemembered;
    to = oldest.offset;
  }
}

/** The `ready` that ended this turn, if it did. */
export async function findReady(
  log: Pick<EventLog, 'read'>,
  { sessionId, traceId }: { readonly sessionId: string; readonly traceId: string },
): Promise<SessionEvent | undefined> {
  const statuses = await log.read(sessionId, { traceId, kinds: ['status'] });
  return statuses.findLast(isFinalReady);
}

/** Ends a turn that came to its end: one that was given up, or has failed, remembers nothing. */
export function isFinished(event: SessionEvent): boolean {
  return isFinalReady(event) && isRecord(event.metadata[key]);
}

/** Metadata can be patched by anybody who may: what does not fit is as if it was not there. */
function toState({ metadata }: SessionEvent): AgentState {
  const state = metadata[key];
  if (!isRecord(state)) return nothingRemembered;
  const { applied_guideline_ids: applied, journey_paths: paths } = state;
  return {
    appliedGuidelineIds: Array.isArray(applied) ? applied.filter(isText) : [],
    journeyPaths: isRecord(paths) ? toPaths(paths) : {},
  };
}

function toPaths(paths: Readonly<Record<string, unknown>>): JourneyPaths {
  return Object.fromEntries(
    Object.entries(paths).flatMap(([journeyId, path]) =>
      Array.isArray(path) && path.every(isStep) ? [[journeyId, path]] : [],
    ),
  );
}

function isStep(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
