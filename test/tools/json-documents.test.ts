import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonDocuments, UnreadableFault } from '../../src/tools/json-documents.ts';

function readAll(pieces: readonly string[], maxChars = 16_384) {
  const documents = createJsonDocuments({ maxChars });
  const read = pieces.flatMap((piece) => documents.push(piece));
  documents.end();
  return read;
}

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), {
  maxLength: 6,
});
const separators = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

describe('JSON objects in a stream', () => {
  it('are the same however the stream was cut, with or without blanks between them', () => {
    fc.assert(
      fc.property(objects, fc.array(separators), fc.array(fc.nat(40)), (given, blanks, cuts) => {
        const text = given.map((object, at) => JSON.stringify(object) + (blanks[at] ?? '')).join('');
        const expected = given.map((object) => JSON.parse(JSON.stringify(object)));
        expect(readAll(cut(text, cuts))).toEqual(expected);
      }),
    );
  });

  it('are given out as soon as they are whole', () => {
    const documents = createJsonDocuments({ maxChars: 100 });
    expect(documents.push('{"a":"}{\\"')).toEqual([]);
    expect(documents.push('"}{"b":')).toEqual([{ a: '}{"' }]);
    expect(documents.push('{}}\n')).toEqual([{ b: {} }]);
  });

  it.each([
    ['text outside of an object', ['{"a":1} x']],
    ['a list', ['[1]']],
    ['a closing brace too many', ['{}}']],
    ['broken JSON', ['{"a":}']],
    ['mismatched brackets', ['{"a":[}']],
    ['an end in the middle', ['{"a":', '"b']],
    ['an end in the middle of an escape', ['{"a":"\\']],
  ])('are refused: %s', (_, pieces) => {
    expect(() => readAll(pieces)).toThrow(UnreadableFault);
  });

  it('are refused beyond the bound, before they are whole', () => {
    const documents = createJsonDocuments({ maxChars: 10 });
    expect(documents.push('{"a":"12"}{"a":"12')).toEqual([{ a: '12' }]);
    expect(() => documents.push('3456')).toThrow('more than 10 characters');
  });

  it('may be many: the bound is for one', () => {
    expect(
      readAll(
        Array.from({ length: 1_000 }, () => '{"a":1}'),
        7,
      ),
    ).toHaveLength(1_000);
    expect(() => readAll(['{"a":12}'], 7)).toThrow('more than 7 characters');
  });
});

/** In pieces of these lengths, again and again. */
function cut(text: string, lengths: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let turn = 0; at < text.length; turn += 1) {
    const length = lengths.length === 0 ? text.length : Math.max(1, lengths[turn % lengths.length] ?? 1);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
