/**
 * How long what a tool fetched stays good: a context variable's freshness rules are a cron expression in UTC, and a value is stale from
 * the first tick after it was written on. Nothing here keeps time; whoever asks says what time it is.
 */
import { Cron } from 'croner';
import { InvalidFreshnessRulesError } from '../errors.ts';

/** What to do about a value: use what is stored, ask the tool, or there is none. */
export type Freshness = 'stored' | 'refresh' | 'absent';

export type FreshnessQuestion = {
  readonly hasTool: boolean;
  readonly freshnessRules: string | null;
  /** Of the stored value: ISO 8601. Null: there is none. */
  readonly lastModified: string | null;
  /** The moment of the lookup: milliseconds since 1970. */
  readonly now: number;
};

/** A value that a tool fetched, and that has no rules, is never fresh. `InvalidFreshnessRulesError`. */
export function freshnessOf({ hasTool, freshnessRules, lastModified, now }: FreshnessQuestion): Freshness {
  if (!hasTool) return lastModified === null ? 'absent' : 'stored';
  if (lastModified === null || freshnessRules === null) return 'refresh';
  const tick = tickAfter(freshnessRules, new Date(lastModified));
  return tick === null || tick.getTime() > now ? 'stored' : 'refresh';
}

/** Throws `InvalidFreshnessRulesError`, also for rules that never tick: the 31st of April. */
export function checkFreshnessRules(rules: string): void {
  if (tickAfter(rules, new Date()) === null) {
    throw new InvalidFreshnessRulesError(rules, 'the time it names never comes');
  }
}

/** Five fields or a nickname: with six, some crons mean seconds by the first and others by the last. */
const shape = /^\s*(@[a-z]+|\S+(\s+\S+){4})\s*$/i;

function tickAfter(rules: string, moment: Date): Date | null {
  if (!shape.test(rules)) {
    throw new InvalidFreshnessRulesError(rules, 'it must have minute, hour, day, month and weekday');
  }
  try {
    // An offset of zero is UTC without asking for a time zone. Sloppy is 5/15, which other crons know too.
    return new Cron(rules, { mode: '5-part', utcOffset: 0, sloppyRanges: true, paused: true }).nextRun(
      moment,
    );
  } catch (error) {
    throw new InvalidFreshnessRulesError(rules, reasonOf(error));
  }
}

/** The library counts days and months from zero in what it says of them. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, field] = /Invalid value for (\w+)/.exec(message) ?? [];
  return field ? `its ${field} is out of range` : message.replace(/^CronPattern: /, '').replace(/\.$/, '');
}
