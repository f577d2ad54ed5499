/** Requests to providers that a question does not tell of by itself: texts made vectors of, and texts checked. */
import type { NlpRequest } from '../../nlp/ai-sdk/measure.ts';
import type { Attributes, Telemetry } from '../../telemetry/telemetry.ts';

/** For `createNlp`. */
export function observeRequests(telemetry: Telemetry): (request: NlpRequest) => void {
  return ({ kind, provider, durationMs, failure, usage }) => {
    if (kind !== 'embed' && kind !== 'moderate') return;
    const about = { 'model.name': provider, 'schema.name': kind };
    const ending: Attributes = failure
      ? { outcome: 'failed', 'error.type': failure }
      : { outcome: 'completed' };
    telemetry.duration(kind === 'embed' ? 'embed' : 'moderation', durationMs, { ...about, ...ending });
    if (usage && usage.inputTokens > 0) telemetry.count('input_tokens', usage.inputTokens, about);
    if (kind === 'moderate') return;
    telemetry.event(failure ? 'embed.request_failed' : 'embed.request_completed', () => ({
      ...about,
      ...ending,
      duration: durationMs,
    }));
  };
}
