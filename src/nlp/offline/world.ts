/** What answers depend on besides the question. */
export type World = {
  /** Milliseconds since 1970: what "tomorrow" is counted from. */
  readonly now: number;
};
