/** Whether one clause of a condition holds: each kind in its own way, by the customer's latest words, what led to them, and what is known. */
import { hasFarewell, hasGreeting, hasThanks, smallTalkIn } from '../reading/small-talk.ts';
import { customerTurns, lastOfAgent, messageOf } from '../reading/talk.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import type { Clause, Content } from './condition.ts';
import { judgeChoice, judgeGiven, rejects } from './judge-answer.ts';
import type { Meeting } from './manner.ts';
import { meetContent } from './meet-content.ts';
import type { Evidence } from './evidence.ts';
import type { Scene } from './scene.ts';
import { bestOf, certainly, nothing, type Verdict } from './verdict.ts';

/** Below `enough`: taken only where nothing else holds. */
const lastResort = 0.3;

export function judgeClause(clause: Clause, scene: Scene, now: number): Verdict {
  const { latest } = scene;
  if (clause.about === 'agent') return judgeAgent(clause, scene);
  if (clause.kind === 'otherwise') return certainly(lastResort);
  if (clause.kind === 'begin') return isBeginning(scene) ? certainly() : nothing;
  if (clause.kind === 'state') return judgeState(clause, scene);
  if (latest === undefined) return nothing;
  const { text } = latest;
  switch (clause.kind) {
    case 'ask':
    case 'want':
    case 'say':
      return spokenOf(clause, scene.said, scene);
    case 'give':
      return judgeGiven(clause, scene, now);
    case 'choose':
      return judgeChoice(clause, scene, now);
    case 'confirm':
      return lastOfAgent(scene.talk) && yesOrNo(text) === (clause.isDenied ? 'no' : 'yes')
        ? certainly()
        : nothing;
    case 'reject':
      return lastOfAgent(scene.talk) && rejects(scene) !== clause.isDenied ? certainly(0.9) : nothing;
    case 'greet':
      return hasGreeting(text) ? certainly() : nothing;
    case 'thank':
      return hasThanks(text) ? certainly() : nothing;
    case 'leave':
      return hasFarewell(text) ? certainly() : nothing;
    case 'offTopic':
      return isOffTopic(scene) ? certainly(0.8) : nothing;
    case 'unclear':
      return isVague(scene) ? certainly(0.7) : nothing;
    default:
      return nothing;
  }
}

/** Nobody has spoken before, or only to greet. */
function isBeginning({ talk }: Scene): boolean {
  return customerTurns(talk).length <= 1 && lastOfAgent(talk) === undefined;
}

function spokenOf(clause: Clause, evidences: readonly Evidence[], scene: Scene): Verdict {
  const { kind, isDenied, contents, excluded } = clause;
  if (contents.length === 0) return nothing;
  if (isExcluded(excluded, evidences, scene)) return nothing;
  return meetAny(contents, evidences, { kind, isDenied }, scene);
}

function meetAny(
  contents: readonly Content[],
  evidences: readonly Evidence[],
  meeting: Meeting,
  scene: Scene,
): Verdict {
  return bestOf(
    evidences.flatMap((evidence) =>
      contents.map((content) => meetContent(content, evidence, meeting, scene)),
    ),
  );
}

function isExcluded(excluded: readonly Content[], evidences: readonly Evidence[], scene: Scene): boolean {
  if (excluded.length === 0) return false;
  const said = evidences.filter(({ isDirect }) => isDirect);
  return meetAny(excluded, said, { kind: 'say', isDenied: false }, scene).score >= 0.5;
}

/** Whoever asks whether there are results does not tell that there are; once a tool has been asked, that counts. */
function tells({ isDirect, form }: Evidence, { situation }: Scene): boolean {
  return isDirect && !(form === 'question' && situation.staged.length > 0);
}

/** What is the case may be known from variables, from tools, or from what the customer told before. */
function judgeState(clause: Clause, scene: Scene): Verdict {
  const isOfCustomer = clause.about === 'customer';
  const told = isOfCustomer ? scene.toldBefore : [];
  const own = isOfCustomer ? scene.said : scene.said.filter((evidence) => tells(evidence, scene));
  return spokenOf(clause, [...own, ...scene.facts, ...told], scene);
}

/** What the agent has said, or is likely to say: the latter is guessed from what the customer speaks of. */
function judgeAgent(clause: Clause, scene: Scene): Verdict {
  const meeting: Meeting = { kind: 'say', isDenied: false, verbsAreOptional: true };
  const isPast = clause.isPast;
  const verdict = meetAny(clause.contents, isPast ? scene.byAgent : scene.said, meeting, scene);
  return clause.isDenied ? { ...verdict, score: 1 - verdict.score } : verdict;
}

/** Wants something, and nothing of it is what the agent is there for. */
function isOffTopic({ latest, vocabulary, isAnswer, glossary, situation }: Scene): boolean {
  if (latest === undefined || isAnswer || smallTalkIn(latest.text) !== undefined) return false;
  if (vocabulary.topics.size === 0 || glossary.mentionsIn(latest.text).length > 0) return false;
  if (situation.staged.length > 0) return false;
  const words = messageOf(latest).words.filter(({ kind }) => kind === 'content');
  const known = words.filter(({ stem }) => vocabulary.topics.has(stem));
  return words.length > 0 && known.length * 4 <= words.length - 1;
}

/** Wants something, and does not say what. */
function isVague({ latest, isAnswer }: Scene): boolean {
  if (latest === undefined || isAnswer) return false;
  const kind = smallTalkIn(latest.text);
  if (kind !== undefined) return kind === 'abilities';
  return messageOf(latest).words.every((word) => word.kind !== 'content');
}
