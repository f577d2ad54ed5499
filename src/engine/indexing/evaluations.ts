/**
 * Evaluations: asked for over HTTP, done beside everything else, by the same inquiry that looks into what is written. What this process
 * did not finish has failed.
 */
import type { DocumentStore } from '../../documents/document-store.ts';
import { guidelineCollection } from '../../entities/collections/guideline.ts';
import {
  DomainError,
  EvaluationNotFoundError,
  GuidelineNotFoundError,
  ShuttingDownError,
  ToolNotFoundError,
} from '../../errors.ts';
import { newId } from '../../event-log/ids.ts';
import type { Clock } from '../../session/clock.ts';
import type { ToolDirectory } from '../../tools/tool-service.ts';
import {
  type Evaluation,
  evaluationCollection,
  type EvaluationFields,
  type EvaluationPayload,
  type Invoice,
  isFinished,
  toInvoice,
} from './evaluation.ts';
import { evaluate } from './evaluate.ts';
import type { Inquiry } from './inquiry.ts';

export interface Evaluations {
  /**
   * Begins one; resolves as soon as it is stored. `GuidelineNotFoundError`, `ToolNotFoundError`, `ServiceUnavailableError`,
   * `ShuttingDownError`.
   */
  create(payloads: readonly EvaluationPayload[]): Promise<Evaluation>;
  /** `EvaluationNotFoundError`. */
  read(evaluationId: string): Promise<Evaluation>;
  /** Resolves when it is finished, or the signal fires. */
  finished(evaluationId: string, signal: AbortSignal): Promise<void>;
  /** What is under way has failed. */
  close(): Promise<void>;
}

export type EvaluationsOptions = {
  /** Opened with `evaluationCollection`. */
  readonly documents: DocumentStore;
  readonly inquiry: Pick<Inquiry, 'wording'>;
  readonly tools: Pick<ToolDirectory, 'has'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: { error(facts: object, message: string): void };
};

const endedEarly = 'The server ended before the evaluation was finished.';
/** So long are they kept. */
const keptMs = 30 * 86_400_000;

export async function openEvaluations(options: EvaluationsOptions): Promise<Evaluations> {
  const { documents, inquiry, tools, clock, logger } = options;
  const ending = new AbortController();
  const running = new Map<string, Promise<void>>();
  await tidyUp(documents, { before: new Date(clock.now() - keptMs).toISOString() });

  async function demandWhatIsNamed({ toolIds, updatedId }: EvaluationPayload): Promise<void> {
    if (updatedId !== null && !(await documents.get(guidelineCollection, updatedId)))
      throw new GuidelineNotFoundError(updatedId);
    for (const toolId of new Set(toolIds))
      if (!(await tools.has(toolId))) throw new ToolNotFoundError(toolId);
  }

  async function change(id: string, fields: (now: Evaluation) => Partial<EvaluationFields>): Promise<void> {
    await documents.update(evaluationCollection, id, (now) => ({ ...now, ...fields(now) }));
  }

  async function run({ id, invoices }: Evaluation): Promise<void> {
    try {
      await change(id, () => ({ status: 'running' }));
      await Promise.all(invoices.map((invoice, at) => settle(id, { invoice, at })));
      await change(id, toOutcome);
    } catch (err) {
      logger.error({ evaluationId: id, err }, 'an evaluation could not be stored');
    } finally {
      running.delete(id);
    }
  }

  async function settle(
    id: string,
    { invoice, at }: { readonly invoice: Invoice; readonly at: number },
  ): Promise<void> {
    const found = await ask(invoice.payload);
    await change(id, ({ invoices }) => ({ invoices: invoices.with(at, { ...invoice, ...found }) }));
  }

  async function ask(payload: EvaluationPayload): Promise<Pick<Invoice, 'data' | 'error'>> {
    try {
      return { data: await evaluate(payload, { inquiry, signal: ending.signal }), error: null };
    } catch (error) {
      if (ending.signal.aborted) return { data: null, error: endedEarly };
      if (!(error instanceof DomainError)) logger.error({ err: error }, 'an evaluation failed');
      return {
        data: null,
        error: error instanceof DomainError ? error.message : 'It could not be evaluated.',
      };
    }
  }

  return {
    async create(payloads) {
      if (ending.signal.aborted) throw new ShuttingDownError();
      await Promise.all(payloads.map(demandWhatIsNamed));
      const fields: EvaluationFields = { status: 'pending', invoices: payloads.map(toInvoice), error: null };
      const evaluation = await documents.insert(evaluationCollection, newId(), fields);
      running.set(evaluation.id, run(evaluation));
      return evaluation;
    },

    async read(evaluationId) {
      const evaluation = await documents.get(evaluationCollection, evaluationId);
      if (!evaluation) throw new EvaluationNotFoundError(evaluationId);
      return evaluation;
    },

    async finished(evaluationId, signal) {
      const work = running.get(evaluationId);
      if (!work || signal.aborted) return;
      const { promise: over, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve(), { once: true });
      await Promise.race([work, over]);
    },

    async close() {
      ending.abort();
      await Promise.all(running.values());
    },
  };
}

function toOutcome({ invoices }: Evaluation): Partial<EvaluationFields> {
  const failures = invoices.flatMap(({ error }) => error ?? []);
  if (failures.length === 0) return { status: 'completed' };
  const count = `${failures.length} of ${invoices.length}`;
  return { status: 'failed', error: `${count} could not be evaluated: ${failures[0]}` };
}

/** What an earlier process left. */
async function tidyUp(documents: DocumentStore, { before }: { readonly before: string }): Promise<void> {
  await documents.transaction(async (tx) => {
    const { items } = await tx.find(evaluationCollection);
    for (const evaluation of items) {
      if (evaluation.creationUtc < before) await tx.delete(evaluationCollection, evaluation.id);
      else if (!isFinished(evaluation)) {
        const failed = { status: 'failed', error: endedEarly } as const;
        await tx.update(evaluationCollection, evaluation.id, (now) => ({ ...now, ...failed }));
      }
    }
  });
}
