import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newEventId, newId, newTraceId, offsetIn } from '../../src/event-log/ids.ts';

describe('identifiers', () => {
  it('have the forms of the wire', () => {
    expect(newId()).toMatch(/^[0-9A-Za-z]{10}$/);
    expect(newEventId(0)).toMatch(/^[0-9A-Za-z]{10}$/);
    expect(newTraceId()).toMatch(/^[0-9a-f]{32}$/);
  });

  it('of events made by the log say their offset', () => {
    const made = fc.property(
      fc.integer({ min: 0, max: 62 ** 5 - 1 }),
      (offset) => offsetIn(newEventId(offset)) === offset,
    );
    expect(fc.check(made)).toMatchObject({ failed: false });
  });

  it('of other forms say none', () => {
    expect(['', 'short', 'far too long for one', '12345-----', '12345äöüßé'].map(offsetIn)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});
