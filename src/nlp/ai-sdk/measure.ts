/** How each request went, told to whoever keeps count: metrics, health. */
import type { Clock } from '../../session/clock.ts';
import type { GenerationInfo } from '../nlp.ts';
import type { QuestionName } from '../questions/questions.ts';
import { type FailureKind, ModelFailure, toFailure } from './model-failure.ts';

/** One request; a question may need several. */
export type NlpRequest = {
  readonly kind: 'generate' | 'stream' | 'embed' | 'moderate';
  /** Of `generate`. */
  readonly question?: QuestionName;
  /** `NlpService.name`. */
  readonly provider: string;
  /** Of a stream: until its first piece. */
  readonly durationMs: number;
  /** Where the provider tells. */
  readonly usage?: GenerationInfo['usage'];
  /** Absent: it went well. */
  readonly failure?: FailureKind;
};

type About = Pick<NlpRequest, 'kind' | 'question'> & { readonly signal: AbortSignal };
type Usage = NonNullable<NlpRequest['usage']>;

/** A request under way. */
export type Measured = {
  /** Time is taken until now, whenever it ends. */
  stopTime(): void;
  succeeded(usage: Usage | undefined): void;
  /** What the caller called off is not told. */
  failed(error: unknown, usage?: Usage): void;
};

export type Measure = {
  begin(about: About): Measured;
  /** `work` may note what it cost, also before it fails. */
  during<Result>(about: About, work: (note: (usage: Usage) => void) => Promise<Result>): Promise<Result>;
};

export function createMeasure({
  provider,
  clock,
  onRequest,
}: {
  readonly provider: string;
  readonly clock: Clock;
  readonly onRequest: (request: NlpRequest) => void;
}): Measure {
  function begin({ signal, ...about }: About): Measured {
    const startedAt = clock.now();
    let stoppedAt: number | undefined;
    const tell = (usage: Usage | undefined, failure?: FailureKind) =>
      onRequest({
        ...about,
        provider,
        durationMs: (stoppedAt ?? clock.now()) - startedAt,
        ...(usage && { usage }),
        ...(failure && { failure }),
      });
    return {
      stopTime: () => void (stoppedAt ??= clock.now()),
      succeeded: (usage) => tell(usage),
      failed(error, usage) {
        if (!signal.aborted) tell(usage, toFailure(error, clock.now()).kind);
        else if (isTimeout(signal.reason)) tell(usage, 'timeout');
      },
    };
  }

  return {
    begin,
    async during(about, work) {
      const request = begin(about);
      let usage: Usage | undefined;
      try {
        const result = await work((noted) => void (usage = noted));
        request.succeeded(usage);
        return result;
      } catch (error) {
        request.failed(error, usage);
        throw error;
      }
    },
  };
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof ModelFailure && reason.kind === 'timeout';
}
