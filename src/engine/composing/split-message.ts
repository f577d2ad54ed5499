/** How a text is sent as several messages, with pauses as long as somebody needs who writes them. */

export type MessagePart = {
  readonly text: string;
  /** Before it is sent, after the part in front of it; 0 for the first. */
  readonly pauseSeconds: number;
};

/** At blank lines. A blank text has no parts. */
export function splitMessage(text: string): readonly MessagePart[] {
  const texts = text
    .trim()
    .split('\n\n')
    .filter((each) => each.trim() !== '');
  return asParts(texts);
}

/** Texts that were split before. */
export function asParts(texts: readonly string[]): readonly MessagePart[] {
  return texts.map((each, index) => ({ text: each, pauseSeconds: pauseBetween(texts[index - 1], each) }));
}

/** Who has read what was sent begins to write, and writes for as long as it takes. */
function pauseBetween(sent: string | undefined, next: string): number {
  if (sent === undefined) return 0;
  const sentWords = countWords(sent);
  const nextWords = countWords(next);
  const reading = sentWords <= fewWords ? 0.5 : (sentWords / wordsPerStep) * 2;
  const beginning = nextWords <= fewWords ? 1 : 2;
  return reading + beginning + nextWords / wordsPerStep;
}

const fewWords = 10;
const wordsPerStep = 50;

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
