/** Clauses about answers: whether the customer gave what was asked for, chose one of several things, or wants none of them. */
import { asksForAnswer } from '../reading/asking.ts';
import { timeMention } from '../reading/sentence.ts';
import { customerTurns, lastOfAgent, messageOf, type Turn } from '../reading/talk.ts';
import { yesOrNo } from '../reading/yes-or-no.ts';
import { valueIn } from '../values/find-value.ts';
import { kindAskedFor, type ValueKind } from '../values/value-kind.ts';
import type { Clause } from './condition.ts';
import { meetContent } from './meet-content.ts';
import type { Scene } from './scene.ts';
import { bestOf, certainly, nothing, type Verdict } from './verdict.ts';

/** Denied: nobody has told it so far. */
export function judgeGiven(clause: Clause, scene: Scene, now: number): Verdict {
  const asked = clause.contents.map(({ text }) => text).join(' ');
  const kind = kindAskedFor(asked);
  if (clause.isDenied) {
    const isKnown =
      customerTurns(scene.talk).some((turn) => gives(turn, kind, now)) || answersFor(clause, scene);
    return isKnown ? nothing : certainly(0.8);
  }
  if (scene.latest && gives(scene.latest, kind, now)) return certainly(0.95);
  if (answersFor(clause, scene)) return certainly(0.8);
  return meetAll(clause, scene);
}

function gives(turn: Turn, kind: ValueKind | undefined, now: number): boolean {
  if (kind === undefined || kind === 'yesno' || kind === 'reason') return false;
  return valueIn(kind, turn.text, now) !== undefined;
}

/** The agent asked for it, and this is an answer. */
function answersFor(clause: Clause, { talk, isAnswer, latest, byAgent, ...scene }: Scene): boolean {
  const asked = lastOfAgent(talk);
  if (!asked || !latest || !isAnswer || yesOrNo(latest.text) === 'no' || !asksForAnswer(asked)) return false;
  const evidence = byAgent.at(-1);
  if (clause.contents.length === 0 || evidence === undefined) return true;
  const meeting = { kind: 'state', isDenied: false, verbsAreOptional: true } as const;
  const whole = { talk, isAnswer, latest, byAgent, ...scene };
  return clause.contents.some(
    (content) => meetContent(content, { ...evidence, form: 'statement' }, meeting, whole).score >= 0.45,
  );
}

function meetAll({ contents }: Clause, scene: Scene): Verdict {
  const meeting = { kind: 'say', isDenied: false } as const;
  const said = scene.said.filter(({ isDirect, form }) => isDirect && form !== 'question');
  return bestOf(
    said.flatMap((evidence) => contents.map((content) => meetContent(content, evidence, meeting, scene))),
  );
}

const taking =
  /\b(?:i(?:'ll| will| would|'d) (?:also |just )?(?:take|have|go (?:for|with)|choose|pick|prefer|select)|i (?:take|choose|pick|prefer|select|go (?:for|with))|let(?:'s| us) (?:go with|take|do)|(?:that|this) one|the \w+ (?:one|option)|go with)\b/i;

/** One of what was offered, or a value of the kind the clause speaks of. */
export function judgeChoice(clause: Clause, scene: Scene, now: number): Verdict {
  const { latest, chosen, offers } = scene;
  if (latest === undefined) return nothing;
  const verdict = chosenVerdict(clause, scene, now);
  if (!clause.isDenied) return verdict;
  return offers.length > 0 && verdict.score === 0 && chosen === undefined && rejects(scene)
    ? certainly(0.8)
    : nothing;
}

function chosenVerdict(clause: Clause, scene: Scene, now: number): Verdict {
  const { latest, chosen } = scene;
  const particular = clause.contents.filter(({ slots }) => slots.some(isParticular));
  if (particular.length > 0) return meetAll({ ...clause, contents: particular }, scene);
  if (chosen !== undefined) return { ...certainly(), words: [chosen] };
  const text = latest?.text ?? '';
  const kind = kindAskedFor(clause.contents.map((content) => content.text).join(' '));
  const isRejected = rejects(scene);
  const kinds =
    kind === undefined ? [] : kind === 'time' || kind === 'datetime' || kind === 'date' ? timeKinds : [kind];
  const value = kinds.map((each) => valueIn(each, text, now)).find((each) => each !== undefined);
  // What was offered can be chosen, and nothing else.
  if (value && !isRejected && scene.offers.length < 2) return { ...certainly(0.9), words: [value.text] };
  const isTaking = taking.test(text) && !isRejected && scene.offers.length < 2 && !asks(scene);
  return isTaking ? certainly(0.8) : nothing;
}

/** A question takes nothing. */
function asks({ latest }: Scene): boolean {
  return latest !== undefined && messageOf(latest).sentences.some(({ form }) => form === 'question');
}

const timeKinds: readonly ValueKind[] = ['datetime', 'date', 'time'];

/** "picks the vegan menu" names something; "picks one of the options" does not. */
function isParticular({ words, weight }: Clause['contents'][number]['slots'][number]): boolean {
  return weight > 0.5 && words.some((word) => word.kind === 'content' && !general.has(word.text));
}

const general = new Set(
  'option options slot slots date dates day days hour item items product products choice choices alternative alternatives offer offers offered listed proposed preferred available suggested'.split(
    ' ',
  ),
);

const nothingFits =
  /\b(?:none|neither|no other|something else|anything else|any other|another (?:one|time|day|date|option)|other (?:times?|days?|dates?|options?|ones?)|different (?:time|day|date|one|option)s?|not (?:free|available|possible)|unavailable|(?:too|any|something|anything|a bit|bit) (?:early|late|earlier|later|sooner)|(?:later|earlier|sooner) (?:times?|dates?|days?|ones?|slots?|in)|busy|(?:can|could|will|do|does|would)(?:n't| not|not) (?:work|make|fit|suit|do|like|want)|cannot make|booked up|doesn't fit|out of (?:town|office)|don't (?:work|fit|suit))\b|\b(?:do you have|is there|are there|got|have you) (?:anything|something|any) (?:\w+ )?(?:else|later|earlier|sooner|other)\b/i;

/** Whether the latest words want none of what was offered. */
export function rejects({ latest, chosen, offers }: Scene): boolean {
  if (latest === undefined) return false;
  const { text } = latest;
  if (chosen !== undefined && yesOrNo(text) !== 'no') return false;
  if (chosen !== undefined && !nothingFits.test(text)) return false;
  return yesOrNo(text) === 'no' || nothingFits.test(text) || asksForOther(text, offers);
}

/** Names a time where other times were offered. */
function asksForOther(text: string, offers: readonly string[]): boolean {
  return offers.length > 1 && offers.some((offer) => timeMention.test(offer)) && timeMention.test(text);
}
