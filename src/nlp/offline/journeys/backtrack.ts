/** Going back: whether the customer changes what an earlier step was about, takes up what was left, or wants the whole again. */
import type { BacktrackInput } from '../../questions/journeys.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { dependsOnCustomer } from '../actions/read-action.ts';
import { holds, judgeCondition } from '../conditions/judge-condition.ts';
import { toScene, type Scene } from '../conditions/scene.ts';
import { messageOf } from '../reading/talk.ts';
import { listedIn } from '../values/offers.ts';
import { chooseOption } from '../values/options.ts';
import { valueIn } from '../values/find-value.ts';
import { kindAskedFor, type ValueKind } from '../values/value-kind.ts';
import type { World } from '../world.ts';
import { coverageOf } from './coverage.ts';
import { leaves } from './leaving.ts';
import { isPartTold } from './part-done.ts';

type Step = BacktrackInput['steps'][number];

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
  if (input.previousPath.at(-1) !== null) return no('Nothing that was decided is changed.');
  const isWanted = input.journey.triggers.some((trigger) => {
    const verdict = judgeCondition(trigger, scene, now);
    return holds(verdict) && verdict.isDirect;
  });
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

function changes({ latest }: Scene): boolean {
  if (latest === undefined || !changing.test(latest.text)) return false;
  const isQuestion = messageOf(latest).sentences.every(({ form }) => form === 'question');
  return !isQuestion || askingToChange.test(latest.text);
}

/** Names one of the things offered before, where nothing is asked any more. */
function takesAfterAll(step: Step, { steps, previousPath }: BacktrackInput, scene: Scene): boolean {
  const last = previousPath.findLast((index) => index !== null);
  const current = steps.find(({ index }) => index === last);
  return choosesOf(step, scene) && !(current && isAsking(current));
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
  const target = findTarget(input, scene, now);
  if (target === undefined) return resume(input);
  if (!tellsAnew(target, scene, now))
    return {
      rationale: 'The step is to be done again.',
      requiresBacktracking: true,
      targetStep: target.index,
      advancement: [],
      nextStep: target.index,
    };
  const way = wayFrom(target, input, scene, now);
  return {
    rationale: 'The step is done with what the customer says now.',
    requiresBacktracking: true,
    targetStep: target.index,
    advancement: way.slice(0, -1).map((id) => ({ id, completed: true })),
    nextStep: way.at(-1) ?? target.index,
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

/** Of the steps gone through before the current one, the latest that the latest words are about. */
function findTarget(input: BacktrackInput, scene: Scene, now: number): Step | undefined {
  const { latest } = scene;
  if (latest === undefined) return undefined;
  const gone = input.previousPath.filter((index) => index !== null);
  const isOver = input.previousPath.at(-1) === null;
  const earlier = new Set(isOver ? gone : gone.slice(0, -1));
  const current = isOver ? undefined : input.steps.find(({ index }) => index === gone.at(-1));
  const candidates = [...earlier]
    .toReversed()
    .flatMap((index) => input.steps.find((step) => step.index === index) ?? []);
  const asking = candidates.filter(isAsking);
  const named = asking
    .map((step) => ({ step, score: relation(step, scene, now) }))
    .reduce<{ step: Step; score: number } | undefined>(
      (best, each) => (best && best.score >= each.score ? best : each),
      undefined,
    );
  const ofCurrent = current && isAsking(current) && !isChecking(current) ? relation(current, scene, now) : 0;
  if (named && named.score >= 0.5 && named.score > ofCurrent) return named.step;
  return goesBack.test(latest.text) && ofCurrent < 0.5 ? asking[0] : undefined;
}

const goesBack =
  /\b(?:the other (?:one|option)|go back|previous (?:step|question)|i meant|not that one|(?:the )?(?:first|second|third|last) one instead|changed? my (?:mind|answer))\b/i;

function isAsking({ action, customerPart }: Step): boolean {
  return customerPart !== undefined || (action !== null && dependsOnCustomer(action));
}

/** A step that only has things confirmed is about none of them. */
function isChecking({ action }: Step): boolean {
  return /^(?:confirm|verify|double[- ]check|review)\b/i.test(action ?? '');
}

const telling: ReadonlySet<ValueKind> = new Set([
  'date',
  'time',
  'datetime',
  'number',
  'email',
  'phone',
  'duration',
  'name',
  'id',
]);

/** How much the latest words are about a step: they name it, tell a value of its kind, or choose of what it offered. */
function relation(step: Step, scene: Scene, now: number): number {
  const { latest } = scene;
  if (latest === undefined) return 0;
  const part = `${step.action ?? ''} ${step.customerPart ?? ''}`;
  const kind = kindAskedFor(part);
  const byName = coverageOf(part, latest.text);
  if (isChecking(step)) return byName * 0.5;
  const values: readonly ValueKind[] = kind === 'datetime' ? ['date', 'time'] : kind ? [kind] : [];
  const tells = values.some((each) => telling.has(each) && valueIn(each, latest.text, now) !== undefined);
  return Math.max(byName, tells ? 0.9 : 0, choosesOf(step, scene) ? 0.8 : 0);
}

/** Names one of the things listed when the agent did this step. */
function choosesOf({ action }: Step, { talk, latest }: Scene): boolean {
  if (latest === undefined || action === null) return false;
  return talk.turns.some(({ speaker, text }) => {
    const items = speaker === 'agent' ? listedIn(text) : [];
    if (items.length < 2 || coverageOf(action, text) < 0.3) return false;
    return (
      chooseOption(
        latest.text,
        items.map((each) => ({ text: each })),
        { byPlace: false },
      )?.isNamed === true
    );
  });
}

/** "Actually Tuesday instead" tells it anew; "can I change the day?" only asks to. */
function tellsAnew(step: Step, scene: Scene, now: number): boolean {
  const { latest } = scene;
  if (latest === undefined) return false;
  const kind = kindAskedFor(`${step.action ?? ''} ${step.customerPart ?? ''}`);
  const kinds: readonly ValueKind[] = kind === 'datetime' ? ['date', 'time'] : kind ? [kind] : [];
  if (kinds.some((each) => telling.has(each) && valueIn(each, latest.text, now) !== undefined)) return true;
  if (choosesOf(step, scene)) return true;
  const asksOnly =
    /^(?:.{0,12}\b)?(?:can|could|may|is it possible|i (?:want|need|would like) to change|i'd like to change|change|wait)\b/i.test(
      latest.text,
    );
  return !asksOnly || /\b(?:to|it's|is|be|want|not .+ but)\s+["“]?\p{Lu}/u.test(latest.text);
}

const stepLimit = 12;

/** From the step on, past what was answered before, up to where the agent must do something. */
function wayFrom(target: Step, input: BacktrackInput, scene: Scene, now: number): readonly string[] {
  const gone = new Set(input.previousPath);
  const way = [target.index];
  for (let step: Step | undefined = target; step && way.length < stepLimit;) {
    const next = followUp(step, input, scene, now);
    if (next === undefined) return [...way, 'None'];
    if (way.includes(next.index)) return way;
    way.push(next.index);
    const isAnswered = gone.has(next.index) && isAsking(next) && !isChecking(next);
    step =
      next.kind === 'fork' ||
      isAnswered ||
      (isAsking(next) && isPartTold(next.action ?? '', scene, now) && !isChecking(next))
        ? next
        : undefined;
  }
  return way;
}

/** The way whose condition fits best; the one gone before where none does. */
function followUp({ followUps }: Step, input: BacktrackInput, scene: Scene, now: number): Step | undefined {
  const rated = followUps.flatMap(({ index, condition }) => {
    const step = input.steps.find((each) => each.index === index);
    const wasGone = input.previousPath.includes(index) ? 0.1 : 0;
    return step
      ? [{ step, score: wasGone + (condition === null ? 0.5 : judgeCondition(condition, scene, now).score) }]
      : [];
  });
  return rated.reduce<(typeof rated)[number] | undefined>(
    (best, each) => (best && best.score >= each.score ? best : each),
    undefined,
  )?.step;
}
