/**
 * Moderation, which the AI SDK does not know: a text is sent, and categories come back. Each vendor's are brought to ours; those that
 * say nothing about harm (a vendor also marks health or law) count for nothing.
 */
import { APICallError } from 'ai';
import { z } from 'zod';
import type { Moderated, ModerationTag } from '../nlp.ts';
import { ModelFailure } from './model-failure.ts';
import type { ModerationService } from './model-provider.ts';

type Endpoint = { readonly url: string; readonly apiKey: string };

/** OpenAI and Mistral: yes or no by category. */
export function createCategoryModeration({
  url,
  apiKey,
  model,
}: Endpoint & { readonly model: string }): ModerationService {
  return {
    async moderate(text, signal) {
      const body = await post({ url, apiKey }, { model, input: [text] }, signal);
      const { results } = read(categoryResponse, body);
      const names = results.flatMap(({ categories }) =>
        Object.keys(categories).filter((name) => categories[name] === true),
      );
      return toModerated(names.flatMap((name) => tagOf(name) ?? []));
    },
  };
}

/** Zhipu: one verdict, for texts that are not too long, with risks that have no fixed names. */
export function createRiskModeration(endpoint: Endpoint): ModerationService {
  return {
    async moderate(text, signal) {
      const parts = Array.from({ length: Math.ceil(text.length / maxRiskChars) }, (_, at) =>
        text.slice(at * maxRiskChars, (at + 1) * maxRiskChars),
      );
      const verdicts = await Promise.all(
        parts.map(async (input) =>
          read(riskResponse, await post(endpoint, { model: 'moderation', input }, signal)),
        ),
      );
      const results = verdicts.flatMap(({ result_list }) => result_list);
      return { flagged: results.some(({ risk_level }) => risk_level === 'REJECT'), tags: [] };
    },
  };
}

const maxRiskChars = 2_000;

const categoryResponse = z.object({
  results: z.array(z.object({ categories: z.record(z.string(), z.boolean().nullish()) })).min(1),
});
const riskResponse = z.object({ result_list: z.array(z.object({ risk_level: z.string() })) });

function toModerated(tags: readonly ModerationTag[]): Moderated {
  return { flagged: tags.length > 0, tags: [...new Set(tags)] };
}

/** `harassment/threatening` and `violence_and_threats` alike. */
function tagOf(category: string): ModerationTag | undefined {
  return tagsByWord.find(([word]) => category.replaceAll('-', '').startsWith(word))?.[1];
}

const tagsByWord: readonly (readonly [string, ModerationTag])[] = [
  ['jailbreak', 'jailbreak'],
  ['harassment', 'harassment'],
  ['hate', 'hate'],
  ['illicit', 'illicit'],
  ['dangerous', 'illicit'],
  ['criminal', 'illicit'],
  ['selfharm', 'self-harm'],
  ['sexual', 'sexual'],
  ['violence', 'violence'],
];

async function post({ url, apiKey }: Endpoint, body: object, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
    signal,
  });
  const text = await response.text();
  if (response.ok) return parse(text);
  throw new APICallError({
    message: text,
    url,
    requestBodyValues: {},
    statusCode: response.status,
    responseHeaders: Object.fromEntries(response.headers),
    responseBody: text,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // which no response is
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ModelFailure('malformed', 'its response cannot be read');
  return parsed.data;
}
