/** Whether somebody wants something once more. */
export function repeats(text: string): boolean {
  return /\b(?:again|another|one more|once more|a second|also|additional|new one)\b/i.test(text);
}
