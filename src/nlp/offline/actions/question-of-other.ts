/** Questions about somebody or something else than who is spoken to: "what kind of sofa the maker builds". */

const asking = String.raw`(?:(?:in|at|on|for|by|to|from|with|about) )?(?:when|where|why|what|which|how(?: (?:much|many|\p{L}+))?)(?: (?:kind|sort|type)s? of)?(?: (?!of\b|to\b|for\b|in\b|on\b|at\b|from\b|with\b|by\b)\p{L}+)?`;
const subject = String.raw`it|he|she|(?:the|a|an|this|that|our|your|his|her|its|my) \p{L}*[^s\P{L}]`;
const auxiliary = 'is|was|will|would|can|could|should|must|may|might|has|had|does|did';

const withAuxiliary = new RegExp(`^(${asking}) (${subject}) (${auxiliary}) (.+)$`, 'iu');
const withVerb = new RegExp(String.raw`^(${asking}) (${subject}) (\p{L}+[^s\P{L}]s|has)( .+)?$`, 'iu');
/** "has two doors" has something, "has grown" is over. */
const having = /^(?:has|had)$/i;
const over = /^(?:\p{L}+ly |already |ever |not )?(?:\p{L}+(?:ed|en)|been|gone|come|made|had|got|done)\b/iu;

/** "what kind of sofa the maker builds" is "what kind of sofa does the maker build". Any other form stays as it is. */
export function withSubjectBehind(text: string): string {
  const [, front = '', who = '', verb = '', rest = ''] = withAuxiliary.exec(text) ?? [];
  if (front !== '' && (!having.test(verb) || over.test(rest))) return `${front} ${verb} ${who} ${rest}`;
  const [, asked, other, does = '', more = ''] = withVerb.exec(text) ?? [];
  return asked === undefined ? text : `${asked} does ${other} ${infinitiveOf(does)}${more}`;
}

function infinitiveOf(verb: string): string {
  if (/^has$/i.test(verb)) return 'have';
  if (/[^aeiou]ies$/i.test(verb)) return `${verb.slice(0, -3)}y`;
  return verb.slice(0, /(?:ss|sh|ch|x|zz|o)es$/i.test(verb) ? -2 : -1);
}
