/** What is known that answers the customer's latest words: the sentences that speak of most of what was asked, as they stand. */
import { senseNamed, sensesOf } from '../../lexical/senses.ts';
import type { SpokenWord } from '../reading/sentence.ts';
import { readMessage } from '../reading/message.ts';
import { messageOf } from '../reading/talk.ts';
import { findWord, indexWords, type WordIndex } from '../reading/word-index.ts';
import { rememberTexts } from '../../lexical/remember-texts.ts';
import type { Scene } from '../conditions/scene.ts';
import { knownThings, type KnownThing } from './known-things.ts';

const sentenceLimit = 3;
/** How much of what was asked an answer must speak of. */
const enough = 0.55;
const near = 0.6;

/** Undefined: nothing known speaks of it. */
export function answerQuestion(scene: Scene): string | undefined {
  const { latest, situation } = scene;
  if (latest === undefined) return undefined;
  const asked = messageOf(latest).sentences.filter(({ form }) => form !== 'statement');
  const words = askedWords(asked.flatMap((sentence) => sentence.words));
  if (!words.some(({ weight }) => weight === 1)) return undefined;
  const things = knownThings(situation).map((thing) => ({ thing, score: scoreOf(thing, words) }));
  const best = things.reduce((best, each) => (each.score > best.score ? each : best), things[0] ?? none);
  return best.score >= enough && best.thing ? quote(best.thing, words) : undefined;
}

const none = { thing: undefined, score: 0 };

type Asked = { readonly word: SpokenWord; readonly weight: number };

const asking = new Set((['time', 'place', 'price', 'duration', 'number'] as const).map(senseNamed));

/** "When", "where" and the like are asked for as well. */
function askedWords(words: readonly SpokenWord[]): readonly Asked[] {
  const seen = new Set<string>();
  return words.flatMap((word) => {
    if (seen.has(word.stem)) return [];
    seen.add(word.stem);
    if (word.kind === 'content') return [{ word, weight: 1 }];
    if (word.kind === 'function' && sensesOf(word).some((sense) => asking.has(sense)))
      return [{ word, weight: 0.5 }];
    return word.kind === 'plain' ? [{ word, weight: 0.15 }] : [];
  });
}

function scoreOf({ names, sentences, kind }: KnownThing, words: readonly Asked[]): number {
  const index = indexOfText(`${names}\n${sentences.join('\n')}`);
  const score = coverage(words, index);
  return kind === 'capability' ? score * 0.8 : score;
}

const indexOfText = rememberTexts((text: string) => indexWords(readMessage(text).sentences), { kept: 500 });

function coverage(words: readonly Asked[], index: WordIndex): number {
  const total = words.reduce((sum, { weight }) => sum + weight, 0);
  const met = words.reduce(
    (sum, { word, weight }) => sum + weight * (findWord(index, word)?.nearness ?? 0),
    0,
  );
  return total === 0 ? 0 : met / total;
}

/** A short text as a whole; of a longer one its best sentences, in its order. */
function quote(thing: KnownThing, words: readonly Asked[]): string {
  if (thing.kind !== 'passage' || thing.sentences.length <= 2) return thing.tell('');
  const rated = thing.sentences.map((text, at) => ({ text, at, score: coverage(words, indexOfText(text)) }));
  const best = Math.max(...rated.map(({ score }) => score));
  return rated
    .filter(({ score }) => score >= best * near)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, sentenceLimit)
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text)
    .join(' ');
}
