/** Tools in a turn: which to call, calling them, and what is told of it. What was called in an earlier attempt is not called again. */
import type { ToolInsights } from '../turn-context.ts';
import { recallTerms } from './prepare.ts';
import { remember } from './recall-calls.ts';
import { toAnnouncement, toToolEvent } from './tool-events.ts';
import type { TurnWork } from './turn-work.ts';

/** Whether there are calls to make. */
export async function inferTools(work: TurnWork): Promise<boolean> {
  work.tell('processing', { stage: 'Considering tools' });
  const { context, deps, plan } = work;
  const inferred = await deps.stages.inference.infer(context, context.toolEnabled);
  const calls = (await plan.onToolsInferred?.(inferred)) ?? inferred.calls;
  work.current = { ...work.current, inference: { ...inferred, calls } };
  const isFirst = work.iterations.length === 0;
  work.learn({ insights: isFirst ? inferred.insights : joined(context.insights, inferred.insights) });
  return calls.length > 0;
}

export async function callTools(work: TurnWork): Promise<void> {
  const { calls } = work.current.inference;
  const { voice } = work.turn;
  const results = await work.deps.stages.executor.run(work.context, calls, {
    history: work.calls,
    announce: async (announced) => void (await voice.emit([toAnnouncement(announced)])),
    emit: (events) => voice.emit(events),
  });
  const came = calls.flatMap((call, n) => {
    const result = results[n];
    return result && !work.calls.done.has(call.id) ? [[call, result] as const] : [];
  });
  work.current = { ...work.current, ran: came.length };
  const told = came.flatMap(([{ id }, result]) =>
    result.result.control.lifespan === 'response' ? [] : [toToolEvent(id, result)],
  );
  if (told.length > 0) await voice.emit(told);
  work.calls = remember(work.calls, came);
  // What was recalled, and asked for again, has its place here now.
  const ids = new Set(calls.map(({ id }) => id));
  const staged = work.context.staged.filter(({ recalledCallId: id }) => id === undefined || !ids.has(id));
  work.learn({ staged: [...staged, ...results] });
  await work.plan.onToolsCalled?.(results);
  await recallTerms(work, work.context.ordinary);
}

function joined(before: ToolInsights, now: ToolInsights): ToolInsights {
  return {
    evaluations: [...before.evaluations, ...now.evaluations],
    missing: [...before.missing, ...now.missing],
    invalid: [...before.invalid, ...now.invalid],
  };
}
