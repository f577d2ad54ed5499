import { describe, expect, it } from 'vitest';
import { toWordPieces } from '../../../src/nlp/ai-sdk/word-pieces.ts';

describe('a text in pieces', () => {
  it.each([
    ['letter by letter', 'One two three four five six.', 1],
    ['in lumps', 'One two three four five six.', 9],
    ['all at once', 'One two three four five six.', 100],
    ['with paragraphs', 'One\n\ntwo three   four\n', 3],
    ['without spaces', '自行车的座位太高了，请您把它调低一点再骑行，这样会舒服得多。', 2],
    ['with signs that are two', '🙂🙃🙂🙃🙂🙃🙂🙃🙂🙃🙂🙃🙂🙃🙂🙃🙂🙃', 1],
    ['with nothing in it', '', 1],
  ])('is the text again: %s', async (_, text, size) => {
    const pieces = await split(text, size);
    expect(pieces.join('')).toBe(text);
    expect(pieces.filter((piece) => piece === '' || !piece.isWellFormed())).toEqual([]);
  });

  it('has about three words in each', async () => {
    expect(await split('One two three four five six seven', 1)).toEqual([
      'One two three ',
      'four five six ',
      'seven',
    ]);
  });

  it('is not held back where there are no words', async () => {
    const pieces = await split('自'.repeat(100), 1);
    expect(pieces.length).toBeGreaterThan(3);
  });

  it('ends where its source breaks off', async () => {
    const broken = (async function* () {
      yield 'one two three four ';
      throw new Error('cut');
    })();
    const got: string[] = [];
    const reading = (async () => {
      for await (const piece of toWordPieces(broken)) got.push(piece);
    })();
    await expect(reading).rejects.toThrow('cut');
    expect(got).toEqual(['one two three four ']);
  });
});

async function split(text: string, size: number): Promise<readonly string[]> {
  const source = (async function* () {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  })();
  const pieces: string[] = [];
  for await (const piece of toWordPieces(source)) pieces.push(piece);
  return pieces;
}
