/** Whether the customer has told what somebody wants to know of them, asked for or not. */
import { isAnswer, topicTurn } from '../reading/follow-up.ts';
import { agentBefore, customerTurns, messageOf, type Turn } from '../reading/talk.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import type { Scene } from '../conditions/scene.ts';
import { countMeant } from '../values/count-meant.ts';
import { addressIn, valueIn } from '../values/find-value.ts';
import { kindAskedFor, type ValueKind } from '../values/value-kind.ts';
import { coverageOf } from './coverage.ts';

/** Values of these kinds are not mistaken for others; of them nothing else counts. */
const strict: ReadonlySet<ValueKind | undefined> = new Set(['email', 'phone', 'number', 'url']);
/** Known by their form wherever they are said. */
const formed: ReadonlySet<ValueKind | undefined> = new Set([
  'email',
  'phone',
  'number',
  'url',
  'date',
  'time',
  'datetime',
  'duration',
  'name',
  'reason',
  'place',
]);

/** `part`: "Provide their date of birth", or "Ask for their date of birth". */
export function isPartDone(part: string, scene: Scene, now: number): boolean {
  const kind = kindAskedFor(part);
  const turns = customerTurns(scene.talk);
  return turns.some((turn) => {
    if (kind && formed.has(kind) && tells(kind, turn, now)) return true;
    return answersPart(part, turn, scene, kind);
  });
}

/** Only by the latest words, and those they answer for: what was told of something earlier may be of something else. */
/** What a question mentions is not told by it, except what can only be meant so. */
const askable: ReadonlySet<ValueKind | undefined> = new Set([
  'date',
  'time',
  'datetime',
  'duration',
  'number',
]);

function tells(kind: ValueKind, turn: Turn, now: number): boolean {
  if (kind === 'place') return addressIn(turn.text) !== undefined;
  if (valueIn(kind, turn.text, now) === undefined) return false;
  return askable.has(kind) || messageOf(turn).sentences.some(({ form }) => form !== 'question');
}

/** By the latest words, in a form that is known wherever it stands. */
export function isToldNow(part: string, { latest }: Scene, now: number): boolean {
  const kind = kindAskedFor(part);
  return (
    latest !== undefined &&
    kind !== undefined &&
    formed.has(kind) &&
    kind !== 'reason' &&
    tells(kind, latest, now)
  );
}

export function isPartTold(part: string, scene: Scene, now: number): boolean {
  const { talk, latest } = scene;
  const kind = kindAskedFor(part);
  const topic = topicTurn(talk);
  const turns = customerTurns(talk).filter(({ at }) => topic === undefined || at >= topic.at);
  return turns.some((turn) => {
    if (kind && formed.has(kind) && tells(kind, turn, now)) return true;
    return turn !== latest && answersPart(part, turn, scene, kind);
  });
}

/** The agent asked for it, or asked for one thing only just before. */
function answersPart(
  part: string,
  turn: Turn,
  { talk, latest, chosen }: Scene,
  kind: ValueKind | undefined,
): boolean {
  const asked = agentBefore(talk, turn);
  if (asked === undefined || strict.has(kind)) return false;
  if (coverageOf(part, asked.text) < 0.5) return false;
  if (turn === latest && chosen !== undefined) return true;
  return isAnswer(talk, turn) && isTelling(turn);
}

/** Whether the latest words answer what the agent has just asked, whatever it was. */
export function answersLatest(part: string, { talk, latest, chosen }: Scene, now: number): boolean {
  if (latest === undefined) return false;
  const asked = agentBefore(talk, latest);
  if (asked === undefined) return false;
  const kind = kindAskedFor(part);
  if (chosen !== undefined) return true;
  if (kind && tells(kind, latest, now)) return true;
  if (kind === 'number' && countMeant(latest.text, asked.text) !== undefined) return true;
  if (kind === 'datetime' && (valueIn('date', latest.text, now) ?? valueIn('time', latest.text, now)))
    return true;
  return !strict.has(kind) && isAnswer(talk, latest) && isTelling(latest);
}

/** Not "no", "I don't know" or a question alone. */
function isTelling(turn: Turn): boolean {
  if (yesOrNo(turn.text) !== undefined) return true;
  return messageOf(turn).sentences.some(({ form, text }) => form !== 'question' && !evading.test(text));
}

const evading =
  /\b(?:(?:do not|don['’]?t) (?:really )?(?:know|remember|recall)|not (?:\w+ )?(?:sure|certain)|no (?:idea|clue)|rather not|why do you|prefer not)\b/i;
