/**
 * A situation prepared for comparing: what the customer means by the latest words, taken alone and together with what was said before.
 * Made once per situation; everything that is asked about it is compared with the same pieces of evidence.
 */
import type { Situation } from '../../questions/situation.ts';
import { customerBefore, declinesOffer, isAnswer, isElliptic, topicTurn } from '../reading/follow-up.ts';
import { readSentence, type Sentence, type SentenceForm } from '../reading/sentence.ts';
import {
  agentBefore,
  customerTurns,
  lastOfAgent,
  messageOf,
  readTalk,
  type Talk,
  type Turn,
} from '../reading/talk.ts';
import { indexWords, type WordIndex } from '../reading/word-index.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { chooseOption, type Option } from '../values/options.ts';
import { offersBefore } from '../values/offers.ts';
import { factsOf } from './facts.ts';
import { readGlossary, type Glossary } from './glossary.ts';
import { isSubjectOfAny } from './subject.ts';
import type { Verdict } from './verdict.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/** Something a condition may be met by. */
export type Evidence = {
  readonly index: WordIndex;
  readonly form: SentenceForm;
  /** Terms of the glossary that are mentioned, by their places. */
  readonly terms: ReadonlySet<number>;
  readonly text: string;
  /** How much it counts, up to 1. */
  readonly factor: number;
  /** Of the latest words, not carried over from earlier ones. */
  readonly isDirect: boolean;
  /** Of the latest words alone: something of it must be met, or else nothing new is said. */
  readonly own?: WordIndex;
  /** What "it" may stand for: the words just before. */
  readonly meant?: WordIndex;
};

export type Scene = {
  readonly situation: Situation;
  readonly talk: Talk;
  /** What the customer said last. */
  readonly latest: Turn | undefined;
  /** It answers what the agent asked. */
  readonly isAnswer: boolean;
  /** What the customer may choose from. */
  readonly offers: readonly string[];
  /** Which of them the latest words name. */
  readonly chosen: string | undefined;
  readonly glossary: Glossary;
  readonly vocabulary: Vocabulary;
  /** Of the customer's latest words, as far as they go back. */
  readonly said: readonly Evidence[];
  /** What the customer told earlier. */
  readonly toldBefore: readonly Evidence[];
  readonly facts: readonly Evidence[];
  /** What the agent said. */
  readonly byAgent: readonly Evidence[];
  /** The latest words alone are about nothing that the agent has a condition for: they go on with the subject before. */
  isSameSubject(): boolean;
  /** What was found of conditions so far. */
  readonly verdicts: Map<string, Verdict>;
};

const scenes = new WeakMap<Situation, Scene>();

export function toScene(situation: Situation): Scene {
  const known = scenes.get(situation);
  if (known) return known;
  const scene = createScene(situation);
  scenes.set(situation, scene);
  return scene;
}

function createScene(situation: Situation): Scene {
  const talk = readTalk(situation);
  const { latest } = talk;
  const glossary = readGlossary(situation.terms);
  const offers = latest ? offersBefore(talk, latest) : [];
  const chosen = latest && chosenIn(talk, latest, glossary);
  let isSame: boolean | undefined;
  const make = (sentences: readonly Sentence[], kind: Pick<Evidence, 'factor' | 'isDirect'>) =>
    toEvidence(sentences, kind, glossary);
  return {
    situation,
    talk,
    latest,
    isAnswer: latest !== undefined && isAnswer(talk, latest),
    offers,
    chosen,
    glossary,
    vocabulary: readVocabulary(situation),
    said: latest ? evidenceOf(latest, { talk, chosen, glossary, make }) : [],
    toldBefore: customerTurns(talk)
      .filter((turn) => turn !== latest)
      .slice(-8)
      .flatMap((turn) => messageOf(turn).sentences)
      .filter(({ form }) => form !== 'question')
      .map((sentence) => make([sentence], { factor: 0.85, isDirect: false })),
    facts: factsOf(situation).map((sentence) => make([sentence], { factor: 1, isDirect: false })),
    byAgent: talk.turns
      .filter(({ speaker }) => speaker === 'agent')
      .slice(-8)
      .map((turn) => make(messageOf(turn).sentences, { factor: 1, isDirect: false })),
    isSameSubject: () => (isSame ??= isSameSubject(latest, situation)),
    verdicts: new Map(),
  };
}

/** Under all names that the glossary has for what is offered. */
function toOption(text: string, glossary: Glossary): Option {
  const mentions = glossary.mentionsIn(text).filter(({ isWithin }) => !isWithin);
  const synonyms = mentions.flatMap(({ term }) => glossary.terms[term]?.synonyms ?? []);
  return { text, synonyms };
}

function isSameSubject(latest: Turn | undefined, situation: Situation): boolean {
  if (latest === undefined || situation.scope === undefined) return false;
  return !isSubjectOfAny(indexWords(messageOf(latest).sentences), situation);
}

type Making = {
  readonly talk: Talk;
  readonly chosen: string | undefined;
  readonly glossary: Glossary;
  readonly make: (sentences: readonly Sentence[], kind: Pick<Evidence, 'factor' | 'isDirect'>) => Evidence;
};

/** The nearest first. */
function evidenceOf(latest: Turn, making: Making): readonly Evidence[] {
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
    ...(sentences.length > 1 ? [make(sentences, { factor: 0.9, isDirect: true })] : []),
    ...withBefore(latest, making),
    ...asAnswer(latest, making),
  ];
}

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

function chosenIn(talk: Talk, turn: Turn, glossary: Glossary): string | undefined {
  const offers = offersBefore(talk, turn);
  const choice = chooseOption(
    turn.text,
    offers.map((text) => toOption(text, glossary)),
  );
  return choice && offers[choice.at];
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

const forms: readonly SentenceForm[] = ['question', 'request', 'scrap', 'statement'];

function toEvidence(
  sentences: readonly Sentence[],
  { factor, isDirect }: Pick<Evidence, 'factor' | 'isDirect'>,
  glossary: Glossary,
): Evidence {
  const mentioned = sentences.flatMap(({ text }) => glossary.mentionsIn(text).map(({ term }) => term));
  return {
    index: indexWords(sentences),
    form: forms.find((form) => sentences.some((sentence) => sentence.form === form)) ?? 'scrap',
    terms: new Set(mentioned),
    text: sentences.map(({ text }) => text).join('\n'),
    factor,
    isDirect,
  };
}
