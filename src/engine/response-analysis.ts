/** Which guidelines were followed by what the agent has just said, so that they need not be followed again. */
import type { NlpService } from '../nlp/nlp.ts';
import type { Clock } from '../session/clock.ts';
import { allOrNone } from './asking/all-or-none.ts';
import { tryAgain } from './asking/try-again.ts';
import { askForUsable } from './asking/usable-answer.ts';
import type { GuidelineMatch } from './guideline.ts';
import { toAskedGuideline } from './matching/asked-guideline.ts';
import { demandNumbers, numberOf } from './matching/verdicts.ts';
import type { ResponseAnalyst } from './stages.ts';

export type ResponseAnalystOptions = {
  readonly nlp: Pick<NlpService, 'ask' | 'name'>;
  /** For the pauses between tries. */
  readonly clock: Clock;
};

/** Guidelines that are asked about at once. */
const chunkSize = 5;

export function createResponseAnalyst({ nlp, clock }: ResponseAnalystOptions): ResponseAnalyst {
  return {
    async analyse({ situation, signal }, matches, said) {
      const chunks = await allOrNone(toChunks(matches), {
        signal,
        work: (chunk, chunkSignal) =>
          tryAgain(
            () =>
              askForUsable(nlp, {
                question: 'response_analysis',
                input: { situation, said, guidelines: chunk.map(toAsked) },
                take: ({ checks }) => toFollowed(chunk, checks, nlp.name),
                signal: chunkSignal,
              }),
            { clock, signal: chunkSignal },
          ),
      });
      return chunks.flat();
    },
  };
}

function toChunks(matches: readonly GuidelineMatch[]): readonly (readonly GuidelineMatch[])[] {
  const starts = Array.from({ length: Math.ceil(matches.length / chunkSize) }, (_, n) => n * chunkSize);
  return starts.map((start) => matches.slice(start, start + chunkSize));
}

function toAsked({ guideline }: GuidelineMatch, at: number) {
  return toAskedGuideline(guideline, numberOf(at));
}

/** Ids. */
function toFollowed(
  chunk: readonly GuidelineMatch[],
  checks: readonly { readonly n: string; readonly applied: boolean }[],
  provider: string,
): readonly string[] {
  demandNumbers(checks, { count: chunk.length, provider });
  const followed = new Set(checks.filter(({ applied }) => applied).map(({ n }) => n));
  return chunk.filter((_, at) => followed.has(numberOf(at))).map(({ guideline }) => guideline.id);
}
