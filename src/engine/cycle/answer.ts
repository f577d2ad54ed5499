/** Makes the answer: what tools and retrievers ask for is added, the program's handlers have their say, then the composer writes. */
import type { JsonObject } from '../../event-log/event.ts';
import { narrowByPrecedence } from '../tool-calling/parameter-precedence.ts';
import { resultGuidelines } from '../tool-calling/result-guidelines.ts';
import type { ComposerVoice } from '../stages.ts';
import type { TurnContext } from '../turn-context.ts';
import { activeEntities, activeGuidelines, activeJourneys } from './active-entities.ts';
import { heeding, hook } from './hooks.ts';
import { resolveAgain } from './resolve-matches.ts';
import { retrieve } from './retrieve.ts';
import type { TurnWork } from './turn-work.ts';

/** False: a hook took the turn over. */
export async function answer(work: TurnWork, voice: ComposerVoice): Promise<boolean> {
  work.learn({ insights: narrowByPrecedence(work.context.insights) });
  if (!(await hook(work, 'generatingMessages'))) return false;
  work.learn({ staged: [...work.context.staged, ...(await retrieve(work))] });
  const added = resultGuidelines(work.context.staged);
  if (added.length > 0) resolveAgain(work, added);
  await runHandlers(work, 'onSelected');
  await keepLabels(work);
  work.learn({ responseFields: await collectResponseFields(work.context) });
  await compose(work, voice);
  return true;
}

/** Also for what is said on request, beside any turn. */
export async function compose(work: TurnWork, voice: ComposerVoice): Promise<void> {
  work.describe();
  const { said, gaveUp } = await work.deps.stages.composer.compose(work.context, voice);
  work.said = said;
  if (gaveUp === undefined) return;
  const { agent, sessionId } = work.context;
  work.deps.logger.error(
    { agentId: agent.id, sessionId, err: gaveUp },
    'an agent is silent: no text could be made',
  );
}

/** Guidelines first, then journeys; all of a kind at the same time. */
export async function runHandlers(work: TurnWork, when: 'onSelected' | 'onMessage'): Promise<void> {
  const { context, voices } = work;
  for (const group of [activeGuidelines(context), activeJourneys(context)]) {
    const handlers = group.flatMap(({ id, extensions }) =>
      (extensions[when] ?? []).map((handle) => async () => handle(work.context, voices.of(id))),
    );
    await heeding(work, () => Promise.all(handlers.map((handle) => handle())));
  }
}

/** Labels of what applies become the session's. */
async function keepLabels({ context, deps }: TurnWork): Promise<void> {
  const { sessionId, sessionLabels, ordinary, toolEnabled, journeys } = context;
  const matches = [...ordinary, ...toolEnabled.map(({ match }) => match)];
  const labels = [
    ...matches.flatMap(({ guideline }) => guideline.labels),
    ...journeys.flatMap((each) => each.labels),
  ];
  const upsert = [...new Set(labels)].filter((label) => !sessionLabels.includes(label));
  if (upsert.length > 0) await deps.log.updateSession(sessionId, { labels: { upsert } });
}

async function collectResponseFields(context: TurnContext): Promise<JsonObject> {
  const providers = activeEntities(context).flatMap(
    ({ extensions: { responseFields = [] } }) => responseFields,
  );
  const provided = await Promise.all(providers.map((provide) => provide(context)));
  return Object.assign({}, ...provided) as JsonObject; // each of them is one
}
