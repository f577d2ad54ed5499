/** Going back: whether the customer changes what an earlier step was about, takes up what was left, or wants the whole again. */
import type { BacktrackInput } from '../../questions/journeys.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { holds, judgeCondition } from '../conditions/judge-condition.ts';
import { toScene, type Scene } from '../conditions/scene.ts';
import { isElliptic } from '../reading/follow-up.ts';
import { messageOf } from '../reading/talk.ts';
import type { World } from '../world.ts';
import { choosesOf, findTarget, isAsking, tellsAnew, type Step } from './backtrack-target.ts';
import { wayFrom } from './backtrack-way.ts';
import { coverageOf } from './coverage.ts';
import { leaves } from './leaving.ts';

const changing =
  /\b(?:actually|instead|rather|change|changed|switch|different|correct(?:ion)?|i meant|i mean|mistake|wrong|on second thou?ght|make (?:it|that)|update|not .{1,40} but|the other|go back|back to|previous|earlier step|redo|edit|modify)\b|^\W*(?:(?:oh|no|hm|ok|sorry|well)\W+)*wait\b/i;
/** A question changes something only where it says so. */
const askingToChange = /\b(?:change|switch|different|go back|redo|edit|modify|correct|instead|another)\b/i;
const resuming = /\b(?:continue|go on|resume|carry on|back to|where were we|as i said|pick up|proceed)\b/i;
const repeating = /\b(?:again|another|one more|once more|a second|also|new one)\b/i;

export function answerBacktrackCheck(input: BacktrackInput, { now }: World): AnswerOf<'backtrack_check'> {
  const scene = toScene(input.situation);
  const text = scene.latest?.text ?? '';
  if (text === '' || leaves(text, input.journey.title)) return no('Nothing of it is to be done again.');
  const found = findTarget(input, scene, now);
  const target = found && (changes(scene) || takesAfterAll(found, input, scene)) ? found : undefined;
  if (target)
    return {
      rationale: `The latest message changes step ${target.index}.`,
      requiresBacktracking: true,
      sameProcess: true,
    };
  if (beginsAnew(input, scene, now))
    return {
      rationale: 'The customer wants another one before this one is done.',
      requiresBacktracking: true,
      sameProcess: false,
    };
  if (input.previousPath.at(-1) !== null) return no('Nothing that was decided is changed.');
  const isWanted = isWantedNow(input, scene, now);
  if (resuming.test(text) && !repeating.test(text) && (isWanted || isAbout(text, input)))
    return {
      rationale: 'The customer wants to go on where it was left.',
      requiresBacktracking: true,
      sameProcess: true,
    };
  if (!isWanted) return no('Nobody wants it again.');
  return {
    rationale: 'The customer wants the same thing once more.',
    requiresBacktracking: true,
    sameProcess: false,
  };
}

function isWantedNow({ journey }: BacktrackInput, scene: Scene, now: number): boolean {
  return journey.triggers.some((trigger) => {
    const verdict = judgeCondition(trigger, scene, now);
    return holds(verdict) && verdict.isDirect;
  });
}

/** "I want to check another paper", in the middle of one. */
function beginsAnew(input: BacktrackInput, scene: Scene, now: number): boolean {
  const isUnderWay = input.previousPath.at(-1) !== null && firstAsking(input) !== undefined;
  return isUnderWay && repeating.test(scene.latest?.text ?? '') && isWantedNow(input, scene, now);
}

function firstAsking({ steps, previousPath }: BacktrackInput): Step | undefined {
  const gone = previousPath.slice(0, -1).flatMap((index) => steps.find((step) => step.index === index) ?? []);
  return gone.find(isAsking);
}

function changes({ latest }: Scene): boolean {
  if (latest === undefined || !changing.test(latest.text)) return false;
  const isQuestion = messageOf(latest).sentences.every(({ form }) => form === 'question');
  return !isQuestion || askingToChange.test(latest.text);
}

/** Names one of the things offered before, where nothing is asked any more; who asks about one takes none. */
function takesAfterAll(step: Step, { steps, previousPath }: BacktrackInput, scene: Scene): boolean {
  if (isPlainQuestion(scene)) return false;
  const last = previousPath.findLast((index) => index !== null);
  const current = steps.find(({ index }) => index === last);
  return choosesOf(step, scene) && !(current && isAsking(current));
}

/** "What is a lamp?", and not "and a lamp?". */
function isPlainQuestion({ latest }: Scene): boolean {
  if (latest === undefined || isElliptic(latest)) return false;
  return messageOf(latest).sentences.every(({ form }) => form === 'question');
}

function no(rationale: string): AnswerOf<'backtrack_check'> {
  return { rationale, requiresBacktracking: false, sameProcess: null };
}

function isAbout(text: string, { journey }: BacktrackInput): boolean {
  return coverageOf(journey.title, text) >= 0.4;
}

export function answerBacktrackSelection(
  input: BacktrackInput,
  { now }: World,
): AnswerOf<'backtrack_selection'> {
  const scene = toScene(input.situation);
  const first = beginsAnew(input, scene, now) ? firstAsking(input) : undefined;
  if (first) return doAgain(first);
  const target = findTarget(input, scene, now);
  if (target === undefined) return resume(input);
  if (!tellsAnew(target, scene, now)) return doAgain(target);
  const way = wayFrom(target, input, scene, now);
  return {
    rationale: 'The step is done with what the customer says now.',
    requiresBacktracking: true,
    targetStep: target.index,
    advancement: way.slice(0, -1).map((id) => ({ id, completed: true })),
    nextStep: way.at(-1) ?? target.index,
  };
}

function doAgain({ index }: Step): AnswerOf<'backtrack_selection'> {
  return {
    rationale: 'The step is to be done again.',
    requiresBacktracking: true,
    targetStep: index,
    advancement: [],
    nextStep: index,
  };
}

/** Where it was left. */
function resume({ previousPath }: BacktrackInput): AnswerOf<'backtrack_selection'> {
  const last = previousPath.findLast((index) => index !== null);
  return {
    rationale: 'It goes on where it was left.',
    requiresBacktracking: previousPath.at(-1) === null,
    targetStep: last ?? null,
    advancement: [],
    nextStep: last ?? 'None',
  };
}
