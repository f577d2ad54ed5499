/** Before guidelines are looked at: the message is acknowledged, and what bears on the conversation is got together. */
import type { GuidelineMatch } from '../guideline.ts';
import { hook } from './hooks.ts';
import { recallCalls } from './recall-calls.ts';
import type { StartedRetrieval, TurnWork } from './turn-work.ts';

/** False: a hook took the turn over. */
export async function acknowledge(work: TurnWork): Promise<boolean> {
  if (!(await hook(work, 'acknowledging'))) return false;
  work.tell('acknowledged');
  return hook(work, 'acknowledged');
}

/** Variables first: what else comes up depends on them. */
export async function recallKnowledge(work: TurnWork): Promise<void> {
  const { recall } = work.deps;
  show(work, { variables: await recall.variables(work.context) });
  const [terms, capabilities] = await Promise.all([
    recall.terms(work.context, []),
    recall.capabilities(work.context),
  ]);
  show(work, { terms, capabilities });
}

/** False: a hook took the turn over. */
export async function prepare(work: TurnWork): Promise<boolean> {
  await recallCalls(work);
  await recallKnowledge(work);
  if (!(await hook(work, 'preparing'))) return false;
  work.retrievals = startRetrievals(work);
  const { context, deps } = work;
  work.plan = await deps.observer.telemetry.span('planner', {}, async () =>
    context.extensions.planner.createPlan(context),
  );
  return true;
}

/** Terms that come up by what was found out are added to those that came up before. */
export async function recallTerms(work: TurnWork, guidelines: readonly GuidelineMatch[]): Promise<void> {
  const { terms } = work.context.situation;
  const found = await work.deps.recall.terms(work.context, guidelines);
  const added = found.filter(({ name }) => !terms.some((term) => term.name === name));
  if (added.length > 0) show(work, { terms: [...terms, ...added] });
}

function show(work: TurnWork, known: Partial<TurnWork['context']['situation']>): void {
  work.learn({ situation: { ...work.context.situation, ...known } });
}

/** They work while everything else does, as long as the turn lasts. */
function startRetrievals({ context, turn: { signal } }: TurnWork): readonly StartedRetrieval[] {
  return context.extensions.retrievers.map(({ id, retrieve }) => {
    const found = retrieve({ ...context, signal });
    // What fails is told when it is waited for.
    found.catch(() => {});
    return { id, found };
  });
}
