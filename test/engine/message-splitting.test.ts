import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitMessage } from '../../src/engine/composing/split-message.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly message: string;
  readonly expected: { readonly messages: readonly string[]; readonly pausesSeconds: readonly number[] };
};

const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
const textsOf = (message: string) => splitMessage(message).map(({ text }) => text);

describe('a text in several messages', () => {
  it.each(readVectors<Case>('message-composition', 'message-splitting'))(
    '$id $title',
    ({ message, expected }) => {
      const parts = splitMessage(message);
      expect(parts.map(({ text }) => text)).toEqual(expected.messages);
      const pauses = parts.slice(1).map(({ pauseSeconds }) => pauseSeconds);
      expect(pauses).toEqual(expected.pausesSeconds.map((seconds) => expect.closeTo(seconds, 6)));
    },
  );

  it.each([
    [10, 10, 0.5 + 1 + 10 / 50],
    [11, 10, (11 / 50) * 2 + 1 + 10 / 50],
    [10, 11, 0.5 + 2 + 11 / 50],
    [100, 60, 4 + 2 + 60 / 50],
  ])('of %i and %i words has a pause as long as writing takes', (sent, next, seconds) => {
    const [first, second] = splitMessage(`${words(sent)}\n\n${words(next)}`);
    expect([first?.pauseSeconds, second?.pauseSeconds]).toEqual([0, expect.closeTo(seconds, 6)]);
  });

  it('has no blank ones, however many lines are between the paragraphs', () => {
    expect(textsOf('a\n\n\n\nb\n\n \n\nc')).toEqual(['a', 'b', 'c']);
    expect([splitMessage(''), splitMessage(' \n\n\t')]).toEqual([[], []]);
  });

  it('loses no word and changes no order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', ' ', '\n', '\n\n', '🙂', 'ö b'), { maxLength: 30 }),
        (parts) => {
          const text = parts.join('');
          const join = (all: string) => all.replaceAll(/\s+/g, '');
          expect(join(textsOf(text).join(''))).toBe(join(text));
        },
      ),
    );
  });
});
