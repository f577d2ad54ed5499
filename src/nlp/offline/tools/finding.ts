/** What looking for a parameter's value is given besides the words, and what it comes to. */
import type { Wanted } from './parameter.ts';

/** `invalid`: what was said in its place, and cannot be used. */
export type Found = { readonly value: string } | { readonly invalid: string };

export type Finding = {
  readonly now: number;
  /** Other parameters of the same type: then the value must be named. */
  readonly rivals: readonly Wanted[];
  /** Of these, the ones that the tool names first. */
  readonly before: readonly Wanted[];
  /** Texts that another parameter has taken. */
  readonly used: ReadonlySet<string>;
  /** Whether the agent speaks of it: then it is nobody's name. By stem. */
  readonly isKnown: (stem: string) => boolean;
};
