/** The words of an agent: which of them tell much because few of its conditions have them, and what it calls its customers. */
import type { Situation } from '../../questions/situation.ts';
import { contentStems, toWords } from '../../lexical/words.ts';
import { isCustomer } from './frames.ts';
import { readCondition } from './read-condition.ts';

export type Vocabulary = {
  /** How much a word tells: 1 where one condition has it, less the more have it, at least `least`. */
  rarity(stem: string): number;
  /** Words that tell apart things of one name: "left" in "left door", where there is a right one. By the stem of the thing. */
  readonly contrasts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Stems of nouns that stand for who speaks to the agent, as conditions show: "The reader asks …". */
  readonly customers: ReadonlySet<string>;
  /** One of them as it is written; undefined: there is none. */
  readonly customer: string | undefined;
  /** Stems of what it calls itself: "the library", "the garage". */
  readonly self: ReadonlySet<string>;
  /** Stems of everything it is there for; empty: nobody told. */
  readonly topics: ReadonlySet<string>;
};

const least = 0.5;
/** Fewer conditions tell nothing of what is rare. */
const fewest = 5;

export const noVocabulary: Vocabulary = {
  rarity: () => 1,
  contrasts: new Map(),
  customers: new Set(),
  customer: undefined,
  self: new Set(),
  topics: new Set(),
};

const read = new WeakMap<NonNullable<Situation['scope']>, Vocabulary>();

/** Of the agent's whole scope, read once; without one, as far as the glossary and the like tell. */
export function readVocabulary(situation: Situation): Vocabulary {
  const { scope } = situation;
  if (scope === undefined) return noVocabulary;
  const known = read.get(scope);
  if (known) return known;
  const vocabulary = {
    ...toVocabulary(scope.conditions, topicTexts(situation)),
    self: new Set(contentStems(situation.agent.name)),
    contrasts: contrastsIn([...scope.conditions.map(spokenOf), ...situation.terms.map(({ name }) => name)]),
  };
  read.set(scope, vocabulary);
  return vocabulary;
}

function toVocabulary(
  conditions: readonly string[],
  topics: readonly string[],
): Omit<Vocabulary, 'self' | 'contrasts'> {
  const counts = countConditions(conditions);
  const whole = Math.log(1 + conditions.length);
  const nouns = conditions.flatMap((condition) => customerIn(condition) ?? []);
  return {
    rarity(stem) {
      const count = counts.get(stem) ?? 1;
      if (conditions.length < fewest || count < 2) return 1;
      return least + (1 - least) * (Math.log(1 + conditions.length / count) / whole);
    },
    customers: new Set(nouns.flatMap((noun) => toWords(noun).map(({ stem }) => stem))),
    customer: nouns.find((noun) => !isCustomerWord(noun)),
    topics: new Set([...topics, ...conditions.map(spokenOf)].flatMap(contentStems)),
  };
}

function topicTexts({ agent, scope, terms, capabilities }: Situation): readonly string[] {
  return [
    agent.description ?? '',
    ...(scope?.journeys ?? []).flatMap(({ title, description }) => [title, description]),
    ...terms.flatMap(({ name, description, synonyms }) => [name, description, ...synonyms]),
    ...capabilities.flatMap(({ title, description }) => [title, description]),
  ];
}

function countConditions(conditions: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const condition of new Set(conditions))
    for (const stem of new Set(contentStems(spokenOf(condition))))
      counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return counts;
}

/** What is left of a condition without its frame. A condition that is about other topics tells nothing of the agent's. */
function spokenOf(condition: string): string {
  return readCondition(condition)
    .anyOf.flat()
    .flatMap(({ contents }) => contents.map(({ text }) => text))
    .join(' ');
}

/** Only where the verb cannot be one of anything else: "The parcel is …" stands for nobody. */
const naming =
  /^(?:when(?:ever)? |if )?the (\p{L}+) (?:wants|asks|says|needs|inquires|mentions|requests|wishes|would like|is asking|is looking|wonders|complains|confirms|asked|wanted)\b/iu;

function customerIn(condition: string): string | undefined {
  return naming.exec(condition)?.[1]?.toLowerCase();
}

function isCustomerWord(noun: string): boolean {
  return toWords(noun).every(isCustomer);
}

/** Things that stand with two words or more before them. */
function contrastsIn(texts: readonly string[]): Vocabulary['contrasts'] {
  const found = new Map<string, Set<string>>();
  for (const text of texts) {
    const words = toWords(text);
    for (const [at, word] of words.entries()) {
      const next = words[at + 1];
      if (word.kind !== 'content' || next?.kind !== 'content' || next.from > word.to + 1) continue;
      found.set(next.stem, (found.get(next.stem) ?? new Set()).add(word.stem));
    }
  }
  return new Map([...found].filter(([, words]) => words.size > 1));
}
