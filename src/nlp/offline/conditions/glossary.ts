/** Terms of the agent's glossary in a text, under any of their names: what is said under one name meets what is asked for under another. */
import type { ShownTerm } from '../../questions/situation.ts';
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { isOfOneFamily } from '../../lexical/related-words.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import { properNamesIn } from '../values/patterns.ts';

/** `term`: its place in the glossary; `from` and `to`: its place in the text. */
export type Mention = {
  readonly term: number;
  readonly from: number;
  readonly to: number;
  /** By a name that its description has: "Oslo" where it says "We deliver to Oslo". */
  readonly isWithin?: true;
};

export type Glossary = {
  readonly terms: readonly ShownTerm[];
  mentionsIn(text: string): readonly Mention[];
};

const read = new WeakMap<readonly ShownTerm[], Glossary>();

/** Read once per list of terms. */
export function readGlossary(terms: readonly ShownTerm[]): Glossary {
  const known = read.get(terms);
  if (known) return known;
  const names = namesOf(terms);
  const glossary = { terms, mentionsIn: rememberTexts((text) => find(names, text), { kept: 1_000 }) };
  read.set(terms, glossary);
  return glossary;
}

type Name = { readonly stems: readonly string[]; readonly term: number; readonly isWithin?: true };
type Names = {
  readonly byStem: ReadonlyMap<string, readonly Name[]>;
  /** Names of one word, by their first letters: words of one family stand for them. */
  readonly byBeginning: ReadonlyMap<string, readonly (Name & { readonly text: string })[]>;
};

/** By first stem. Names of nothing but everyday words would be found everywhere. */
function namesOf(terms: readonly ShownTerm[]): Names {
  const names = terms.flatMap(({ name, description, synonyms }, term): Name[] => [
    ...[name, ...synonyms].flatMap((text) => {
      const words = toWords(text);
      const tells = words.some(({ kind }) => kind === 'content') || words.length > 1;
      return tells ? [{ stems: words.map(({ stem }) => stem), term }] : [];
    }),
    ...properNamesIn(description).map(({ value }) => ({
      stems: toWords(value).map(({ stem }) => stem),
      term,
      isWithin: true as const,
    })),
  ]);
  const single = terms.flatMap(({ name, synonyms }, term) =>
    [name, ...synonyms].flatMap((text) => {
      const [word, ...others] = toWords(text);
      return word && others.length === 0 && word.kind === 'content'
        ? [{ stems: [word.stem], term, text: word.text }]
        : [];
    }),
  );
  return {
    byStem: Map.groupBy(names, ({ stems }) => stems[0] ?? ''),
    byBeginning: Map.groupBy(single, ({ text }) => text.slice(0, beginning)),
  };
}

const beginning = 4;

function find({ byStem, byBeginning }: Names, text: string): readonly Mention[] {
  if (byStem.size === 0) return [];
  const words = toWords(text);
  return words.flatMap((word, at) =>
    [...(byStem.get(word.stem) ?? []), ...ofFamily(byBeginning, word)].flatMap((name) =>
      isAt(name, words, at)
        ? [{ ...within(name), term: name.term, from: word.from, to: words[at + name.stems.length - 1]!.to }]
        : [],
    ),
  );
}

function ofFamily(names: Names['byBeginning'], word: Word): readonly Name[] {
  const near = names.get(word.text.slice(0, beginning)) ?? [];
  return near.filter(({ text, stems }) => stems[0] !== word.stem && isOfOneFamily(text, word.text));
}

function within({ isWithin }: Name): Pick<Mention, 'isWithin'> {
  return isWithin ? { isWithin } : {};
}

function isAt({ stems }: Name, words: readonly Word[], at: number): boolean {
  if (stems.length === 1) return true; // found by it, or by its family
  return stems.every((stem, index) => words[at + index]?.stem === stem);
}
