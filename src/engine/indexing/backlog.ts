/**
 * What has still to be looked into: first what was written, when nothing more was written of it for a moment; then what is left from
 * before. What failed comes back later, each time after a longer while, and when it is written again.
 */
import type { Clock } from '../../session/clock.ts';

export type Subject = { readonly kind: 'guideline' | 'journey'; readonly id: string };

const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;

export interface Backlog {
  /** From before. */
  leave(subjects: readonly Subject[]): void;
  /** It was written just now. */
  write(subject: Subject): void;
  /** It has failed. */
  putOff(subject: Subject): void;
  /** It was looked into. */
  done(subject: Subject): void;
  /** Undefined: there is nothing to do now. */
  take(): Subject | undefined;
  /** How many there are, without those that were put off. */
  size(): number;
  /** When there is something to do again, ms since 1970; undefined: when something is written. */
  nextAt(): number | undefined;
}

export type BacklogOptions = { readonly clock: Pick<Clock, 'now'>; readonly settleMs: number };

type Waiting = { readonly subject: Subject; readonly at: number; readonly isPutOff: boolean };

export function createBacklog({ clock, settleMs }: BacklogOptions): Backlog {
  const waiting = new Map<string, Waiting>();
  const pauses = new Map<string, number>();
  let left: Subject[] = [];

  function takeDue(): Subject | undefined {
    const now = clock.now();
    for (const [key, { subject, at }] of waiting) {
      if (at > now) continue;
      waiting.delete(key);
      return subject;
    }
    return undefined;
  }

  return {
    leave(subjects) {
      left = [...left, ...subjects.toReversed()];
    },

    write(subject) {
      const key = keyOf(subject);
      waiting.delete(key);
      waiting.set(key, { subject, at: clock.now() + settleMs, isPutOff: false });
    },

    putOff(subject) {
      const key = keyOf(subject);
      const pause = Math.min((pauses.get(key) ?? firstPauseMs / 2) * 2, longestPauseMs);
      pauses.set(key, pause);
      // Written meanwhile: then it is looked into anyway.
      if (!waiting.has(key)) waiting.set(key, { subject, at: clock.now() + pause, isPutOff: true });
    },

    done: (subject) => void pauses.delete(keyOf(subject)),
    take: () => takeDue() ?? left.pop(),
    size: () => left.length + [...waiting.values()].filter(({ isPutOff }) => !isPutOff).length,

    nextAt() {
      const times = [...waiting.values()].map(({ at }) => at);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}

function keyOf({ kind, id }: Subject): string {
  return `${kind} ${id}`;
}
