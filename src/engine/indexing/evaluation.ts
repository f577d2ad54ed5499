/** What is stored of an evaluation: texts that somebody wants to know more of before, or without, writing them as guidelines. */
import { hash } from 'node:crypto';
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { ToolId } from '../../tools/tool.ts';

export type EvaluationPayload = {
  readonly condition: string;
  readonly action: string | null;
  readonly toolIds: readonly ToolId[];
  readonly operation: 'add' | 'update';
  /** Of the guideline that it is to become the text of. */
  readonly updatedId: string | null;
  /** What is wanted: an action for its tools; properties as of a guideline; properties as of a journey's step. */
  readonly wants: {
    readonly action: boolean;
    readonly properties: boolean;
    readonly step: boolean;
  };
};

/** What came of one payload. */
export type Invoice = {
  readonly payload: EvaluationPayload;
  readonly checksum: string;
  readonly data: {
    readonly action: string | null;
    /** As metadata; null: not wanted. */
    readonly properties: JsonObject | null;
  } | null;
  readonly error: string | null;
};

export const evaluationStatuses = ['pending', 'running', 'completed', 'failed'] as const;
export type EvaluationStatus = (typeof evaluationStatuses)[number];

export type EvaluationFields = {
  readonly status: EvaluationStatus;
  /** In the order of the payloads. */
  readonly invoices: readonly Invoice[];
  /** Why it failed. */
  readonly error: string | null;
};

export type Evaluation = Stored<EvaluationFields>;

export const evaluationCollection: Collection<EvaluationFields> = {
  name: 'evaluations',
  noun: 'evaluation',
  indexed: ['status'],
};

/** Nothing has come of it yet. */
export function toInvoice(payload: EvaluationPayload): Invoice {
  return { payload, checksum: hash('sha256', JSON.stringify(payload), 'hex'), data: null, error: null };
}

/** Percent. */
export function progressOf({ invoices }: EvaluationFields): number {
  const done = invoices.filter(({ data, error }) => data !== null || error !== null).length;
  return Math.round((done / invoices.length) * 1_000) / 10;
}

export function isFinished({ status }: Pick<EvaluationFields, 'status'>): boolean {
  return status === 'completed' || status === 'failed';
}
