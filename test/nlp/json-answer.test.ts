import { describe, expect, it } from 'vitest';
import { cleanJsonText, parseJsonAnswer } from '../../src/nlp/json-answer.ts';
import { readVectors } from '../support/vectors.ts';

describe('the JSON in an answer', () => {
  it.each(
    readVectors<{ readonly input: string; readonly expected: string }>('infrastructure', 'json-cleanup'),
  )('$id: $title', ({ input, expected }) => {
    expect(cleanJsonText(input)).toBe(expected);
  });

  it.each([
    ['as it is', '{"a":1}'],
    ['in a block', 'Sure!\n```json\n{"a":1}\n```\nDone'],
    ['in a block without a name', '```\n{"a":1}\n```'],
    ['behind a sentence', 'Here it is: {"a":1}. Anything else?'],
    ['behind a brace that opens nothing', 'The set {x} is empty: {"a":1}'],
    ['with an object in it', 'I say {"a":1} and "{" is no object'],
  ])('is found %s', (_, text) => {
    expect(parseJsonAnswer(text)).toEqual({ a: 1 });
  });

  it('keeps the fences that stand in its texts', () => {
    const answer = { text: 'Run ```json\n{}\n``` { and } "then" look' };
    expect(parseJsonAnswer(JSON.stringify(answer))).toEqual(answer);
    expect(parseJsonAnswer(`Well: ${JSON.stringify(answer)}`)).toEqual(answer);
  });

  it.each([
    ['there is none', 'I would rather not.'],
    ['there are several', '{"a":1} or {"b":2}'],
    ['it was cut off', '{"checks":[{"n":"1","appl'],
    ['only a part of what was cut off is whole', 'So: {"checks":[{"n":"1","applies":true},{"n"'],
    ['it is empty', ''],
  ])('is not made up where %s', (_, text) => {
    expect(() => parseJsonAnswer(text)).toThrow(SyntaxError);
  });
});
