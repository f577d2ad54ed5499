/** When much fails, nobody is asked for a while, and one line says so for all of it. */
import type { Clock } from '../../session/clock.ts';
import type { Subject } from './backlog.ts';

/** So many failures without a success between them are an outage. */
const mostFailures = 5;
const pauseMs = 60_000;

export interface Outage {
  isOn(): boolean;
  /** Milliseconds since 1970. */
  endsAt(): number;
  succeeded(): void;
  failed(subject: Subject, error: unknown): void;
}

export type OutageOptions = {
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: { warn(facts: object, message: string): void };
};

export function createOutage({ clock, logger }: OutageOptions): Outage {
  let inARow = 0;
  let until = 0;
  let toldAt = -Infinity;
  let untold = 0;
  return {
    isOn: () => clock.now() < until,
    endsAt: () => until,

    succeeded() {
      inARow = 0;
    },

    failed(subject, err) {
      const now = clock.now();
      inARow += 1;
      if (inARow >= mostFailures) until = now + pauseMs;
      if (now - toldAt < pauseMs) {
        untold += 1;
        return;
      }
      const others = untold > 0 ? { othersBefore: untold } : {};
      logger.warn({ ...subject, ...others, err }, 'could not be looked into; it is tried again later');
      [toldAt, untold] = [now, 0];
    },
  };
}
