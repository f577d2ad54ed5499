/**
 * What follows from what was matched: dependencies, priorities and entailments, round by round until nothing changes, at most three
 * times. Pure, and independent of the order in which anything is given. `docs/engine.md` says it in words.
 */
import type { EngineGuideline, EngineJourney, GuidelineMatch } from '../guideline.ts';
import { indexMembers } from './members.ts';
import { rememberNeeds } from './needs.ts';
import { compareIds, type RelationshipIndex } from './relationship-index.ts';
import { collectResolutions, type Resolution } from './resolution.ts';
import { playRound, type Round, type Rules, type Standing } from './round.ts';
import { guidelineEntity, journeyEntity, type EntityName } from './situation.ts';

export type ResolveInput = {
  /** Everything the agent may use now. */
  readonly usable: readonly EngineGuideline[];
  /** What applies. Guidelines made for one answer need not be usable. Of two for one guideline the last counts. */
  readonly matches: readonly GuidelineMatch[];
  /** Those that run. */
  readonly journeys: readonly EngineJourney[];
  readonly relationships: RelationshipIndex;
};

export type Resolved = {
  /** What was matched and stays, in the order given; then what follows from it, by id. */
  readonly matches: readonly GuidelineMatch[];
  /** Those that go on, in the order given. */
  readonly journeys: readonly EngineJourney[];
  /** One or more for everything that was matched, ran, or was found on the way. */
  readonly resolutions: ReadonlyMap<EntityName, readonly Resolution[]>;
  /** 1 to 3. */
  readonly rounds: number;
  /** False: the third round still changed something, and what it left is the result. Only entailments can bring that about. */
  readonly isSettled: boolean;
};

const mostRounds = 3;

export function resolve({ usable, matches, journeys, relationships }: ResolveInput): Resolved {
  const guidelines = matches.map(({ guideline }) => guideline);
  const members = indexMembers(usable, guidelines);
  const start = toStanding(matches, journeys);
  const rounds = playRounds(start, { relationships, members, needsOf: rememberNeeds(relationships) });
  const last = rounds.at(-1);
  const { active, candidates, journeys: running } = last?.standing ?? start;
  return {
    matches: inOrder(guidelines, active),
    journeys: inOrder(journeys, running),
    resolutions: collectResolutions(rounds, {
      entities: [
        ...[...candidates.keys()].map(guidelineEntity),
        ...[...start.journeys.keys()].map(journeyEntity),
      ],
      guidelineById: (id) => candidates.get(id)?.guideline ?? members.usable(id),
    }),
    rounds: rounds.length,
    isSettled: last?.isSettled ?? true,
  };
}

/** Each goes on from the one before; the last changes nothing, or is the third. */
function playRounds(start: Standing, rules: Rules): readonly Round[] {
  const rounds: Round[] = [];
  let standing = start;
  while (rounds.length < mostRounds && !rounds.at(-1)?.isSettled) {
    const round = playRound(standing, rules);
    rounds.push(round);
    standing = round.standing;
  }
  return rounds;
}

/** In order of ids, so that what is found does not depend on the order given. */
function toStanding(matches: readonly GuidelineMatch[], journeys: readonly EngineJourney[]): Standing {
  const active = byId(matches.map((match) => [match.guideline.id, match] as const));
  return {
    candidates: active,
    outranked: new Set(),
    entailed: new Set(),
    active,
    journeys: byId(journeys.map((journey) => [journey.id, journey] as const)),
  };
}

function byId<Value>(entries: readonly (readonly [string, Value])[]): ReadonlyMap<string, Value> {
  return new Map(entries.toSorted(([a], [b]) => compareIds(a, b)));
}

/** First in the order that was given, then the rest. */
function inOrder<Value>(
  given: readonly { readonly id: string }[],
  found: ReadonlyMap<string, Value>,
): Value[] {
  const ids = new Set([...given.map(({ id }) => id), ...found.keys()]);
  return [...ids].flatMap((id) => found.get(id) ?? []);
}
