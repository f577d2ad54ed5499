/** Terms of the agent's glossary in a text, under any of their names: what is said under one name meets what is asked for under another. */
import type { ShownTerm } from '../../questions/situation.ts';
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { toWords, type Word } from '../../lexical/words.ts';
import { properNamesIn } from '../values/patterns.ts';

/** `term`: its place in the glossary; `from` and `to`: its place in the text. */
export type Mention = {
  readonly term: number;
  readonly from: number;
  readonly to: number;
  /** By a name that its description has: "Unita" where it says "We work with Unita". */
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
type Names = ReadonlyMap<string, readonly Name[]>;

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
  return Map.groupBy(names, ({ stems }) => stems[0] ?? '');
}

function find(names: Names, text: string): readonly Mention[] {
  if (names.size === 0) return [];
  const words = toWords(text);
  return words.flatMap((word, at) =>
    (names.get(word.stem) ?? []).flatMap((name) =>
      isAt(name, words, at)
        ? [{ ...within(name), term: name.term, from: word.from, to: words[at + name.stems.length - 1]!.to }]
        : [],
    ),
  );
}

function within({ isWithin }: Name): Pick<Mention, 'isWithin'> {
  return isWithin ? { isWithin } : {};
}

function isAt({ stems }: Name, words: readonly Word[], at: number): boolean {
  return stems.every((stem, index) => words[at + index]?.stem === stem);
}
