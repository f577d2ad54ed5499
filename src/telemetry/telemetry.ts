/**
 * The port of observability: what the engine tells of its work, in names that are the same wherever they go (spans and histograms of
 * OpenTelemetry, `/metrics`, `/healthz`, the log's scopes). Telling never fails, and never changes what it tells of.
 */

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Where measurements go. */
export interface Measures {
  /** How long something took. `ms`: milliseconds. */
  duration(name: string, ms: number, attributes?: Attributes): void;
  count(name: string, amount: number, attributes?: Attributes): void;
}

/** A part of the work that was begun. */
export interface OpenSpan {
  /** What is done in `work`, and in what it begins, belongs to it. */
  within<Result>(work: () => Result): Result;
  /** Once. `failure`: what it failed with, if it did; `attributes`: what is known of it only now. */
  end(ending?: { readonly failure?: unknown; readonly attributes?: () => Attributes }): void;
}

export type SpanOptions = {
  readonly attributes?: Attributes;
  /** 32 hexadecimal characters: it begins something new, and does not belong to what is under way. */
  readonly traceId?: string;
};

export interface Telemetry extends Measures {
  /** For what begins here and ends elsewhere. */
  begin(name: string, options?: SpanOptions): OpenSpan;
  /** Does `work` as a part of what is under way; it ends with it. What `work` returns, throws or rejects with is passed on. */
  span<Result>(name: string, attributes: Attributes, work: () => Result): Result;
  /** Lines of the log that are written in `work` bear this name; nothing else is told. */
  scope<Result>(name: string, work: () => Result): Result;
  /** Of what is under way. The attributes are made only where somebody wants them. */
  event(name: string, attributes?: () => Attributes): void;
}

const noSpan: OpenSpan = { within: (work) => work(), end() {} };

/** Nobody wants to know. */
export const noTelemetry: Telemetry = {
  begin: () => noSpan,
  span: (_name, _attributes, work) => work(),
  scope: (_name, work) => work(),
  event() {},
  duration() {},
  count() {},
};

/** What somebody failed with, as attributes and health views name it: an error's code, else its class. */
export function errorClassOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'Error';
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
}
