/**
 * A situation prepared for comparing: what the customer means by the latest words, taken alone and together with what was said before.
 * Made once per situation; everything that is asked about it is compared with the same pieces of evidence.
 */
import type { Situation } from '../../questions/situation.ts';
import { isAnswer } from '../reading/follow-up.ts';
import type { Sentence } from '../reading/sentence.ts';
import { customerTurns, messageOf, readTalk, type Talk, type Turn } from '../reading/talk.ts';
import { offersBefore } from '../values/offers.ts';
import { chosenIn } from './chosen.ts';
import { toEvidence, type Evidence } from './evidence.ts';
import { factsOf } from './facts.ts';
import { readGlossary, type Glossary } from './glossary.ts';
import { evidenceOf } from './said-evidence.ts';
import { isSubjectOfAny } from './subject.ts';
import type { Verdict } from './verdict.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

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
    isSameSubject: () => (isSame ??= isSameSubject(latest, situation, glossary)),
    verdicts: new Map(),
  };
}

function isSameSubject(latest: Turn | undefined, situation: Situation, glossary: Glossary): boolean {
  if (latest === undefined || situation.scope === undefined) return false;
  return !isSubjectOfAny(latest.text, situation, glossary);
}
