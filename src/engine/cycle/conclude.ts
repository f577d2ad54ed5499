/** When the customer has the answer: which guidelines it followed, and what the agent will remember. */
import { EventNotFoundError, SessionNotFoundError } from '../../errors.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { TurnContext } from '../turn-context.ts';
import { runHandlers } from './answer.ts';
import { findReady, toStateMetadata } from './agent-state.ts';
import { hook } from './hooks.ts';
import type { TurnWork } from './turn-work.ts';

export async function concludeTurn(work: TurnWork): Promise<void> {
  await rememberFollowed(work);
  await hook(work, 'messagesEmitted');
  await runHandlers(work, 'onMessage');
}

async function rememberFollowed(work: TurnWork): Promise<void> {
  const { context, deps, said } = work;
  const { state, sessionId, traceId, journeyPaths } = context;
  const asked = toAnalyse(context);
  if (asked.length === 0) return;
  const followed = await deps.stages.analyst.analyse(context, asked, said);
  const untracked = new Set(
    asked.filter(({ guideline }) => !guideline.track).map(({ guideline }) => guideline.id),
  );
  const added = followed.filter((id) => !state.appliedGuidelineIds.includes(id) && !untracked.has(id));
  if (added.length === 0) return;
  const ready = await findReady(deps.log, { sessionId, traceId });
  if (!ready) return;
  const appliedGuidelineIds = [...state.appliedGuidelineIds, ...added];
  const set = toStateMetadata({ ...state, appliedGuidelineIds, journeyPaths });
  await deps.log.patch(sessionId, ready.id, { set }).catch(unlessTakenBack);
}

/** What is remembered of a turn goes with its events. */
function unlessTakenBack(error: unknown): void {
  if (!(error instanceof EventNotFoundError || error instanceof SessionNotFoundError)) throw error;
}

/** What can be done once and for all. */
function toAnalyse({ ordinary, toolEnabled, state }: TurnContext): readonly GuidelineMatch[] {
  return [...ordinary, ...toolEnabled.map(({ match }) => match)].filter(
    ({ guideline }) =>
      !state.appliedGuidelineIds.includes(guideline.id) &&
      guideline.metadata['continuous'] !== true &&
      guideline.action &&
      !guideline.journeyNode &&
      !guideline.transient &&
      guideline.criticality !== 'low',
  );
}
