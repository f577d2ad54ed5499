/** What the customer means by the latest words: taken alone, with what was said before, and as an answer. */
import { rememberTexts } from '../../lexical/remember-texts.ts';
import { customerBefore, declinesOffer, isAnswer, isElliptic, topicTurn } from '../reading/follow-up.ts';
import { readSentence, type Sentence } from '../reading/sentence.ts';
import { agentBefore, customerTurns, lastOfAgent, messageOf, type Talk, type Turn } from '../reading/talk.ts';
import { indexWords, type WordIndex } from '../reading/word-index.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { chosenIn } from './chosen.ts';
import type { Evidence } from './evidence.ts';
import type { Glossary } from './glossary.ts';

export type Making = {
  readonly talk: Talk;
  readonly chosen: string | undefined;
  readonly glossary: Glossary;
  readonly make: (sentences: readonly Sentence[], kind: Pick<Evidence, 'factor' | 'isDirect'>) => Evidence;
};

/** The nearest first. */
export function evidenceOf(latest: Turn, making: Making): readonly Evidence[] {
  const { sentences } = messageOf(latest);
  const { make } = making;
  const meant = meantBefore(latest, making.talk);
  return [
    ...sentences.map((sentence) => {
      const evidence = make([sentence], { factor: 1, isDirect: true });
      return meant && sentence.words.some(({ text }) => pronouns.has(text))
        ? { ...evidence, meant }
        : evidence;
    }),
    ...clausesOf(sentences).map((clause) => make([clause], { factor: ofClause, isDirect: true })),
    ...(sentences.length > 1 ? [make(sentences, { factor: 0.9, isDirect: true })] : []),
    ...withBefore(latest, making),
    ...asAnswer(latest, making),
  ];
}

const ofClause = 0.97;
const between =
  /[,;:]\s+|\s[-–—]\s|\s(?:but|and|so)\s+(?=(?:i|we|you|he|she|they|can|could|please|would|will|is|are|do|does|what|when|how|where)\b)/i;
const clauseLimit = 4;

/** "We leave in June, will it work there?" tells one thing and asks another. Scraps go with what they stand beside. */
function clausesOf(sentences: readonly Sentence[]): readonly Sentence[] {
  return sentences.flatMap(({ text }) => {
    const parts = text.length > 300 ? [] : text.split(between);
    if (parts.length < 2 || parts.length > clauseLimit) return [];
    return parts.map((part) => readClause(part)).filter(({ form }) => form !== 'scrap');
  });
}

const readClause = rememberTexts(readSentence, { kept: 200 });

const pronouns = new Set(['it', 'its', 'they', 'them', 'that', 'this']);

/** What both have just spoken of. */
function meantBefore(latest: Turn, talk: Talk): WordIndex | undefined {
  const turns = [customerBefore(talk, latest), agentBefore(talk, latest)].filter(
    (turn) => turn !== undefined,
  );
  return turns.length === 0 ? undefined : indexWords(turns.flatMap((turn) => messageOf(turn).sentences));
}

/** "And on Sunday?" is understood with the message before. */
function withBefore(latest: Turn, { talk, make }: Making): readonly Evidence[] {
  const before = customerBefore(talk, latest);
  if (before === undefined || !isElliptic(latest)) return [];
  const { sentences } = messageOf(latest);
  const both = make([...messageOf(before).sentences, ...sentences], { factor: 0.9, isDirect: true });
  const form = sentences[0]?.form ?? 'scrap';
  const own = indexWords(sentences);
  return [own.byInitial.size > 0 ? { ...both, form, own } : { ...both, form }];
}

/** Who says yes wants what was asked; who answers still wants what led to the question. */
function asAnswer(latest: Turn, { talk, chosen, make, glossary }: Making): readonly Evidence[] {
  const named = chosen === undefined ? [] : [make([asWish(chosen)], { factor: 0.9, isDirect: true })];
  if (!isAnswer(talk, latest)) return named;
  const carried = declinesOffer(talk, latest) ? [] : wantedBefore(talk, latest, glossary);
  const agreed = yesOrNo(latest.text) === 'yes' ? questionsOf(lastOfAgent(talk)) : [];
  return [
    ...named,
    ...agreed.map((text) => make([asWish(text)], { factor: 0.85, isDirect: true })),
    ...carried.map((sentence) => make([sentence], { factor: 0.98, isDirect: false })),
  ];
}

/** What led to the question, and what was answered since. */
function wantedBefore(talk: Talk, latest: Turn, glossary: Glossary): readonly Sentence[] {
  const topic = topicTurn(talk);
  if (topic === undefined || topic === latest) return [];
  const since = customerTurns(talk).filter(({ at }) => at > topic.at && at < latest.at);
  const chosen = since.flatMap((turn) => chosenIn(talk, turn, glossary) ?? []);
  return [...messageOf(topic).sentences, ...chosen.map(asWish)];
}

function questionsOf(turn: Turn | undefined): readonly string[] {
  if (turn === undefined) return [];
  return messageOf(turn)
    .sentences.filter(({ text }) => text.trimEnd().endsWith('?'))
    .map(({ text }) => text);
}

function asWish(text: string): Sentence {
  return { ...readSentence(text), form: 'request' };
}
