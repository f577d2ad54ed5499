/** NEXT STEP: whether the current step is done, and which way is taken then. */
import type { NextStepInput, ShownStep, ShownTransition } from '../../questions/journeys.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { dependsOnCustomer, readAction } from '../actions/read-action.ts';
import { holds, judgeCondition } from '../conditions/judge-condition.ts';
import { readCondition } from '../conditions/read-condition.ts';
import { toScene, type Scene } from '../conditions/scene.ts';
import { enough } from '../conditions/verdict.ts';
import { asksForAnswer } from '../reading/asking.ts';
import { customerBefore, isClosing, isElliptic, namesOnly } from '../reading/follow-up.ts';
import { lastOfAgent, messageOf } from '../reading/talk.ts';
import { timesAsked } from '../reading/times-asked.ts';
import type { Sentence } from '../reading/sentence.ts';
import { smallTalkIn } from '../reading/small-talk.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import type { World } from '../world.ts';
import { judgeByResult } from './by-result.ts';
import { coverageOf } from './coverage.ts';
import { focusOf, wasAsked } from './focus.ts';
import { leaves } from './leaving.ts';
import { answersLatest, isPartTold, isToldNow } from './part-done.ts';
import { readWay } from './way.ts';

export function answerNextStep(input: NextStepInput, { now }: World): AnswerOf<'next_step'> {
  const scene = toScene(input.situation);
  const { title, triggers } = input.journey;
  const text = scene.latest?.text ?? '';
  if (!input.isBeginning && leaves(text, `${title} ${triggers.join(' ')}`))
    return answer('None', false, 'The customer does not want to go on.');
  const isDone = isCompleted(input, scene, now);
  const way = chooseWay(input, { scene, now, isDone });
  if (way)
    return answer(
      way.n,
      true,
      `The current step is done, and what comes next fits: ${way.condition || 'nothing else is asked for'}.`,
    );
  const exit = input.transitions.every(({ path }) => path.at(-1) === 'None')
    ? input.transitions[0]
    : undefined;
  if (exit && !input.isBeginning && wantsOther(scene))
    return answer(exit.n, false, 'Nothing else comes, and the customer goes on to something else.');
  if (isStuck(input, scene))
    return answer('None', false, 'It was asked twice in vain, and is not asked again in the same words.');
  if (isInterrupted(input, scene, now))
    return answer('None', false, 'The customer was spoken to about something else, and goes on with that.');
  return answer('0', isDone, isDone ? 'No way on fits what was said.' : 'The current step is not done.');
}

function wantsOther({ latest, isAnswer }: Scene): boolean {
  if (latest === undefined || isAnswer) return false;
  return messageOf(latest).sentences.some(({ form }) => form === 'question' || form === 'request');
}

/** Of a tool nobody can tell here whether it has got what it needs: it is left when something else was said than its question. */
function isStuck(input: NextStepInput, scene: Scene): boolean {
  const { current, isBeginning } = input;
  const last = lastOfAgent(scene.talk);
  if (isBeginning || last === undefined) return false;
  if (current.kind === 'tool') return !hasRun(current, scene) && (!asksForAnswer(last) || isClosing(last));
  return current.kind === 'chat' && timesAsked(last.text, scene.talk) > 1;
}

/** The agent has asked for nothing of this step just before, and the customer is with something else. */
function isInterrupted({ current, isBeginning, journey }: NextStepInput, scene: Scene, now: number): boolean {
  const { latest, chosen } = scene;
  if (isBeginning || latest === undefined || current.kind !== 'chat' || current.action === null) return false;
  const focus = focusOf(current.customerPart ?? current.action, scene);
  if (focus === 'asked') return false;
  if (focus === 'choice') return coverageOf(journey.title, chosen ?? latest.text) < 0.5;
  const isScrap = messageOf(latest).sentences.every(({ form }) => form === 'scrap');
  const isAside =
    focus === 'nothing' &&
    isScrap &&
    yesOrNo(latest.text) === undefined &&
    smallTalkIn(latest.text) === undefined;
  if (focus === 'nothing' && isOfOther(journey.triggers, scene, now)) return true;
  return focus === 'other' || yesOrNo(latest.text) === 'no' || wantsOther(scene) || isAside;
}

/** The agent knows of something else that the customer speaks of. */
function isOfOther(triggers: readonly string[], scene: Scene, now: number): boolean {
  return !scene.isSameSubject() && !triggers.some((trigger) => holds(judgeCondition(trigger, scene, now)));
}

function answer(choice: string, isDone: boolean, rationale: string): AnswerOf<'next_step'> {
  return { rationale, continues: choice !== 'None', currentCompleted: isDone, choice };
}

function isCompleted({ current, isBeginning, journey }: NextStepInput, scene: Scene, now: number): boolean {
  const { action, kind, customerPart } = current;
  if (kind === 'tool') return hasRun(current, scene);
  if (kind === 'NA' || kind === 'fork' || action === null) return true;
  const part = customerPart ?? action;
  const asks = customerPart !== undefined || dependsOnCustomer(action);
  if (isBeginning) return asks && isPartTold(part, scene, now);
  if (!asks) return lastOfAgent(scene.talk) !== undefined;
  const focus = focusOf(part, scene);
  if (focus === 'choice') return false;
  if (focus === 'other') return isToldNow(part, scene, now);
  if (focus === 'nothing')
    return !demandsAnswer(action) || isToldNow(part, scene, now) || isToldLate(part, scene);
  // A yes or no is an answer to what was asked, and to nothing else.
  if (focus === 'open' && yesOrNo(scene.latest?.text ?? '') !== undefined) return false;
  return !asksOfOther(journey.triggers, scene, now) && answersLatest(part, scene, now);
}

/** "Are you open on Saturday?" tells no day: it is what another condition of the agent is about, and not what begins the journey. */
function asksOfOther(triggers: readonly string[], scene: Scene, now: number): boolean {
  const { latest, situation } = scene;
  if (latest === undefined || !messageOf(latest).sentences.every(({ form }) => form === 'question'))
    return false;
  return (situation.scope?.conditions ?? []).some((condition) => {
    if (triggers.includes(condition) || readCondition(condition).isAlways) return false;
    const verdict = judgeCondition(condition, scene, now);
    return holds(verdict) && verdict.isDirect;
  });
}

/** It was asked before, something else came in between, and now the customer tells something. */
function isToldLate(part: string, scene: Scene): boolean {
  const { talk, latest } = scene;
  if (latest === undefined || isElliptic(latest) || yesOrNo(latest.text) !== undefined) return false;
  if (!scene.isSameSubject()) return false;
  return wasAsked(part, talk) && messageOf(latest).sentences.every(isTelling);
}

/** "Strawberry, please" as well as "I would take strawberry". */
function isTelling({ form, words }: Sentence): boolean {
  return form === 'statement' || form === 'scrap' || namesOnly(words);
}

/** "Confirm the order" may be a question or none. */
function demandsAnswer(action: string): boolean {
  return readAction(action).parts.some(({ kind }) => kind === 'ask' || kind === 'offer');
}

/** In this turn, or since the customer spoke before. */
function hasRun({ toolIds }: ShownStep, { situation, talk, latest }: Scene): boolean {
  if (situation.staged.some(({ toolId }) => toolIds.includes(toolId))) return true;
  const before = latest ? (customerBefore(talk, latest)?.at ?? -1) : -1;
  return talk.calls.some(({ toolId, at }) => at > before && toolIds.includes(toolId));
}

type Choosing = { readonly scene: Scene; readonly now: number; readonly isDone: boolean };

type Rated = {
  readonly transition: ShownTransition;
  /** Undefined: nothing is asked for. */
  readonly score: number | undefined;
};

/** A condition that holds before what asks for nothing; of equals the way that leads farthest. */
function chooseWay(input: NextStepInput, choosing: Choosing): ShownTransition | undefined {
  const { scene, now, isDone } = choosing;
  const mayGoOn = isDone || !input.isBeginning;
  const rated = input.transitions
    .map((transition) => rate(transition, input, scene, now))
    .flatMap((each) => each ?? []);
  const holding = rated.filter(({ score }) => score !== undefined && score >= enough);
  const best = farthest(holding);
  if (best && mayGoOn) return best;
  if (!isDone) return undefined;
  const open = farthest(rated.filter(({ score }) => score === undefined));
  if (open) return open;
  if (input.current.kind === 'tool')
    return judgeByResult(
      rated.map(({ transition }) => transition),
      scene,
    );
  return rated.find(({ score = 0 }) => score > 0 && score >= otherwise)?.transition;
}

/** What a way "otherwise" is rated. */
const otherwise = 0.29;

function farthest(rated: readonly Rated[]): ShownTransition | undefined {
  const best = rated.reduce<Rated | undefined>((best, each) => {
    if (best === undefined) return each;
    const difference = (each.score ?? 0) - (best.score ?? 0);
    if (difference !== 0) return difference > 0 ? each : best;
    return each.transition.path.length > best.transition.path.length ? each : best;
  }, undefined);
  return best?.transition;
}

/** Undefined: a step on the way is not done. */
function rate(
  transition: ShownTransition,
  { current }: NextStepInput,
  scene: Scene,
  now: number,
): Rated | undefined {
  const { done, edges } = readWay(transition.condition);
  const passed = done.filter((action) => action !== current.action);
  if (!passed.every((action) => isPartTold(action, scene, now))) return undefined;
  if (edges.length === 0) return { transition, score: undefined };
  return { transition, score: Math.min(...edges.map((edge) => judgeCondition(edge, scene, now).score)) };
}
