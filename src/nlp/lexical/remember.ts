/** Longer words are cut out of their text by V8 without a copy: a kept word would keep the whole text. */
const longest = 12;

/** A pure function that keeps its results for words; it forgets them all when there are too many, so its memory is bounded. */
export function remember(compute: (word: string) => string, limit = 5_000): (word: string) => string {
  const results = new Map<string, string>();
  return (word) => {
    if (word.length > longest) return compute(word);
    const known = results.get(word);
    if (known !== undefined) return known;
    if (results.size >= limit) results.clear();
    const result = compute(word);
    results.set(word, result);
    return result;
  };
}
