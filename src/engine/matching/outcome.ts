/** What is asked with, and what comes of it, whatever the batch. */
import type { NlpService } from '../../nlp/nlp.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { TurnContext } from '../turn-context.ts';
import type { Ambiguity } from './disambiguation.ts';

export type Asked = {
  readonly nlp: Pick<NlpService, 'ask' | 'name'>;
  readonly turn: TurnContext;
  readonly signal: AbortSignal;
};

/** What one batch came to. */
export type Outcome = {
  readonly matches: readonly GuidelineMatch[];
  /** In the place of matches of this batch and of others. */
  readonly ambiguity?: Ambiguity;
};
