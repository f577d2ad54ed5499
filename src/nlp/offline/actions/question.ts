/** What is to be found out, as a question to the customer: "their date of birth" is "What is your date of birth?". */
import { withSubjectBehind } from './question-of-other.ts';
import { asSentence, toSecondPerson } from './second-person.ts';

/** Of what stands behind "ask for", "ask whether", "find out". */
export function toQuestion(wanted: string, customer?: string): string {
  const [left, right] = splitQuestions(wanted.trim().replace(/[.?!]+$/, ''));
  if (right !== undefined) return `${toQuestion(left, customer)} ${toQuestion(right, customer)}`;
  const text = toSecondPerson(left, customer);
  if (/^(?:whether|if)\b/i.test(text)) return yesNo(text.replace(/^(?:whether|if)\s+(?:or not\s+)?/i, ''));
  if (wh.test(text)) return asSentence(withVerbInFront(text), '?');
  return ofThing(text);
}

const wh = /^(?:(?:in|at|on|for|by|to|from|with|about) )?(?:what|which|when|where|why|how|who|whom|whose)\b/i;

/** "what size they want and whether they want sauce". */
function splitQuestions(text: string): readonly [string, string | undefined] {
  const match = /,? and (?=(?:whether|if|what|which|when|where|why|how|who)\b)/i.exec(text);
  if (!match || !(wh.test(text) || /^(?:whether|if)\b/i.test(text))) return [text, undefined];
  return [text.slice(0, match.index), text.slice(match.index + match[0].length)];
}

const auxiliaries = 'are|were|can|could|will|would|should|may|must|might|did|do|shall';

/** "you want a receipt" is "Do you want a receipt?". */
function yesNo(text: string): string {
  if (/^to (?=\w)/i.test(text)) return asSentence(`shall I ${text.slice(3)}`, '?');
  const ofYou = new RegExp(`^you (${auxiliaries})(?:n't| not)? (.+)$`, 'i').exec(text);
  if (ofYou) return asSentence(`${ofYou[1]!.toLowerCase()} you ${ofYou[2]!}`, '?');
  const perfect =
    /^you (?:have|had) (already |ever )?(\w+(?:ed|en)|been|made|had|got|seen|done) ?(.*)$/i.exec(text);
  if (perfect) return asSentence(`have you ${perfect[1] ?? ''}${perfect[2]!} ${perfect[3]!}`, '?');
  if (/^you\b/i.test(text)) return asSentence(`do ${text}`, '?');
  const ofSome = /^((?:any|one|either|some|none)(?: of \w+)?) (\w+?)s\b(.*)$/i.exec(text);
  if (ofSome && !/^(?:i|wa|ha|doe)$/i.test(ofSome[2]!))
    return asSentence(`does ${ofSome[1]!} ${ofSome[2]!}${ofSome[3]!}`, '?');
  const ofOther = /^(.+?) (is|are|was|were|has|have|can|could|will|would|should) (.+)$/i.exec(text);
  if (ofOther) return asSentence(`${ofOther[2]!} ${ofOther[1]!} ${ofOther[3]!}`, '?');
  return asSentence(`could you tell me whether ${text}`, '?');
}

/** "when you want to go" is "when do you want to go". */
function withVerbInFront(text: string): string {
  const be =
    /^(what|when|where|who|how|why) ((?:the|your|this|that|our) .+?) (is|are|was|were)( about| for| like)?$/i.exec(
      text,
    );
  if (be) return `${be[1]!} ${be[3]!} ${be[2]!}${be[4] ?? ''}`;
  const plain = text.replace(/\bones works\b/i, 'ones work');
  const at = /(?<!\b(?:for|to|with|of|from|at|on|in|by|about|suits?|fits?|help|like)) \b(you|I) (?=\w)/.exec(
    plain,
  );
  if (!at) return withSubjectBehind(plain);
  const who = at[1]!;
  const [front, rest] = [plain.slice(0, at.index), plain.slice(at.index + at[0].length)];
  const auxiliary = new RegExp(`^(${auxiliaries})(?:n't| not)? (.+)$`, 'i').exec(rest);
  if (auxiliary) return `${front} ${auxiliary[1]!} ${who} ${auxiliary[2]!}`;
  if (/^(?:have|had) (?:already )?(?:been|\w+ed)\b/i.test(rest))
    return `${front} ${rest.replace(/^(have|had)/i, `$1 ${who}`)}`;
  return `${front} do ${who} ${rest}`;
}

/** A thing that has a name: "your name", "the size", "confirmation". */
function ofThing(text: string): string {
  if (/^(?:a |the |your )?(?:confirmation|approval|consent|permission)\b/i.test(text))
    return 'Is that all right?';
  if (/^(?:more|further|additional|some)\b/i.test(text)) return asSentence(`could you give me ${text}`, '?');
  if (/^(?:your|the)\b/i.test(text)) return asSentence(`what ${isPlural(text) ? 'are' : 'is'} ${text}`, '?');
  return asSentence(
    `could you please tell me ${/^(?:an?|any|all|this|that)\b/i.test(text) ? '' : 'the '}${text}`,
    '?',
  );
}

/** By its first noun: "your dates of birth". */
function isPlural(text: string): boolean {
  const head =
    text.split(/,| (?:of|for|and|or|to|in|at|on|with|that|when|where|before|from|about)\b/i)[0] ?? '';
  return /[^siu]s$/.test(head.trim()) && !/\b(?:address|status|news)$/i.test(head.trim());
}
