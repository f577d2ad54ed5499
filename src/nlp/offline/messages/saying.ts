/** What is said of one part of an action, and what it depends on. */
import type { Scene } from '../conditions/scene.ts';
import type { KnownThing } from './known-things.ts';

export type Saying = {
  readonly text: string;
  /** `unknown`: that nothing is known. */
  readonly kind: 'greeting' | 'statement' | 'question' | 'unknown';
  /** To do something more: it can wait until what is under way is done. */
  readonly isOffer?: true;
};

export type Speaking = {
  readonly scene: Scene;
  readonly customer: string | undefined;
  /** Written beforehand for what is followed. */
  readonly texts: readonly string[];
  /** Told already in this answer. */
  readonly taken: Set<KnownThing>;
};
