/**
 * A condition as it is understood: which clauses must hold, of whom each speaks, and the words it comes down to. Its frame ("The customer
 * asks about …") tells what kind of thing must have been said; only the rest is compared with words.
 */
import type { Word } from '../../lexical/words.ts';

export type ClauseKind =
  /** Wants to know something. */
  | 'ask'
  /** Wants something, or wants to do something. */
  | 'want'
  /** Says something. */
  | 'say'
  /** Something is the case. */
  | 'state'
  /** Tells what was asked for. */
  | 'give'
  /** Takes one of what was offered. */
  | 'choose'
  | 'confirm'
  | 'reject'
  | 'greet'
  | 'thank'
  | 'leave'
  /** The conversation begins. */
  | 'begin'
  /** Speaks of something the agent is not there for. */
  | 'offTopic'
  /** What is meant is open; nothing that words could show. */
  | 'unclear'
  /** Nothing else is the case. */
  | 'otherwise';

/** One thing that must be spoken of. */
export type Slot = {
  /** Any of them will do. */
  readonly words: readonly Word[];
  /** A meaning that will do as well: of "when" and the like. */
  readonly sense: number | undefined;
  /** How much it tells, above 0 up to 1. */
  readonly weight: number;
  /** What is to be done; without it nothing is met. */
  readonly isVerb: boolean;
  /** Stands behind "not" or the like. */
  readonly isDenied: boolean;
  /** Place in `Content.text`. */
  readonly from: number;
  readonly to: number;
};

export type Content = { readonly text: string; readonly slots: readonly Slot[] };

export type Clause = {
  readonly kind: ClauseKind;
  readonly about: 'customer' | 'agent' | 'world';
  /** "does not want", "has not provided". */
  readonly isDenied: boolean;
  /** Of the agent: what it has done, and not what it will do. */
  readonly isPast: boolean;
  /** Any of them will do; none: nothing is compared. */
  readonly contents: readonly Content[];
  /** None of these may be spoken of. */
  readonly excluded: readonly Content[];
};

export type Condition = {
  /** Holds whatever is said. */
  readonly isAlways: boolean;
  /** One of these must hold, with all of its clauses. */
  readonly anyOf: readonly (readonly Clause[])[];
};
