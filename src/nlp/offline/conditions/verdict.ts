/** What was found of a condition. */
export type Verdict = {
  /** From 0 to 1; from `enough` on the condition holds. */
  readonly score: number;
  /** By the latest words themselves, and not only by what they answer. */
  readonly isDirect: boolean;
  /** As they were said. */
  readonly words: readonly string[];
};

/** What a condition needs to hold. */
export const enough = 0.6;

export const nothing: Verdict = { score: 0, isDirect: false, words: [] };

export function certainly(score = 1): Verdict {
  return { score, isDirect: true, words: [] };
}

/** The first of the best. */
export function bestOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((best, verdict) => (verdict.score > best.score ? verdict : best), nothing);
}
