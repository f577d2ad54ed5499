/** Cuts a text where a speaker would pause: every three to seven words, at punctuation if there is any. */

const [fewest, most] = [3, 7];

/** The parts together are the text, spaces and line ends included. */
export function toWordGroups(text: string): readonly string[] {
  const groups: string[] = [];
  let words = 0;
  let group = '';
  for (const [word] of text.matchAll(/\s*\S+\s*/g)) {
    group += word;
    words += 1;
    if (words >= most || (words >= fewest && /[.,;:!?]["”’)]?\s*$/.test(word)) || word.includes('\n')) {
      groups.push(group);
      [group, words] = ['', 0];
    }
  }
  return group === '' ? groups : [...groups, group];
}
