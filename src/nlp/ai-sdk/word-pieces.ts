/** Text as it comes from a model, letter by letter or by the sentence, in pieces that are worth sending: about three words each. */

const wordsPerPiece = 3;
/** Languages without spaces have no words to count. */
const longestPiece = 24;

/** Nothing is lost or changed: the pieces, one after the other, are the text. Rejects as `deltas` does, without what was held back. */
export async function* toWordPieces(deltas: AsyncIterable<string>): AsyncIterable<string> {
  let held = '';
  for await (const delta of deltas) {
    held += delta;
    const end = endOfPiece(held);
    if (end === 0) continue;
    yield held.slice(0, end);
    held = held.slice(end);
  }
  if (held !== '') yield held;
}

/** 0: it is too short yet. A piece ends behind a blank, so that no word is torn. */
function endOfPiece(text: string): number {
  const blanks = [...text.matchAll(/\S\s+/g)];
  const last = blanks.at(-1);
  if (last && blanks.length >= wordsPerPiece) return last.index + last[0].length;
  if (text.length < longestPiece) return 0;
  return isHalfCharacter(text.at(-1) ?? '') ? text.length - 1 : text.length;
}

/** Emoji are two, and may come in two. */
function isHalfCharacter(character: string): boolean {
  return character >= '\uD800' && character <= '\uDBFF';
}
