/** Evaluations on the wire: Parlant's shape. */
import { z } from 'zod';
import {
  type Evaluation,
  type EvaluationPayload,
  evaluationStatuses,
  type Invoice,
  progressOf,
} from '../../engine/indexing/evaluation.ts';
import { jsonObject, text, timestamp, wholeNumber } from './common.ts';
import { chosenId } from './entities.ts';
import { fromToolIdJson, toolIdSchema, toToolIdJson } from './tool-id.ts';

const wanted = ['action_proposition', 'properties_proposition', 'journey_node_proposition'] as const;

const guidelinePayload = z
  .object({
    content: z.object({ condition: text({ max: 100_000 }), action: text({ max: 100_000 }).nullish() }),
    tool_ids: z.array(toolIdSchema).max(100),
    operation: z.enum(['add', 'update']),
    updated_id: chosenId.nullish().meta({ description: 'With `update`: of the guideline.' }),
    action_proposition: z
      .boolean()
      .nullish()
      .meta({ description: 'What to do, where there are only tools.' }),
    properties_proposition: z.boolean().nullish().meta({ description: 'Its metadata as a guideline.' }),
    journey_node_proposition: z
      .boolean()
      .nullish()
      .meta({ description: 'Its metadata as a journey’s node.' }),
  })
  .refine((payload) => wanted.some((name) => payload[name]), {
    path: ['action_proposition'],
    error: `one of ${wanted.join(', ')} must be true`,
  })
  .refine(({ operation, updated_id: updatedId }) => operation === 'add' || updatedId, {
    path: ['updated_id'],
    error: 'must name the guideline that is updated',
  })
  .meta({ id: 'GuidelinePayload' });

const payload = z
  .object({ kind: z.literal('guideline'), guideline: guidelinePayload })
  .meta({ id: 'Payload' });

export const evaluationCreateSchema = z
  .object({ payloads: z.array(payload).min(1).max(100) })
  .meta({ id: 'EvaluationCreate' });

export const evaluationReadQuery = z.object({
  wait_for_completion: wholeNumber({ min: 0 }).optional().meta({
    description: 'Seconds to wait for its end; 504 when it takes longer. 0: as it is now. Default 60.',
  }),
});

const invoiceSchema = z
  .object({
    payload: z.object({ kind: z.literal('guideline'), guideline: z.looseObject({}) }),
    checksum: z.string(),
    approved: z.boolean().meta({ description: 'Whether it was evaluated.' }),
    data: z
      .object({
        guideline: z.object({
          action_proposition: z.string().nullable(),
          properties_proposition: jsonObject.nullable(),
        }),
      })
      .nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Invoice' });

export const evaluationSchema = z
  .object({
    id: z.string(),
    status: z.enum(evaluationStatuses),
    progress: z.number().meta({ description: 'Percent.' }),
    creation_utc: timestamp,
    error: z.string().nullable(),
    invoices: z.array(invoiceSchema),
  })
  .meta({ id: 'Evaluation' });

export function toPayloads({
  payloads,
}: z.output<typeof evaluationCreateSchema>): readonly EvaluationPayload[] {
  return payloads.map(({ guideline }) => ({
    condition: guideline.content.condition,
    action: guideline.content.action || null,
    toolIds: guideline.tool_ids.map(fromToolIdJson),
    operation: guideline.operation,
    updatedId: guideline.updated_id ?? null,
    wants: {
      action: guideline.action_proposition ?? false,
      properties: guideline.properties_proposition ?? false,
      step: guideline.journey_node_proposition ?? false,
    },
  }));
}

/** As sent. */
export function toEvaluationJson(evaluation: Evaluation): z.input<typeof evaluationSchema> {
  const { id, status, creationUtc, error, invoices } = evaluation;
  return {
    id,
    status,
    progress: progressOf(evaluation),
    creation_utc: creationUtc,
    error,
    invoices: invoices.map(toInvoiceJson),
  };
}

function toInvoiceJson({ payload: of, checksum, data, error }: Invoice): z.input<typeof invoiceSchema> {
  return {
    payload: {
      kind: 'guideline',
      guideline: {
        content: { condition: of.condition, action: of.action },
        tool_ids: of.toolIds.map(toToolIdJson),
        operation: of.operation,
        updated_id: of.updatedId,
        action_proposition: of.wants.action,
        properties_proposition: of.wants.properties,
        journey_node_proposition: of.wants.step,
      },
    },
    checksum,
    approved: data !== null,
    data: data && { guideline: { action_proposition: data.action, properties_proposition: data.properties } },
    error,
  };
}
