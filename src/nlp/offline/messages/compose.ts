/**
 * An answer without a model: what the guidelines literally say to tell and to ask, what is known of what they name, what tools brought,
 * what still must be asked for; else what is known of the customer's question; else small talk, or that nothing is known. Nothing is
 * made up: every word comes from the agent's data, from the conversation, or from the few sentences of `replies.ts`.
 */
import type { MessageInput } from '../../questions/messages.ts';
import type { FollowedGuideline } from '../../questions/situation.ts';
import { readAction } from '../actions/read-action.ts';
import { humanised } from '../conditions/facts.ts';
import { toScene, type Scene } from '../conditions/scene.ts';
import { coverageOf } from '../journeys/coverage.ts';
import { leavesAll } from '../journeys/leaving.ts';
import { hasGreeting, smallTalkIn } from '../reading/small-talk.ts';
import { lastOfAgent, messageOf, type Turn } from '../reading/talk.ts';
import { timesAsked } from '../reading/times-asked.ts';
import { answerQuestion } from './answer-question.ts';
import { askForParameters } from './ask-parameters.ts';
import { knownThings, type KnownThing } from './known-things.ts';
import { admitNotKnowing, replyToSmallTalk } from './replies.ts';
import { greeting } from './courtesies.ts';
import type { Saying } from './saying.ts';
import { speakPart } from './speak-part.ts';

export type Composed = {
  /** Null: nothing is to be said. */
  readonly text: string | null;
  /** Whether it is more than small talk, or that nothing is known. */
  readonly isFounded: boolean;
};

/** How often the same is asked in the same words, one time soon after the other. */
const askLimit = 2;

export type ComposeOptions = {
  /** What was said just before, to bridge the time. */
  readonly preamble: string | null;
  readonly isForTemplates: boolean;
};

export function compose(input: MessageInput, { preamble, isForTemplates }: ComposeOptions): Composed {
  const scene = toScene(input.situation);
  const taken = new Set<KnownThing>();
  const followed = withoutEchoes(speakGuidelines(input, scene, taken), scene);
  const asked = askForParameters(input.missing, input.invalid)
    .filter((text) => timesAsked(text, scene.talk) < askLimit)
    .map((text) => ({ text, kind: 'question' }) as const);
  const spoken = followed.filter(
    (saying) => !isAskedAnyway(saying, input) && !(isForTemplates && isRepeated(saying, followed, scene)),
  );
  const known = spoken.filter(({ kind }) => kind !== 'unknown');
  const told = [...known, ...toldUnasked(known, input, scene, taken), ...asked];
  // That nothing is known is said only where there is nothing else to say.
  const sayings = told.length > 0 ? told : spoken;
  if (sayings.length > 0)
    return { text: join(withGreeting(sayings, scene, preamble), scene), isFounded: true };
  if (scene.latest === undefined) return { text: null, isFounded: false };
  const smallTalk = replyToSmallTalk(input, scene);
  return { text: smallTalk ?? admitNotKnowing(input, scene, { isForTemplates }), isFounded: false };
}

/** Principles are kept in mind; only what they say to tell is said. */
function speakGuidelines(input: MessageInput, scene: Scene, taken: Set<KnownThing>): readonly Saying[] {
  const principles = input.principles.map((principle) => ({ ...principle, rationale: '', score: 0 }));
  const spoken = [...input.guidelines, ...principles].map((guideline) =>
    speakGuideline(guideline, scene, taken),
  );
  return spoken.flatMap((sayings) => {
    const others = spoken.filter((each) => each !== sayings).flat();
    const isAgain = sayings.some((saying) => isRepeated(saying, others, scene));
    return isAgain ? sayings.filter(({ kind }) => kind === 'question') : sayings;
  });
}

/** What led to a question is not said again where the question is. */
function withoutEchoes(followed: readonly Saying[], { talk }: Scene): readonly Saying[] {
  const before = lastOfAgent(talk)?.text ?? '';
  const isEcho = ({ kind, text }: Saying) => kind === 'statement' && before.includes(text);
  const isAskedAgain = ({ kind, text }: Saying) => kind === 'question' && before.includes(text);
  return followed.some(isAskedAgain) ? followed.filter((saying) => !isEcho(saying)) : followed;
}

function speakGuideline(
  { action, texts = [] }: FollowedGuideline,
  scene: Scene,
  taken: Set<KnownThing>,
): readonly Saying[] {
  if (action === null) return [];
  const { parts, customer = scene.vocabulary.customer } = readAction(action);
  return parts.flatMap((part) => speakPart(part, { scene, customer, texts, taken }));
}

/** A question that was asked just before need not be asked again beside something else. */
function isRepeated({ text, kind }: Saying, others: readonly Saying[], { talk }: Scene): boolean {
  if (kind !== 'question' || !others.some((other) => other.kind === 'statement')) return false;
  return coverageOf(text, lastOfAgent(talk)?.text ?? '-') >= 0.8;
}

/** What a tool needs is asked for in the words of the tool, and before anything more is offered. */
function isAskedAnyway({ text, kind, isOffer }: Saying, { missing, invalid }: MessageInput): boolean {
  if (kind !== 'question') return false;
  if (isOffer && missing.length + invalid.length > 0) return true;
  return [...missing, ...invalid].some(
    ({ parameter, description }) => coverageOf(text, `${humanised(parameter)} ${description ?? ''}`) >= 0.6,
  );
}

/** What tools brought and no guideline named, and what answers the question, unless a guideline has. */
function toldUnasked(
  followed: readonly Saying[],
  input: MessageInput,
  scene: Scene,
  taken: ReadonlySet<KnownThing>,
): readonly Saying[] {
  if (followed.some(({ kind }) => kind === 'statement')) return [];
  const isFollowed = followed.length > 0 || input.missing.length + input.invalid.length > 0;
  const isNew = followed.some(({ text }) => coverageOf(text, lastOfAgent(scene.talk)?.text ?? '-') < 0.8);
  // What is asked for the first time comes of the customer's words: they were understood.
  const cited = isNew ? undefined : citedFor(scene, { isFollowed, taken });
  if (cited !== undefined) return [{ text: cited, kind: 'statement' }];
  const answer = !isNew && isAsking(scene, isFollowed) ? answerQuestion(scene, { isFollowed }) : undefined;
  if (answer !== undefined) return [{ text: answer, kind: 'statement' }];
  if (input.missing.length + input.invalid.length > 0) return [];
  return knownThings(input.situation)
    .filter((thing) => thing.isNew && thing.kind === 'data' && !taken.has(thing))
    .map((thing) => ({ text: thing.tell(''), kind: 'statement' }));
}

/** Whatever found passages that name their source has decided that they answer; beside guidelines, only a question is answered. */
function citedFor(
  scene: Scene,
  { isFollowed, taken }: { readonly isFollowed: boolean; readonly taken: ReadonlySet<KnownThing> },
): string | undefined {
  const { latest } = scene;
  if (latest === undefined || wantsNothing(latest)) return undefined;
  if (isFollowed && !isAsking(scene, isFollowed)) return undefined;
  return knownThings(scene.situation)
    .find((thing) => thing.kind === 'cited' && thing.isNew && !taken.has(thing))
    ?.tell('');
}

/** Where guidelines have something to say, or the agent was answered, only what looks like a question is one. */
function isAsking({ latest, isAnswer }: Scene, isFollowed: boolean): boolean {
  if (latest === undefined || wantsNothing(latest)) return false;
  if (!isAnswer && !isFollowed) return true;
  return messageOf(latest).sentences.some(({ form }) => form === 'question');
}

/** To be polite, or to stop. */
function wantsNothing({ text }: Turn): boolean {
  return smallTalkIn(text) !== undefined || leavesAll(text);
}

/** Who greets is greeted, once. */
function withGreeting(sayings: readonly Saying[], scene: Scene, preamble: string | null): readonly Saying[] {
  const hasGreeted = lastOfAgent(scene.talk) !== undefined || preamble !== null;
  const greetsAlready = sayings.some(({ kind, text }) => kind === 'greeting' || hasGreeting(text));
  if (hasGreeted || greetsAlready || !scene.latest || !hasGreeting(scene.latest.text)) return sayings;
  return [{ text: greeting(scene.situation), kind: 'greeting' }, ...sayings];
}

const order: readonly Saying['kind'][] = ['greeting', 'statement', 'unknown', 'question'];

/** Greeting, statements, questions; each once, and no list that was shown just before. */
function join(sayings: readonly Saying[], scene: Scene): string {
  const before = lastOfAgent(scene.talk)?.text ?? '';
  const isSaid = ({ kind, text }: Saying) => kind === 'statement' && before.includes(text);
  const isNews = sayings.some((saying) => saying.kind !== 'greeting' && !isSaid(saying));
  const others = isNews ? sayings.filter((saying) => !isSaid(saying)) : sayings;
  const sorted = order.flatMap((kind) => others.filter((saying) => saying.kind === kind));
  const texts = [...new Set(sorted.map(({ text }) => text.trim()).filter((text) => text !== ''))];
  const only =
    texts.length === 1 && sorted[0]?.kind === 'greeting' ? [...texts, 'How can I help you?'] : texts;
  return only.reduce((all, text) => (all === '' ? text : `${all}${between(all, text)}${text}`), '');
}

/** A text of several paragraphs is one of its own. */
function between(all: string, text: string): string {
  if (all.includes('\n\n') || text.includes('\n\n')) return '\n\n';
  return text.includes('\n') || all.endsWith('\n') || lastLineIsItem(all) ? '\n' : ' ';
}

function lastLineIsItem(text: string): boolean {
  return (text.split('\n').at(-1) ?? '').startsWith('- ');
}
