/** Evaluations, in Parlant's shape: begun at once, waited for with a second request. */
import { z } from 'zod';
import { type Evaluation, isFinished } from '../../engine/indexing/evaluation.ts';
import type { Evaluations } from '../../engine/indexing/evaluations.ts';
import { ShuttingDownError } from '../../errors.ts';
import { PollTimedOutError, UnauthenticatedError } from '../errors.ts';
import type { EndReason, Lease, Leases } from '../leases.ts';
import { notesOf } from '../notes.ts';
import { route, type Route } from '../route.ts';
import {
  evaluationCreateSchema,
  evaluationReadQuery,
  evaluationSchema,
  toEvaluationJson,
  toPayloads,
} from '../schemas/evaluations.ts';
import { foreignId } from '../schemas/session.ts';

export type EvaluationDeps = { readonly evaluations: Evaluations; readonly leases: Leases };

const params = z.object({ evaluation_id: foreignId });

/** As Parlant waits; and nobody waits longer than a day. */
const defaultWaitS = 60;
const longestWaitS = 86_400;

export function evaluationRoutes(deps: EvaluationDeps): readonly Route[] {
  return [createEvaluation(deps), readEvaluation(deps)];
}

function createEvaluation({ evaluations }: EvaluationDeps): Route {
  return route({
    method: 'post',
    path: '/evaluations',
    operation: 'change what agents know',
    tag: 'Evaluations',
    summary: 'Look into texts before they become guidelines',
    description: 'Answered at once; nothing of it is written to any guideline.',
    body: evaluationCreateSchema,
    answers: { 201: { description: 'The evaluation, begun.', schema: evaluationSchema } },
    errors: [
      'GUIDELINE_NOT_FOUND',
      'TOOL_NOT_FOUND',
      'SERVICE_UNAVAILABLE',
      'DOCUMENTS_UNAVAILABLE',
      'SHUTTING_DOWN',
    ],
    async handle({ body }) {
      return { status: 201, body: toEvaluationJson(await evaluations.create(toPayloads(body))) };
    },
  });
}

function readEvaluation({ evaluations, leases }: EvaluationDeps): Route {
  return route({
    method: 'get',
    path: '/evaluations/{evaluation_id}',
    operation: 'read what agents know',
    tag: 'Evaluations',
    summary: 'Read an evaluation, when it is finished',
    params,
    query: evaluationReadQuery,
    answers: { 200: { description: 'The evaluation.', schema: evaluationSchema } },
    errors: ['EVALUATION_NOT_FOUND', 'POLL_TIMED_OUT', 'SHUTTING_DOWN'],
    async handle({ params: { evaluation_id: id = '' }, query, caller, res }) {
      const waitS = Math.min(query.wait_for_completion ?? defaultWaitS, longestWaitS);
      const now = await evaluations.read(id);
      if (waitS === 0 || isFinished(now)) return answer(now);
      notesOf(res).isWait = true;
      // Of no session.
      const lease = leases.hold({ res, caller, sessionId: '' });
      if (!(await waitFor(evaluations, id, { lease, waitMs: waitS * 1_000 }))) return undefined;
      return answer(await evaluations.read(id));
    },
  });
}

function answer(evaluation: Evaluation) {
  return { status: 200, body: toEvaluationJson(evaluation) };
}

/** False: the client has left. Throws what is to be answered when it was in vain. */
async function waitFor(
  evaluations: Evaluations,
  evaluationId: string,
  { lease, waitMs }: { readonly lease: Lease; readonly waitMs: number },
): Promise<boolean> {
  const timer = setTimeout(lease.end, waitMs, 'timeout' satisfies EndReason).unref();
  await evaluations.finished(evaluationId, lease.signal);
  clearTimeout(timer);
  if (!lease.signal.aborted) return true;
  const why: EndReason = lease.signal.reason;
  if (why === 'timeout') throw new PollTimedOutError();
  if (why === 'shutdown') throw new ShuttingDownError();
  if (why === 'expired') throw new UnauthenticatedError();
  return false;
}
