/** Which earlier step the customer speaks of: by its words, by a value of its kind, or by one of the things it offered. */
import type { BacktrackInput } from '../../questions/journeys.ts';
import { dependsOnCustomer } from '../actions/read-action.ts';
import type { Scene } from '../conditions/scene.ts';
import { valueIn } from '../values/find-value.ts';
import { listedIn } from '../values/offers.ts';
import { chooseOption } from '../values/options.ts';
import { kindAskedFor, type ValueKind } from '../values/value-kind.ts';
import { coverageOf } from './coverage.ts';

export type Step = BacktrackInput['steps'][number];

/** Of the steps gone through before the current one, the latest that the latest words are about. */
export function findTarget(input: BacktrackInput, scene: Scene, now: number): Step | undefined {
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

export function isAsking({ action, customerPart }: Step): boolean {
  return customerPart !== undefined || (action !== null && dependsOnCustomer(action));
}

/** A step that only has things confirmed is about none of them. */
export function isChecking({ action }: Step): boolean {
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
export function choosesOf({ action }: Step, { talk, latest }: Scene): boolean {
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
export function tellsAnew(step: Step, scene: Scene, now: number): boolean {
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
