/**
 * How much room a text takes, estimated from its characters: the server has no fonts, and the same machine must always give the same
 * picture. The widths are those of DejaVu Sans, which few fonts that a browser would choose exceed.
 */

/** Font sizes the picture is made for, px: names of states, which are bold, and labels. */
const NAME_SIZE = 13;
const LABEL_SIZE = 11;
const BOLD = 1.12;
/** Height of a line of a label, px. */
export const LABEL_LINE = 14;

/** In parts of the font size. */
const NARROW = 0.33;
const USUAL = 0.62;
const CAPITAL = 0.72;
const WIDE = 0.98;

/** Of the name of a state, in whole pixels. */
export function nameWidth(name: string): number {
  return textWidth(name, NAME_SIZE * BOLD);
}

/** Of a line of a label, in whole pixels. */
export function labelWidth(line: string): number {
  return textWidth(line, LABEL_SIZE);
}

function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return Math.ceil(width * fontSize);
}

function widthOf(character: string): number {
  if (/[iljftr .,:;'|!()[\]-]/.test(character)) return NARROW + (/[ftr[\]()]/.test(character) ? 0.08 : 0);
  if (/[mwMW@%]/.test(character) || character > '\u{2fff}') return WIDE;
  return /[A-Z]/.test(character) ? CAPITAL : USUAL;
}
