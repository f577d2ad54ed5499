/** A condition cut into clauses, with what only explains or excepts taken out. Still text; what a clause means is read elsewhere. */
import { auxiliaryVerbs, frameVerbs } from './frames.ts';

export type RawClause = {
  readonly text: string;
  /** "such as …": each of them alone will do. */
  readonly examples: readonly string[];
  /** "unless …", "but not …". */
  readonly excluded: readonly string[];
};

const connectors =
  /^(?:(?:only |just )?(?:when(?:ever)?|if|once|in case|as soon as|while|after|every time|each time|any ?time|where|given that|assuming|provided that|it is the case that)\s+)+/i;
const frame = `(?:${frameVerbs.join('|')})`;
const finite = `(?:${[...auxiliaryVerbs, ...frameVerbs].join('|')})`;
const subject = `(?:(?:the|a|an|this|that|their|his|her|your|our|any|no|some) (?:[\\p{L}'’-]+ ){1,3}?|they |he |she |it |it's |you |we |there |someone |customers? |users? )`;
const adverbs = '(?:also |already |just |still |explicitly |then |not |currently |clearly )?';
const withSubject = `(?:when |if )?${subject}${adverbs}${finite}\\b|it['’]s `;
const begin = `(?:${withSubject}|${adverbs}${finite}\\b)`;
/** "declined or is still open" is one clause. */
const other = `(?:${withSubject}|${adverbs}${frame}\\b)`;
const alternatives = new RegExp(
  `,?\\s+or\\s+(?=${other})|,\\s+or\\s+(?=\\p{L}{3,}s (?:an?|the|their|his|her|to|about|for|that|with|\\p{L}+)\\b)`,
  'iu',
);
const hasSubject = new RegExp(`^(?:when |if )?${subject}`, 'iu');
const conjunctions = new RegExp(
  `(?:,?\\s+(?:and|but|while|although|though|yet)\\s+|;\\s+|,\\s+)(?=${begin})`,
  'iu',
);
const exception =
  /,?\s+(?:unless|except(?: for| when| if| where)?|but not(?: about| for| if| when| to)?|other than|excluding|apart from|not including)\s+(.*)$/i;
const example =
  /\s*[([,:–—-]*\s*(?:\be\.g\.,?|\bi\.e\.,?|\beg\b,?|\bie\b,?|\bfor example,?|\bfor instance,?|\bsuch as\b|\bincluding\b|\bnamely\b)\s+([^)\]]*)[)\]]?/i;
/** "…: this, that, or the other". */
const listed = /\s*:\s+([^:]*,[^:]*)$/;
const aside = /\s*[([]([^)\]]*)[)\]]/;

/** Ways in which it may hold, each with all clauses that then must hold. */
export function splitCondition(text: string): readonly (readonly RawClause[])[] {
  const plain = text
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]+$/, '');
  return withSubjects(plain.split(alternatives)).map((way) =>
    way
      .replace(connectors, '')
      .split(conjunctions)
      .map((clause) => toRaw(clause.replace(connectors, '')))
      .filter((clause) => clause.text !== ''),
  );
}

/** "The customer lost a key, or it broke, or wants another": each way on its own. */
function withSubjects(ways: readonly string[]): readonly string[] {
  return ways.map((way, at) => {
    const before = ways[at - 1];
    if (before === undefined) return way;
    const thing =
      /\b(?:(?:about|regarding|for|of|with) )?((?:(?:an?|the|their|his|her) \p{L}+(?: \p{L}+)?)|(?<=(?:about|regarding|for|of|with) )\p{L}+(?: \p{L}+)?)$/iu.exec(
        before,
      )?.[1];
    const named = thing ? way.replace(/\b(?:it|ones?|them)\b(?! of)/i, thing) : way;
    return hasSubject.test(named) ? named : `the customer ${named}`;
  });
}

function toRaw(clause: string): RawClause {
  const [withoutExamples, examples] = takeOut(clause, example);
  const [withoutList, items] = takeOut(withoutExamples, listed);
  const [withoutAside, asides] = takeOut(withoutList, aside);
  const [rest, excluded] = takeOut(withoutAside, exception);
  return { text: rest.trim(), examples: [...examples, ...items, ...asides], excluded };
}

function takeOut(text: string, form: RegExp): readonly [string, readonly string[]] {
  const match = form.exec(text);
  if (!match) return [text, []];
  return [text.replace(form, ' '), enumeration(match[1] ?? '')];
}

/** "a, b, or c". */
export function enumeration(text: string): readonly string[] {
  return text
    .split(/\s*[,;]\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+|\s*\/\s*/i)
    .map((each) => each.trim().replace(/^["'“]|["'”.]$/g, ''))
    .filter((each) => each !== '' && !/^etc$/i.test(each));
}
