/** Which things a text is about, by the words they share. */
import { rarityAmong, similarity, termsOf } from '../lexical/similarity.ts';
import type { Findable, Ranked } from '../nlp.ts';

/** Nearest first; of equals the one given first. What has nothing in common is left out. */
export function rankByWords(query: string, candidates: readonly Findable[]): readonly Ranked[] {
  const asked = termsOf(query);
  if (asked.size === 0) return [];
  const texts = candidates.map(({ id, texts }) => ({ id, terms: texts.map(termsOf) }));
  const rarity = rarityAmong(texts.flatMap(({ terms }) => terms));
  const best = new Map<string, number>();
  for (const { id, terms } of texts) {
    const score = Math.max(0, ...terms.map((each) => similarity(asked, each, rarity)));
    if (score > (best.get(id) ?? 0)) best.set(id, score);
  }
  return [...best].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score);
}
