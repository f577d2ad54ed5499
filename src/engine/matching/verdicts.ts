/** What an answer says of each guideline of a batch, whichever of the questions was asked. */
import { NlpError } from '../../errors.ts';
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import { matchedScore, type EngineGuideline, type GuidelineMatch } from '../guideline.ts';
import type { PlainBatchKind } from './batches.ts';

export type Verdict = {
  /** As the question numbers it. */
  readonly n: string;
  readonly applies: boolean;
  readonly rationale: string;
};

type Read = { readonly [Kind in PlainBatchKind]: (answer: AnswerOf<Kind>) => readonly Verdict[] };

/** By what was asked. */
export const verdictsOf: Read = {
  observational: ({ checks }) => checks,
  actionable: ({ checks }) => checks,
  low_criticality: ({ applies }) =>
    Object.entries(applies).map(([n, each]) => ({ n, applies: each, rationale: asPrinciple })),
  previously_applied: ({ checks }) =>
    checks.map(({ n, shouldReapply, rationale }) => ({
      n,
      applies: shouldReapply,
      rationale: rationale ?? 'Its condition is met again, for a new reason.',
    })),
  customer_dependent: ({ checks }) =>
    checks.map(({ n, shouldApply, summary }) => ({ n, applies: shouldApply, rationale: summary })),
};

/** No reasons are asked for. */
const asPrinciple = 'It is a general principle that bears on the conversation as it stands.';

/** Those that apply, in the order of the batch. Throws `NlpError` where a number was not asked about. */
export function toMatches(
  guidelines: readonly EngineGuideline[],
  verdicts: readonly Verdict[],
  provider: string,
): readonly GuidelineMatch[] {
  demandNumbers(verdicts, { count: guidelines.length, provider });
  const applying = new Map(verdicts.filter(({ applies }) => applies).map((verdict) => [verdict.n, verdict]));
  return guidelines.flatMap((guideline, at) => {
    const verdict = applying.get(numberOf(at));
    return verdict ? [{ guideline, score: matchedScore, rationale: verdict.rationale }] : [];
  });
}

/** From "1". */
export function numberOf(at: number): string {
  return `${at + 1}`;
}

/** Throws `NlpError` where one of them is none of the first `count`: then nobody knows what the answer is about. */
export function demandNumbers(
  told: readonly { readonly n: string }[],
  { count, provider }: { readonly count: number; readonly provider: string },
): void {
  const known = new Set(Array.from({ length: count }, (_, at) => numberOf(at)));
  const unknown = told.find(({ n }) => !known.has(n));
  if (unknown) {
    throw new NlpError(provider, `it spoke of number "${unknown.n}" where ${count} were asked about`);
  }
}
