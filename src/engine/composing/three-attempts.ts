/** What a model makes is made anew, each time with more freedom, while it fails or is not good enough: three times in all. */
import { GenerationFailure } from './ask-model.ts';

const temperatures = [0.1, 0.3, 0.5] as const;

export type Attempt<Result> = {
  readonly result: Result;
  /** No other attempt is made. */
  readonly isGood: boolean;
};

export type Attempted<Result> =
  /** The first good one, else the last there is. */
  | { readonly kind: 'made'; readonly result: Result }
  /** None came to an end; the last failure. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** Rejects with whatever is no `GenerationFailure`. */
export async function threeAttempts<Result>(
  make: (temperature: number) => Promise<Attempt<Result>>,
): Promise<Attempted<Result>> {
  let made: Attempt<Result> | undefined;
  let failure: unknown;
  for (const temperature of temperatures) {
    try {
      made = await make(temperature);
      if (made.isGood) break;
    } catch (error) {
      if (!(error instanceof GenerationFailure)) throw error;
      failure = error.cause;
    }
  }
  return made ? { kind: 'made', result: made.result } : { kind: 'failed', error: failure };
}
