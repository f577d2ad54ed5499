/** Words about the customer, and to the agent, turned into words to the customer: "their order" is "your order", "you" is "I". */

/** `customer`: another noun that stands for the customer. */
export function toSecondPerson(text: string, customer?: string): string {
  const noun = customer === undefined ? nouns : `${nouns}|${escape(customer)}`;
  const form = new RegExp(
    String.raw`\b(?:(?:the|a|an|this) (?:${noun})(?:['’]s)|his or her|his\/her|their|his|her(?= \p{L}))\b|\b(?:the|a|an|this) (?:${noun}) (is|has|was|does|wants|needs|\p{L}+s)(?= )|\b(?:the|this) (?:${noun})\b|\bthey['’](re|ve|ll|d)\b|\bof them\b|\b(?:they|them|he or she|him or her|themselves|theirs|him|he|she)\b|\b(?:you are|you were|you['’]re|to you|for you|with you|from you|contact you|call you|tell you|ask you|you|your|yourself)\b`,
    'giu',
  );
  // Where the customer is named, "they" are others.
  const isNamed = new RegExp(`\\b(?:the|this) (?:${noun})\\b`, 'iu').test(text);
  const others = /^(?:they|them|themselves|theirs)\b/i;
  return capitalised(
    text.replace(form, (found, verb: string | undefined, short: string | undefined) =>
      isNamed && others.test(found) ? found : replaced(found, verb, short),
    ),
    text,
  );
}

const nouns = 'customer|user|client|caller';

const words: Readonly<Record<string, string>> = {
  they: 'you',
  them: 'you',
  he: 'you',
  she: 'you',
  him: 'you',
  'he or she': 'you',
  'him or her': 'you',
  themselves: 'yourself',
  theirs: 'yours',
  their: 'your',
  his: 'your',
  her: 'your',
  'his or her': 'your',
  'his/her': 'your',
  you: 'I',
  your: 'our',
  yourself: 'myself',
  'you are': 'I am',
  'you were': 'I was',
  "you're": 'I am',
};

const verbs: Readonly<Record<string, string>> = { is: 'are', has: 'have', was: 'were', does: 'do' };

function replaced(found: string, verb: string | undefined, short: string | undefined): string {
  const plain = found.toLowerCase().replaceAll('’', "'");
  if (short) return `you'${short}`;
  if (verb) return `you ${verbs[verb.toLowerCase()] ?? plural(verb)}`;
  if (plain === 'of them') return found;
  if (plain.endsWith("'s")) return 'your';
  const known = words[plain];
  if (known) return known;
  return plain.endsWith(' you') ? `${plain.slice(0, -4)} me` : 'you';
}

/** "wants" is "want", "tries" is "try". */
function plural(verb: string): string {
  if (verb.endsWith('ies')) return `${verb.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss)es$/.test(verb)) return verb.slice(0, -2);
  return verb.endsWith('ss') ? verb : verb.slice(0, -1);
}

function capitalised(text: string, before: string): string {
  return /^\p{Lu}/u.test(before) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}

/** With a capital letter and an end. */
export function asSentence(text: string, end = '.'): string {
  const plain = text.trim().replace(/[\s,;:]+$/, '');
  if (plain === '') return '';
  const first = `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
  return /[.!?…]["”')]?$/.test(first) ? first : `${first}${end}`;
}
