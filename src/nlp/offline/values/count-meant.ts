/** "All of them", "both" and "none" as counts, where somebody asked how many there are. */
import { toSentences } from '../reading/message.ts';
import { numbersIn } from './numbers.ts';

const counting = /\bhow many\b|\bthe number of\b/i;
const said = (words: string) =>
  new RegExp(
    String.raw`^\W*(?:(?:well|ok|okay|yes|no|oh|i|we|can|could|do|did|have|find|found|see|saw|got|just|really|i['’]ve|absolutely) )*(?:${words})(?: (?:of )?(?:them|these|those|it))?(?: (?:i think|please|really|are there|were there))?\W*$`,
    'i',
  );
const all = said('all|everything|each|every one|every single one');
const none = said('none|nothing|zero|not one|not a single one|not any');
const both = said('both');

/** In digits. `asked`: what the agent said before. Undefined: it means no count, or one that nobody has named. */
export function countMeant(text: string, asked: string): string | undefined {
  const question = toSentences(asked).findLast((sentence) => sentence.trimEnd().endsWith('?')) ?? '';
  if (!counting.test(question)) return undefined;
  if (none.test(text)) return '0';
  if (both.test(text)) return '2';
  return all.test(text) ? (largestOf(question) ?? largestOf(asked)) : undefined;
}

/** "From 0 to 4", "of the four": never an amount with a fraction. */
function largestOf(text: string): string | undefined {
  const counts = numbersIn(text)
    .map(({ value }) => value)
    .filter((value) => Number.isInteger(value) && value > 0);
  return counts.length === 0 ? undefined : String(Math.max(...counts));
}
