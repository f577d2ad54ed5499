/** What was found out about texts, kept while they are in use: the same conditions are read in every turn. */

/** Longer texts are looked at anew each time: kept, a few of them would be much. */
const longest = 2_000;

/** A pure function that keeps its results for texts; those not asked for longest are forgotten first. */
export function rememberTexts<Result>(
  compute: (text: string) => Result,
  { kept = 4_000 }: { readonly kept?: number } = {},
): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    if (text.length > longest) return compute(text);
    const found = results.get(text);
    if (found !== undefined) {
      results.delete(text);
      results.set(text, found);
      return found;
    }
    const result = compute(text);
    if (results.size >= kept) results.delete(results.keys().next().value!);
    results.set(text, result);
    return result;
  };
}
