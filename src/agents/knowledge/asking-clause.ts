/** The clause of a sentence that asks, where the others only tell: "I feel dizzy, am I entitled to sick pay?". */

export type Clauses = {
  readonly tells: string;
  readonly asks: string;
};

/**
 * Undefined: one clause, none that asks, or several that do. What stands beside must be a statement with its own subject: in "With
 * cancer, what can I eat?" or "Is it coffee, tea or milk?" nothing can be left out.
 */
export function askingClauseOf(sentence: string): Clauses | undefined {
  const clauses = sentence
    .replaceAll('’', "'")
    .split(boundary)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
  if (clauses.length < 2 || clauses.length > clauseLimit) return undefined;
  const at = clauses.findIndex((clause) => question.test(clause));
  const others = clauses.filter((_, position) => position !== at);
  if (at === -1 || others.some((clause) => question.test(clause))) return undefined;
  const isRelative =
    at > 0 && relative.test(clauses[at]!) && (at < clauses.length - 1 || !sentence.includes('?'));
  const first = others[0]!;
  if (isRelative || !statement.test(first) || (at === 0 && !others.every((clause) => statement.test(clause))))
    return undefined;
  return { tells: others.join('. '), asks: clauses[at]! };
}

const clauseLimit = 8;
const opening = '(?:(?:and|but|so|or|now|then|also|well|please) )*';
const questionWords = 'what|who|which|how|why|where|when|whose|whom';
const verbs = 'am|is|are|was|were|do|does|did|can|could|will|would|shall|should|may|must|has';
const requests =
  "tell|explain|describe|show|(?:i|we) (?:wonder|ask|want to know|would like to know)|(?:i|we)'d like to know";
const pronouns = '(?:i|you|he|she|it|we|they|there)';
const subjects = `${pronouns}(?:'\\w+)?|im|ive|my|your|his|her|our|their|this|that|these|those|the|an?`;

/** Commas and the like, and "and" or "but" before words that begin a question. */
const boundary = new RegExp(
  `[,;:–—]\\s|\\s(?=(?:and|but|so) (?:what|who|how|why|where|(?:${verbs}) (?:${subjects})) )`,
  'i',
);
const question = new RegExp(`^${opening}(?:${requests}|(?:${questionWords})(?:'?s)?|${verbs}) `, 'i');
/** "…, who is seventy" asks nothing. */
const relative = /^(?:who|which|where|when|whose|whom) /i;
const statement = new RegExp(`^${opening}(?:(?:because|since|as|although|though) )?(?:${subjects}) `, 'i');
