/** One batch: its question, and what the answer comes to. A failure of its own is tried again here; the other batches go on meanwhile. */
import type { Clock } from '../../session/clock.ts';
import { askForUsable } from '../asking/usable-answer.ts';
import { tryAgain } from '../asking/try-again.ts';
import type { AgentKnowledge } from '../agent-knowledge.ts';
import type { EngineGuideline } from '../guideline.ts';
import { toAskedGuideline } from './asked-guideline.ts';
import { askWhichIsMeant } from './ask-which-is-meant.ts';
import type { Batch, PlainBatchKind } from './batches.ts';
import type { Asked, Outcome } from './outcome.ts';
import { numberOf, toMatches, verdictsOf } from './verdicts.ts';
import { selectJourneyStep } from './select-journey-step.ts';

export function matchBatch(batch: Batch, asked: Asked & { readonly clock: Clock }): Promise<Outcome> {
  return tryAgain(() => askAbout(batch, asked), asked);
}

async function askAbout(batch: Batch, asked: Asked): Promise<Outcome> {
  switch (batch.kind) {
    case 'journey_step':
      return { matches: await selectJourneyStep(batch, asked) };
    case 'disambiguation':
      return (await askWhichIsMeant(batch, asked)) ?? askPlainly('observational', [batch.source], asked);
    default:
      return askPlainly(batch.kind, batch.guidelines, asked);
  }
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the type of the answer follows from it
async function askPlainly<Kind extends PlainBatchKind>(
  kind: Kind,
  guidelines: readonly EngineGuideline[],
  { nlp, turn, signal }: Asked,
): Promise<Outcome> {
  const matches = await askForUsable(nlp, {
    question: kind,
    input: {
      situation: turn.situation,
      guidelines: guidelines.map((guideline, at) => {
        const begins = titleBegunBy(guideline, turn.knowledge);
        return { ...toAskedGuideline(guideline, numberOf(at)), ...(begins !== undefined && { begins }) };
      }),
    },
    take: (answer) => toMatches(guidelines, verdictsOf[kind](answer), nlp.name),
    signal,
  });
  return { matches };
}

const titles = new WeakMap<AgentKnowledge, ReadonlyMap<string, string>>();

/** Of the journey that it triggers, the first of several. */
function titleBegunBy({ id }: EngineGuideline, knowledge: AgentKnowledge): string | undefined {
  const known = titles.get(knowledge);
  if (known) return known.get(id);
  const inReverse = knowledge.journeys.toReversed();
  const found = new Map(
    inReverse.flatMap(({ title, triggers }) => triggers.map((trigger) => [trigger, title] as const)),
  );
  titles.set(knowledge, found);
  return found.get(id);
}
