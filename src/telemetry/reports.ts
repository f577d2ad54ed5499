/** What was observed lately, by kind, for the views of `/healthz`: at most ten minutes of it, and never more than fits. */

/** The kinds there are, and what a report of each says. */
export type Reported = {
  readonly 'engine.turn': {
    readonly success: boolean;
    readonly latencyMs: number;
    /** Of a failure. */
    readonly errorClass?: string;
  };
  readonly 'engine.ttfm': { readonly latencyMs: number };
  readonly 'nlp.request': NlpReport;
  readonly 'nlp.embed': NlpReport;
};

export type NlpReport = {
  /** The question. */
  readonly schema: string;
  readonly model: string;
  readonly success: boolean;
  readonly latencyMs: number;
  readonly errorClass?: string;
};

export type ReportKind = keyof Reported;

const kinds: readonly ReportKind[] = ['engine.turn', 'engine.ttfm', 'nlp.request', 'nlp.embed'];

const keptMs = 600_000;
const most = 10_000;

export interface Reports {
  /** Throws for a kind that there is not. */
  add<Kind extends ReportKind>(kind: Kind, report: Reported[Kind]): void;
  /** Oldest first. */
  recent<Kind extends ReportKind>(kind: Kind): readonly Reported[Kind][];
}

type Kept<Kind extends ReportKind> = { readonly at: number; readonly report: Reported[Kind] };
type Shelf = { readonly [Kind in ReportKind]: Kept<Kind>[] };

/** `now`: milliseconds since 1970. */
export function createReports({ now }: { readonly now: () => number }): Reports {
  const shelf: Shelf = { 'engine.turn': [], 'engine.ttfm': [], 'nlp.request': [], 'nlp.embed': [] };

  function keptOf<Kind extends ReportKind>(kind: Kind): Kept<Kind>[] {
    if (!kinds.includes(kind)) throw new Error(`There are no reports of the kind "${kind}".`);
    return shelf[kind];
  }

  return {
    add(kind, report) {
      const kept = keptOf(kind);
      kept.push({ at: now(), report });
      // Half of it at a time: taking one from the front of a long array for each that comes would cost its length.
      if (kept.length > most * 1.5) kept.splice(0, kept.length - most);
    },

    recent(kind) {
      const kept = keptOf(kind);
      const from = now() - keptMs;
      const first = kept.findIndex(({ at }) => at > from);
      kept.splice(0, first < 0 ? kept.length : first);
      return kept.slice(-most).map(({ report }) => report);
    },
  };
}
