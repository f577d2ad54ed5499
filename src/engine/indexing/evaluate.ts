/** What an evaluation wants to know of one text. */
import type { JsonObject } from '../../event-log/event.ts';
import type { EvaluationPayload, Invoice } from './evaluation.ts';
import type { Wording } from './finding.ts';
import type { Inquiry } from './inquiry.ts';
import { propertiesOf } from './properties.ts';

/** Rejects as the inquiry does. */
export async function evaluate(
  { condition, action, toolIds, wants }: EvaluationPayload,
  { inquiry, signal }: { readonly inquiry: Pick<Inquiry, 'wording'>; readonly signal: AbortSignal },
): Promise<NonNullable<Invoice['data']>> {
  const wording: Wording = { condition, action, toolIds };
  // Steps have no condition of their own.
  const stepWording: Wording = { ...wording, condition: '' };
  const ofGuidelines = propertiesOf('guideline', wording).filter(
    (property) => wants.properties || (property === 'internal_action' && wants.action),
  );
  const ofSteps = wants.step ? propertiesOf('step', stepWording) : [];
  const [asGuideline, asStep] = await Promise.all([
    inquiry.wording({ subject: 'guideline', wording, properties: ofGuidelines }, signal),
    inquiry.wording({ subject: 'step', wording: stepWording, properties: ofSteps }, signal),
  ]);
  const proposed = asGuideline['internal_action'] ?? asStep['internal_action'];
  const properties: JsonObject = {
    ...(wants.step && { tool_running_only: false, ...asStep }),
    ...(wants.properties && asGuideline),
  };
  return {
    action: wants.action && typeof proposed === 'string' ? proposed : null,
    properties: wants.properties || wants.step ? properties : null,
  };
}
