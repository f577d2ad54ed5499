/**
 * What is asked about a journey as a whole: steps whose words make no sense by themselves, and when which way along several steps is
 * taken. Ways of one step need no model: their condition is that of their edge.
 */
import { setImmediate } from 'node:timers/promises';
import type { JourneyText } from '../../nlp/questions/indexing.ts';
import type { AnswerOf } from '../../nlp/questions/questions.ts';
import { completionOf, stepActionOf } from '../journeys/completion.ts';
import type { JourneyGraph, JourneyStep } from '../journeys/journey-graph.ts';
import { createReach, type ReachableStep } from '../journeys/reachable-steps.ts';
import type { Json } from '../../event-log/event.ts';
import type { AskUsable } from './ask-property.ts';
import type { JourneyFound } from './found-journey.ts';

export type JourneyWords = {
  readonly title: string;
  readonly description: string;
  readonly graph: JourneyGraph;
};

export type JourneyAnswers = { readonly found: JourneyFound; readonly failures: readonly unknown[] };

/** What is missing in `known`: first the words of the steps; conditions are told in these. */
export async function askJourney(
  words: JourneyWords,
  { known, ask }: { readonly known: JourneyFound; readonly ask: AskUsable },
): Promise<JourneyAnswers> {
  const [acted, actionFailures] = await askActions(words, { known, ask });
  const missing = [...(await waysToAsk(words.graph))].filter(([from]) => !Object.hasOwn(known.ways, from));
  const results = await Promise.allSettled(
    missing.map(
      async ([from, ways]) => [from, await askConditions(words, { from, ways, ask, acted })] as const,
    ),
  );
  const told = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failures = results.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  const found = told.length > 0 ? { ...acted, ways: { ...acted.ways, ...Object.fromEntries(told) } } : acted;
  return { found, failures: [...actionFailures, ...failures] };
}

/** In so large a journey, or of so many ways, no model finds its way: conditions are put together from those of the edges. */
const mostSteps = 200;
const mostWays = 30;
/** Of a net of many ways so much is looked through at a time. */
const pieceMs = 5;

/** Everything that the answers depend on. */
export function journeyContent({ title, description, graph }: JourneyWords): Json {
  const steps = [...graph.steps.values()].map(({ index, guideline, exits }) => {
    const { isAgentDependent } = completionOf(guideline);
    const ways = exits.map(({ to, guideline: { condition } }) => [to, condition]);
    return [index, guideline.journeyNode.kind, stepActionOf(guideline), isAgentDependent, ways];
  });
  return [title, description, steps];
}

/** Indexes of steps whose words may have to be changed. */
function wordedSteps({ steps }: JourneyGraph): ReadonlySet<string> {
  const worded = [...steps.values()].filter(({ guideline }) => guideline.action);
  return new Set(worded.length > 1 && steps.size <= mostSteps ? worded.map(({ index }) => index) : []);
}

/** By the index of the step one stands at: ways of which some lead along several steps. Lets others run in between. */
async function waysToAsk(graph: JourneyGraph): Promise<ReadonlyMap<string, readonly ReachableStep[]>> {
  const found = new Map<string, readonly ReachableStep[]>();
  if (graph.steps.size > mostSteps) return found;
  const reach = createReach(graph);
  let pausedAt = performance.now();
  for (const step of graph.steps.values()) {
    if (!isUntold(step)) continue;
    const ways = reach(step.index);
    if (ways.length <= mostWays && ways.some(({ path }) => path.length > 1)) found.set(step.index, ways);
    if (performance.now() - pausedAt < pieceMs) continue;
    await setImmediate();
    pausedAt = performance.now();
  }
  return found;
}

function isUntold({ guideline }: JourneyStep): boolean {
  return !Array.isArray(guideline.journeyNode.extra['reachable_follow_ups']);
}

async function askActions(
  words: JourneyWords,
  { known, ask }: { readonly known: JourneyFound; readonly ask: AskUsable },
): Promise<readonly [found: JourneyFound, failures: readonly unknown[]]> {
  const worded = wordedSteps(words.graph);
  if (known.actions || worded.size === 0) return [known, []];
  try {
    const actions = await ask({
      question: 'relative_actions',
      input: toText(words),
      take: (answer) => takeActions(answer, worded),
    });
    return [{ ...known, actions }, []];
  } catch (error) {
    return [known, [error]];
  }
}

function takeActions(
  { actions }: AnswerOf<'relative_actions'>,
  worded: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const rewritten = actions.flatMap(({ index, needsRewriting, action }) =>
    needsRewriting && action?.trim() && worded.has(index) ? [[index, action] as const] : [],
  );
  return Object.fromEntries(rewritten);
}

type Standing = {
  readonly from: string;
  /** As they are without a model. */
  readonly ways: readonly ReachableStep[];
  readonly acted: JourneyFound;
  readonly ask: AskUsable;
};

/** Every way is given a condition, but one where the graph says nothing either: the first step of most journeys. */
function askConditions(
  words: JourneyWords,
  { from, ways, acted, ask }: Standing,
): Promise<readonly ReachableStep[]> {
  const paths = ways.map(({ path }, at) => ({ n: `${at + 1}`, path }));
  const along = withFollowUps(words.graph, new Set([from, ...ways.flatMap(({ path }) => path)]));
  return ask({
    question: 'reachable_steps',
    input: { ...toText(words, { along, actions: acted.actions ?? {} }), from, paths },
    take: (answer) => ways.map((way, at) => ({ ...way, condition: conditionOf(answer, `${at + 1}`, way) })),
  });
}

/** Where else one could go is told as well. */
function withFollowUps({ steps }: JourneyGraph, along: ReadonlySet<string>): ReadonlySet<string> {
  const followUps = [...along].flatMap((index) => steps.get(index)?.exits.map(({ to }) => to) ?? []);
  return new Set([...along, ...followUps]);
}

function conditionOf(
  { conditions }: AnswerOf<'reachable_steps'>,
  n: string,
  { condition: ofEdges }: ReachableStep,
): string {
  const condition = conditions.find((each) => each.n === n)?.condition.trim();
  if (condition === undefined || (condition === '' && ofEdges !== ''))
    throw new Error(`The way ${n} was given no condition.`);
  return condition;
}

/** `along`: only these steps; default: all. `actions`: other words for some of them. */
function toText(
  { title, description, graph }: JourneyWords,
  {
    along,
    actions = {},
  }: {
    readonly along?: ReadonlySet<string>;
    readonly actions?: Readonly<Record<string, string>>;
  } = {},
): JourneyText {
  const steps = [...graph.steps.values()].filter(({ index }) => along?.has(index) ?? true);
  return {
    title,
    description,
    steps: steps.map(({ index, guideline, exits }) => ({
      index,
      action: actions[index] ?? stepActionOf(guideline),
      followUps: exits.map(({ to, guideline: { condition } }) => ({
        index: to,
        condition: condition || null,
      })),
    })),
  };
}
