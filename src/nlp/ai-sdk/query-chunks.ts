/** A long query in parts: one vector for a whole conversation would be near to everything and nothing. */

/** Rough, and enough: four letters to a token, and one sign of a script without letters. */
export function estimateTokens(text: string): number {
  const signs = text.match(/\p{Lo}/gu)?.length ?? 0;
  return Math.ceil((text.length - signs) / 4) + signs;
}

/** Each of about that many tokens, cut between words where there are some. A blank text has none. */
export function toChunks(text: string, chunkTokens: number): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const tokensPerWord = Math.max(1, estimateTokens(text)) / Math.max(1, words.length);
  const wordsPerChunk = Math.max(1, Math.floor(chunkTokens / tokensPerWord));
  const chunks: string[] = [];
  for (let at = 0; at < words.length; at += wordsPerChunk)
    chunks.push(words.slice(at, at + wordsPerChunk).join(' '));
  return chunks.flatMap((chunk) => cut(chunk, chunkTokens));
}

/** The beginning of a text, as long as a model takes it. */
export function firstTokens(text: string, maxTokens: number): string {
  return cut(text, maxTokens)[0] ?? '';
}

/** A word can be longer than a chunk: a language without spaces is one word. */
function cut(text: string, maxTokens: number): readonly string[] {
  if (estimateTokens(text) <= maxTokens) return [text];
  const characters = Array.from(text);
  const size = Math.max(1, Math.floor((characters.length * maxTokens) / estimateTokens(text)));
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += size) parts.push(characters.slice(at, at + size).join(''));
  return parts;
}
