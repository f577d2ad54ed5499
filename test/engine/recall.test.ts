import { describe, expect, it } from 'vitest';
import type { AgentKnowledge } from '../../src/engine/agent-knowledge.ts';
import { createRecall } from '../../src/engine/recall.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import type { Capability } from '../../src/entities/collections/capability.ts';
import type { Term } from '../../src/entities/collections/term.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { systemClock } from '../../src/session/clock.ts';
import { composerTurn, createScriptedNlp, customerSays, type TurnGiven } from '../support/composer.ts';
import { engineGuideline } from '../support/engine-entities.ts';

describe('terms', () => {
  it('twenty are all told, and nobody is asked which are near', async () => {
    const { recall, ranked } = recalling();
    const told = await recall.terms(knowing({ terms: terms(20) }), []);
    expect(told).toHaveLength(20);
    expect(told[0]).toEqual({ name: 'term 0', description: 'what 0 means', synonyms: ['also 0'] });
    expect(ranked).toEqual([]);
  });

  it('of more the twenty nearest are told, the nearest first', async () => {
    const { recall } = recalling({
      rank: (candidates) => candidates.toReversed().map(({ id }) => ({ id, score: 1 })),
    });
    const told = await recall.terms(knowing({ terms: terms(30) }), []);
    expect(told.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, at) => `term ${29 - at}`));
  });

  it('they are found by their names, other words for them, and what they mean', async () => {
    const { recall, ranked } = recalling();
    await recall.terms(knowing({ terms: terms(21) }), []);
    expect(ranked[0]?.candidates[3]).toEqual({ id: 't3', texts: ['term 3, also 3: what 3 means'] });
  });

  it('near to what is known, what was said, what applies, and what tools have brought', async () => {
    const { recall, ranked } = recalling();
    const turn = knowing(
      { terms: terms(21) },
      {
        events: [customerSays('my card is gone')],
        situation: { variables: [{ name: 'plan', description: null, value: { tier: 'gold' } }] },
        staged: [staged({ balance: 12 })],
      },
    );
    const guideline = engineGuideline('g', { condition: 'a card is lost', action: 'block it' });
    const observation = engineGuideline('o', { condition: 'it is urgent', action: null });
    await recall.terms(turn, [match(guideline), match(observation)]);
    const query = ranked[0]?.query ?? '';
    for (const part of [
      '{"plan":{"tier":"gold"}}',
      'my card is gone',
      'when a card is lost then block it',
      'when it is urgent',
      '{"balance":12}',
    ])
      expect(query).toContain(part);
  });

  it('near to nothing there is nothing', async () => {
    const { recall, ranked } = recalling();
    expect(await recall.terms(knowing({ terms: terms(21) }, { events: [] }), [])).toEqual([]);
    expect(ranked).toEqual([]);
  });

  it('their texts are made once, as long as the glossary stays the same', async () => {
    const { recall, ranked } = recalling();
    const turn = knowing({ terms: terms(21) });
    await recall.terms(turn, []);
    await recall.terms(turn, []);
    expect(ranked[1]?.candidates).toBe(ranked[0]?.candidates);
  });
});

describe('capabilities', () => {
  it('the three nearest to what was said are told, found by what they are and how they are asked for', async () => {
    const { recall, ranked } = recalling({
      rank: (candidates) => candidates.toReversed().map(({ id }) => ({ id, score: 1 })),
    });
    const turn = knowing({ capabilities: capabilities(5) }, { events: [customerSays('raise my limit')] });
    const told = await recall.capabilities(turn);
    expect(told.map(({ title }) => title)).toEqual(['title 4', 'title 3', 'title 2']);
    expect(ranked).toMatchObject([
      {
        query: expect.stringContaining('raise my limit') as string,
        candidates: [{ id: 'c0', texts: ['title 0: what 0 is', 'please 0'] }, {}, {}, {}, {}],
      },
    ]);
  });

  it('three or fewer are all told', async () => {
    const { recall, ranked } = recalling();
    expect(await recall.capabilities(knowing({ capabilities: capabilities(3) }))).toHaveLength(3);
    expect(ranked).toEqual([]);
  });

  it('before anything was said there is none', async () => {
    const { recall } = recalling();
    expect(await recall.capabilities(knowing({ capabilities: capabilities(3) }, { events: [] }))).toEqual([]);
  });
});

type Ranking = { query: string; candidates: Parameters<NlpService['rank']>[1] };

function recalling({
  rank = (candidates) => candidates.map(({ id }) => ({ id, score: 1 })),
}: {
  readonly rank?: (candidates: Parameters<NlpService['rank']>[1]) => Awaited<ReturnType<NlpService['rank']>>;
} = {}) {
  const ranked: Ranking[] = [];
  const nlp = createScriptedNlp(
    {},
    {
      rank: async (query, candidates) => {
        ranked.push({ query, candidates });
        return rank(candidates);
      },
    },
  );
  const nobody = () => Promise.reject(new Error('Nobody asks here.'));
  const contextValues = { find: nobody, put: nobody };
  const recall = createRecall({
    nlp,
    contextValues,
    tools: { service: () => undefined },
    clock: systemClock,
  });
  return { recall, ranked };
}

function knowing(known: Partial<AgentKnowledge>, given: TurnGiven = {}): TurnContext {
  const turn = composerTurn(given);
  return { ...turn, knowledge: { ...turn.knowledge, ...known } };
}

const creationUtc = '2026-01-01T00:00:00.000000Z';

function terms(count: number): readonly Term[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `t${at}`,
    creationUtc,
    name: `term ${at}`,
    synonyms: [`also ${at}`],
    description: `what ${at} means`,
    tags: [],
  }));
}

function capabilities(count: number): readonly Capability[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `c${at}`,
    creationUtc,
    title: `title ${at}`,
    description: `what ${at} is`,
    signals: [`please ${at}`],
    tags: [],
  }));
}

function staged(data: { readonly balance: number }) {
  const result = {
    data,
    metadata: {},
    control: {},
    cannedResponses: [],
    cannedResponseFields: {},
    guidelines: [],
  };
  return { toolId: 's:t', arguments: {}, result };
}

function match(guideline: ReturnType<typeof engineGuideline>) {
  return { guideline, score: 10, rationale: '' };
}
