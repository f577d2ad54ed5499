/**
 * What follows from a thousand matched guidelines, in process. Each of the 5,000 relationships has two ends that take part; some change the
 * outcome in the second round and some only in the third. What comes out is checked before it is measured.
 */
import { deepEqual } from 'node:assert/strict';
import type { GuidelineMatch } from '../../src/engine/guideline.ts';
import {
  guidelineEnd,
  indexRelationships,
  tagEnd,
  type Relation,
} from '../../src/engine/relational-resolver/relationship-index.ts';
import { resolve, type ResolveInput } from '../../src/engine/relational-resolver/resolve.ts';
import type { RelationshipEnd, RelationshipKind } from '../../src/entities/collections/relationship.ts';
import { engineGuideline, engineJourney } from '../support/engine-entities.ts';
import { median, plainRow, type Row } from './row.ts';

const warmUps = 20;
const batches = 11;
const perBatch = 10;

/** CPU of all threads, the collector's too: it is what it takes where nothing else runs, and says the same where something does. */
export function measureResolver(): readonly Row[] {
  const input = network();
  check(input);
  for (let n = 0; n < warmUps; n++) resolve(input);
  const figures = Array.from({ length: batches }, () => {
    const before = process.cpuUsage();
    for (let n = 0; n < perBatch; n++) resolve(input);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / perBatch;
  });
  const what = 'CPU to resolve 1,000 matched guidelines, 5,000 relationships';
  return [plainRow({ what, measured: median(figures), unit: 'ms', atMost: 50, digits: 1 })];
}

/**
 * Matched: `m0` to `m999`, of which 100 to 119 are steps of a journey each. Known besides: `u0` to `u299`, which follow from something.
 * `m0` needs `m1`, which needs `m2`, … `m99` needs `u99`, to which a chain of entailments leads from `m100`: nothing of it holds before the
 * second round. There `u0` outranks `m900` to `m949`; what needs those falls with them, and what needs these in the third.
 */
function network(): ResolveInput {
  const matched = range(0, 1000).map((n) =>
    engineGuideline(`m${n}`, {
      tags: [`t${n % 50}`],
      ...(n >= 100 && n < 120 && { journeyNodeOf: `j${n - 100}` }),
    }),
  );
  const others = range(0, 300).map((n) => engineGuideline(`u${n}`, { tags: [`v${n % 30}`] }));
  return {
    usable: [...matched, ...others],
    matches: matched.map((guideline): GuidelineMatch => ({ guideline, score: 10, rationale: 'matched' })),
    journeys: range(0, 20).map((n) => engineJourney(`j${n}`)),
    relationships: indexRelationships(relations().map((each, n) => ({ ...each, id: `r${n}` }))),
  };
}

function relations(): readonly Omit<Relation, 'id'>[] {
  return [
    ...range(0, 99).map((n) => relation('dependency', m(n), m(n + 1))),
    relation('dependency', m(99), u(99)),
    relation('entailment', m(100), u(0)),
    ...range(0, 99).map((n) => relation('entailment', u(n), u(n + 1))),
    ...range(900, 950).map((n) => relation('priority', u(0), m(n))),
    ...range(950, 975).map((n) => relation('dependency', m(n), m(n - 50))),
    ...range(975, 1000).map((n) => relation('dependency', m(n), m(n - 25))),
    // To one of its tag's members, to a journey that runs, and to four of which one is enough.
    ...range(120, 520).map((n) => relation('dependency', m(n), { type: 'tag_any', id: `t${n % 50}` })),
    ...range(120, 520).map((n) => relation('dependency', m(n), tagEnd(`journey:j${n % 20}`))),
    ...range(120, 620).map((n) => relation('dependency', m(n), m(n - 19))),
    ...range(0, 1200).map((n) => relation('dependency_any', m(120 + (n % 300)), m(600 + (n % 299)), 'one')),
    ...range(0, 1000).map((n) => relation('priority', m(120 + (n % 400)), m(700 + (n % 187)))),
    ...range(0, 40).map((n) => relation('priority', tagEnd(`v${n % 30}`), m(887 + (n % 13)))),
    ...range(0, 10).map((n) => relation('priority', tagEnd(`journey:j${n}`), tagEnd(`journey:j${n + 10}`))),
    ...range(0, 900).map((n) => relation('entailment', m(120 + (n % 450)), u(100 + (n % 200)))),
    ...range(0, 250).map((n) => relation('entailment', m(120 + n), tagEnd(`v${n % 30}`))),
  ];
}

function check(input: ResolveInput): void {
  const resolved = resolve(input);
  const active = new Set(resolved.matches.map(({ guideline }) => guideline.id));
  deepEqual(
    {
      relationships: relations().length,
      rounds: resolved.rounds,
      chainHolds: active.has('m0') && active.has('u99'),
      losersOfSecondRound: active.has('m900'),
      losersOfThirdRound: active.has('m975'),
      journeys: resolved.journeys.length,
    },
    {
      relationships: 5000,
      rounds: 3,
      chainHolds: true,
      losersOfSecondRound: false,
      losersOfThirdRound: false,
      journeys: 10,
    },
  );
}

function relation(
  kind: RelationshipKind,
  source: RelationshipEnd,
  target: RelationshipEnd,
  groupId: string | null = null,
): Omit<Relation, 'id'> {
  return { kind, source, target, groupId };
}

function m(n: number): RelationshipEnd {
  return guidelineEnd(`m${n}`);
}

function u(n: number): RelationshipEnd {
  return guidelineEnd(`u${n}`);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}
