import { expect, it } from 'vitest';
import { checkFreshnessRules, freshnessOf } from '../../src/entities/freshness.ts';
import { InvalidFreshnessRulesError } from '../../src/errors.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly hasTool: boolean;
  readonly freshnessRules: string | null;
  readonly lastModified: string | null;
  readonly now: string;
  readonly expected: string;
};

const decide = ({ now, ...rest }: Omit<Case, 'expected'>) => freshnessOf({ ...rest, now: Date.parse(now) });

it.each(readVectors<Case>('persistence', 'variable-freshness'))(
  '$id: $title',
  ({ expected, ...question }) => {
    expect(decide(question)).toBe(expected);
  },
);

const hourly = (lastModified: string | null, now: string) =>
  decide({ hasTool: true, freshnessRules: '0 * * * *', lastModified, now });

it('is asked anew where a tool has never been asked, or has no rules', () => {
  expect(hourly(null, '2026-01-01T10:00:00Z')).toBe('refresh');
  const lastModified = '2026-01-01T10:00:00.000001Z';
  const withoutRules = { hasTool: true, freshnessRules: null, lastModified, now: lastModified };
  expect(decide(withoutRules)).toBe('refresh');
});

it('is decided to the fraction of a second, and by the moment of the lookup', () => {
  expect(hourly('2026-01-01T09:59:59.999999Z', '2026-01-01T09:59:59.999Z')).toBe('stored');
  expect(hourly('2026-01-01T09:59:59.999999Z', '2026-01-01T10:00:00Z')).toBe('refresh');
  expect(hourly('2026-01-01T10:00:00.000001Z', '2026-01-01T10:59:59.999Z')).toBe('stored');
  expect(hourly('2026-01-01T10:00:00.000001Z', '2026-01-01T11:00:00Z')).toBe('refresh');
});

it('counts days in UTC, wherever the server stands and whatever its clocks do', () => {
  const zone = process.env['TZ'];
  try {
    for (const tz of ['Pacific/Kiritimati', 'Europe/Berlin', 'America/St_Johns']) {
      process.env['TZ'] = tz;
      const nightly = { hasTool: true, freshnessRules: '30 2 * * *', lastModified: '2026-03-29T00:00:00Z' };
      expect([tz, decide({ ...nightly, now: '2026-03-29T02:29:59Z' })]).toEqual([tz, 'stored']);
      expect([tz, decide({ ...nightly, now: '2026-03-29T02:30:00Z' })]).toEqual([tz, 'refresh']);
    }
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

it.each(['0 0 * * 7', '0 0 13 * FRI', '5/15 * * * *', '0-59/15 8-18 * JAN-MAR 1,3', '0 0 29 2 *', '@daily'])(
  'knows the rules %s',
  (rules) => {
    expect(() => checkFreshnessRules(rules)).not.toThrow();
  },
);

const fiveFields = 'it must have minute, hour, day, month and weekday';

it.each([
  ['', fiveFields],
  ['often', fiveFields],
  ['* * * *', fiveFields],
  ['0 0 6 * * *', fiveFields],
  ['2026-01-01T00:00:00', fiveFields],
  ['60 * * * *', 'its minute is out of range'],
  ['0 0 32 * *', 'its day is out of range'],
  ['0 0 0 * *', 'its day is out of range'],
  ['0 0 31 4 *', 'the time it names never comes'],
])('refuses the rules "%s": %s', (rules, reason) => {
  expect(() => checkFreshnessRules(rules)).toThrow(new InvalidFreshnessRulesError(rules, reason));
});

it.each(['*/0 * * * *', 'a b c d e', '1,,2 * * * *', '٠ 0 * * *', '9-5 * * * *', '@reboot', '@fortnightly'])(
  'refuses the rules "%s"',
  (rules) => {
    expect(() => checkFreshnessRules(rules)).toThrow(InvalidFreshnessRulesError);
  },
);
