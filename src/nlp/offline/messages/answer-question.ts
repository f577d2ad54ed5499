/** What is known that answers the customer's latest words: the sentences that speak of most of what was asked, as they stand. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import type { Scene } from '../conditions/scene.ts';
import { readMessage } from '../reading/message.ts';
import { indexWords } from '../reading/word-index.ts';
import { askedWords, coverage, type AskedWord } from './asked-words.ts';
import { knownThings, type KnownThing } from './known-things.ts';

const sentenceLimit = 3;
/** How much of what was asked an answer must speak of. */
const enough = 0.55;
const sure = 0.7;
const near = 0.75;

/** Undefined: nothing known speaks of it. `isFollowed`: guidelines have something to say already; then it must be sure. */
export function answerQuestion(
  scene: Scene,
  { isFollowed }: { readonly isFollowed: boolean },
): string | undefined {
  const words = askedWords(scene);
  if (!words.some(({ isThing }) => isThing)) return undefined;
  const things = knownThings(scene.situation).filter(({ kind }) => !isFollowed || kind !== 'capability');
  const rated = things.map((thing) => ({ thing, score: scoreOf(thing, words) }));
  const best = rated.reduce<(typeof rated)[number] | undefined>(
    (best, each) => (best && best.score >= each.score ? best : each),
    undefined,
  );
  return best && best.score >= (isFollowed ? sure : enough) ? quote(best.thing, words) : undefined;
}

/** Of a passage, what bears on the question; everything else is told as it is. */
export function quoteFor(thing: KnownThing, scene: Scene): string {
  return quote(thing, askedWords(scene));
}

function scoreOf(thing: KnownThing, words: readonly AskedWord[]): number {
  const { names, synonyms = '', sentences, kind, isNew } = thing;
  const score = coverage(words, indexOf(`${names}\n${synonyms}\n${sentences.join('\n')}`));
  // What a tool said earlier answered another question.
  if (kind === 'data' && !isNew) return score * 0.6;
  return kind === 'capability' ? score * 0.8 : score;
}

const indexOf = rememberTexts((text: string) => indexWords(readMessage(text).sentences), { kept: 500 });

/** What few of the sentences speak of tells which of them is meant. */
function byRarity(words: readonly AskedWord[], sentences: readonly string[]): readonly AskedWord[] {
  return words.map((word) => {
    const count = sentences.filter((text) => coverage([word], indexOf(text)) > 0).length;
    return { ...word, weight: word.weight / Math.max(1, count) };
  });
}

/** A short text as a whole; of a longer one its best sentences, in its order. */
function quote(thing: KnownThing, words: readonly AskedWord[]): string {
  if (thing.kind !== 'passage' || thing.sentences.length < 2) return thing.tell('');
  const telling = byRarity(words, thing.sentences);
  const rated = thing.sentences.map((text, at) => ({ text, at, score: coverage(telling, indexOf(text)) }));
  const best = Math.max(...rated.map(({ score }) => score));
  if (best === 0) return thing.tell('');
  return rated
    .filter(({ score }) => score >= best * near)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, sentenceLimit)
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text)
    .join(' ');
}
