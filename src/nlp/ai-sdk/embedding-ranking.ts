/**
 * Nearness by meaning: texts become vectors, and those of the candidates are kept, because they hardly ever change. Only texts that are
 * not known yet are sent.
 */
import { embedMany } from 'ai';
import type { Findable, NlpService, Ranked } from '../nlp.ts';
import type { Exchange } from './exchange.ts';
import type { Embeddings } from './model-provider.ts';
import type { Measure } from './measure.ts';
import { firstTokens, toChunks } from './query-chunks.ts';
import { createVectorCache, type Vector } from './vector-cache.ts';

/** With 1536 numbers each: 31 MB. */
const maxTexts = 5_000;
const parallelRequests = 4;

export type EmbeddingRankingOptions = {
  readonly embeddings: Embeddings;
  readonly exchange: Exchange;
  readonly measure: Measure;
};

export function createEmbeddingRanking(options: EmbeddingRankingOptions): NlpService['rank'] {
  const { model, batchSize, maxTokens } = options.embeddings;
  const cache = createVectorCache({ maxTexts });

  /** Whatever is not known is asked for, a batch at a time, a few at once. */
  async function embed(texts: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Vector>> {
    const vectors = new Map(texts.flatMap((text) => toEntry(text, cache.get(text))));
    const unknown = [...new Set(texts)].filter((text) => !vectors.has(text));
    const batches = toBatches(unknown, batchSize);
    const work = async () => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        for (const [text, vector] of await request(batch, signal)) {
          vectors.set(text, vector);
          cache.set(text, vector);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: parallelRequests }, work));
    } finally {
      batches.length = 0; // one failure ends it for all
    }
    return vectors;
  }

  function request(texts: readonly string[], signal: AbortSignal) {
    return options.exchange.call(
      (attempt) =>
        options.measure.during({ kind: 'embed', signal: attempt.signal }, async (note) => {
          const { embeddings, usage } = await embedMany({
            model,
            values: [...texts],
            maxRetries: 0,
            abortSignal: attempt.signal,
            telemetry: { isEnabled: false },
          });
          note({ inputTokens: usage.tokens || 0, outputTokens: 0 });
          return texts.flatMap((text, at) => toEntry(text, toUnit(embeddings[at])));
        }),
      { signal },
    );
  }

  return async (query, candidates, { signal }) => {
    const chunks = toChunks(query, maxTokens / 5);
    if (chunks.length === 0 || candidates.length === 0) return [];
    const known = candidates.map(({ id, texts }) => ({ id, texts: texts.flatMap(toText) }));
    const vectors = await embed([...chunks, ...known.flatMap(({ texts }) => texts)], signal);
    return rankBy(vectors, chunks, known);
  };

  /** What is blank has no meaning, and providers refuse it. */
  function toText(text: string): readonly string[] {
    return text.trim() === '' ? [] : [firstTokens(text, maxTokens)];
  }
}

function rankBy(
  vectors: ReadonlyMap<string, Vector>,
  chunks: readonly string[],
  candidates: readonly Findable[],
): readonly Ranked[] {
  const queries = chunks.flatMap((chunk) => vectors.get(chunk) ?? []);
  const ranked = new Map<string, number>();
  for (const { id, texts } of candidates) {
    const scores = texts.flatMap((text) => {
      const vector = vectors.get(text);
      return vector ? queries.map((query) => similarity(query, vector)) : [];
    });
    if (scores.length > 0) ranked.set(id, Math.max(ranked.get(id) ?? -1, ...scores));
  }
  return [...ranked].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score);
}

/** Of unit vectors: their cosine. */
function similarity(a: Vector, b: Vector): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * (b[at] ?? 0); // `at` is within `a`
  return sum;
}

function toUnit(numbers: readonly number[] | undefined): Vector | undefined {
  if (numbers === undefined) return undefined;
  const length = Math.sqrt(numbers.reduce((sum, each) => sum + each * each, 0));
  return Float32Array.from(numbers, (each) => (length === 0 ? 0 : each / length));
}

function toEntry(text: string, vector: Vector | undefined): readonly (readonly [string, Vector])[] {
  return vector === undefined ? [] : [[text, vector]];
}

function toBatches(texts: readonly string[], size: number): (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let at = 0; at < texts.length; at += size) batches.push(texts.slice(at, at + size));
  return batches;
}
