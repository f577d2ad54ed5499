/**
 * Lakera Guard: whether a text tries to talk an agent out of its rules (https://docs.lakera.ai, POST /v2/guard). How sure it must be is set
 * there, in the project of the key. Its other findings are the provider's business.
 */
import { z } from 'zod';
import { readText, send } from '../tools/service-exchange.ts';
import { ServiceFault } from '../tools/service-fault.ts';
import type { Check } from './moderator.ts';

export type LakeraGuardOptions = {
  readonly apiKey: string;
  /** `https://api.lakera.ai`, or a server of yours. */
  readonly url: string;
};

const answer = z.object({
  breakdown: z.array(z.object({ detector_type: z.string(), detected: z.boolean() })),
});

const maxBytes = 1_000_000;

export function createLakeraGuard({ apiKey, url }: LakeraGuardOptions): Check {
  return async (text, { signal }) => {
    const response = await send({
      method: 'POST',
      url: new URL('/v2/guard', url).href,
      headers: { authorization: `Bearer ${apiKey}` },
      body: { messages: [{ role: 'user', content: text }], breakdown: true },
      signal,
    });
    const body = await readText(response, { maxBytes, signal });
    if (!response.ok) throw new ServiceFault(`Lakera Guard answered ${response.status}`);
    const isAttack = findingsIn(body).some(
      (found) => found.detector_type === 'prompt_attack' && found.detected,
    );
    return isAttack ? { flagged: true, tags: ['jailbreak'] } : { flagged: false, tags: [] };
  };
}

function findingsIn(body: string): z.output<typeof answer>['breakdown'] {
  try {
    return answer.parse(JSON.parse(body)).breakdown;
  } catch {
    throw new ServiceFault('Lakera Guard answered with something else than its findings');
  }
}
