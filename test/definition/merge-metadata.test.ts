import { assert, constantFrom, dictionary, integer, oneof, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeMetadata } from '../../src/definition/merge-metadata.ts';
import type { JsonObject } from '../../src/event-log/event.ts';

const names = constantFrom('a', 'b', 'c', '__proto__');
const values = oneof(integer(), dictionary(constantFrom('x', 'y'), integer()));
/** As they come from storage. */
const metadata = dictionary(names, values).map((made) => JSON.parse(JSON.stringify(made)) as JsonObject);

describe('metadata with several authors', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject, JsonObject]>([
    ['what the program says is there', {}, { a: 1 }, {}, { a: 1 }],
    ['what others added stays', {}, { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['the program wins where both say something', {}, { a: 1 }, { a: 2 }, { a: 1 }],
    ['what the program says no more goes', { a: 1 }, {}, { a: 1, b: 2 }, { b: 2 }],
    ['also within objects', { a: { x: 1 } }, { a: { y: 1 } }, { a: { x: 1, z: 3 } }, { a: { y: 1, z: 3 } }],
    ['an object of which nothing is left goes', { a: { x: 1 } }, {}, { a: { x: 1 } }, {}],
    ['an object with something of others stays', { a: { x: 1 } }, {}, { a: { x: 1, z: 3 } }, { a: { z: 3 } }],
    ['a list is one value', { a: [1] }, { a: [2] }, { a: [1, 3] }, { a: [2] }],
  ])('%s', (_, before, now, stored, merged) => {
    expect(mergeMetadata({ before, now, stored })).toEqual(merged);
  });

  it('is what the program says where nobody else has said anything', () => {
    assert(
      property(metadata, metadata, (before, now) => {
        expect(mergeMetadata({ before, now, stored: before })).toEqual(now);
      }),
    );
  });

  it('is settled: the same program once more changes nothing', () => {
    assert(
      property(metadata, metadata, metadata, (before, now, stored) => {
        const merged = mergeMetadata({ before, now, stored });
        expect(mergeMetadata({ before: now, now, stored: merged })).toEqual(merged);
      }),
    );
  });
});
