/** What a turn finds out from iteration to iteration, and what of it is there in the end. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { QuestionInputs } from '../../src/nlp/questions/questions.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { endingOf, playTurn, startWritten, storyOf, type WrittenOptions } from '../support/written-agent.ts';

const look = tool({ name: 'look', handler: () => 'found' });
const needing = (name: string) =>
  tool({ name: `needs_${name}`, parameters: z.object({ [name]: z.string() }), handler: () => 'done' });

type Asked = QuestionInputs['actionable'];

/** Conditions that hold from the second time on that they are asked about; all others always. */
function holdingLater(...later: readonly string[]) {
  const counts = new Map<string, number>();
  return ({ guidelines }: Pick<Asked, 'guidelines'>) => ({
    checks: guidelines.map(({ n, condition }) => {
      const count = (counts.get(condition) ?? 0) + 1;
      counts.set(condition, count);
      return { n, rationale: 'scripted', applies: count > 1 || !later.includes(condition) };
    }),
  });
}

/** The first turn of an agent; of what was asked, what its answer was made of. */
async function play(write: (server: DefinedServer) => void, options: WrittenOptions = {}) {
  const { events, story, asked } = await playTurn(write, options);
  const [draft] = asked.flatMap((each) => (each.question === 'canned_draft' ? each.input : []));
  const looks = story.filter((told) => told === 'processing: Interpreting').length;
  return { ending: endingOf(events), draft, looks, asked };
}

const calls = { tools_simple: [{ calls: [{ args: {} }] }] };

describe('a turn', () => {
  it('looks again where a step of a journey runs tools, also where none could be called', async () => {
    const { looks } = await play(
      (server) => {
        const journey = server.createAgent({ name: 'Clinic' }).createJourney({
          title: 'Book',
          description: 'Books',
          conditions: ['books'],
        });
        journey.initialState.transitionTo({ toolState: needing('day') });
      },
      { script: calls },
    );
    expect(looks).toBe(2);
  });

  it('looks no more where a hook says that enough is known', async () => {
    const write = (result: 'next' | 'bail') => (server: DefinedServer) => {
      const hooks = { preparationIterationEnd: async () => result };
      server
        .createAgent({ name: 'Clinic', hooks })
        .createGuideline({ condition: 'a', action: 'b', tools: [look] });
    };
    expect((await play(write('next'))).looks).toBe(2);
    expect((await play(write('bail'))).looks).toBe(1);
  });

  it('answers with all that is missing, whenever it was found', async () => {
    const { draft } = await play(
      (server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        agent.createGuideline({ condition: 'a', action: 'b', tools: [look, needing('day')] });
        agent
          .createGuideline({ condition: 'later', action: 'c', tools: [needing('name')] })
          .reevaluateAfter(look);
      },
      { script: { ...calls, actionable: holdingLater('later') } },
    );
    expect(draft?.missing.map(({ parameter }) => parameter)).toEqual(['day', 'name']);
  });

  it('knows the terms that came up first, and those that came up by what applies', async () => {
    const { draft } = await play(
      (server) => {
        const agent = server.createAgent({ name: 'Clinic' });
        for (let n = 0; n < 25; n += 1) agent.createTerm({ name: `word${n}.`, description: 'A word' });
        agent.createTerm({ name: 'Hello', description: 'How one begins' });
        agent.createGuideline({ condition: 'a', action: 'Speak of word7.' });
      },
      {
        rank: async (query, candidates) =>
          candidates.flatMap(({ id, texts: [text = ''] }) =>
            query.includes(text.split(':', 1)[0] ?? '') ? [{ id, score: 1 }] : [],
          ),
      },
    );
    expect(draft?.situation.terms.map(({ name }) => name)).toEqual(['Hello', 'word7.']);
  });

  it('is answered also where its customer was deleted meanwhile', async () => {
    await using program = await startWritten(
      (server) =>
        void server.createAgent({ name: 'Clinic' }).createGuideline({ condition: 'a', action: 'b' }),
    );
    const id = await program.session();
    expect((await fetch(`${program.url}/customers/ann`, { method: 'DELETE' })).status).toBe(204);
    expect(storyOf(await program.turn(id, 'Hello'))).toContain('agent: An answer.');
    const [asked] = program.nlp.asked.flatMap((each) => (each.question === 'actionable' ? each.input : []));
    expect(asked?.situation.customer).toEqual({ id: 'ann', name: 'ann' });
  });

  it('knows what is kept of its customer by a tag', async () => {
    const { draft } = await play((server) => {
      const vip = server.createTag('vip');
      server.createCustomer({ id: 'ann', name: 'Ann', tags: [vip] });
      const plan = server.createAgent({ name: 'Clinic' }).createVariable({ name: 'plan' });
      plan.setValue('default', 'basic');
      plan.setValue(vip, 'gold');
    });
    expect(draft?.situation.variables).toMatchObject([{ name: 'plan', value: 'gold' }]);
  });
});

describe('a journey', () => {
  const write = (server: DefinedServer) => {
    const agent = server.createAgent({ name: 'Clinic' });
    const likely = agent.createJourney({ title: 'Likely', description: 'L', conditions: ['books'] });
    likely.initialState.transitionTo({ chatState: 'Ask for the day' });
    const other = agent.createJourney({ title: 'Other', description: 'O', conditions: ['cancels'] });
    const { target } = other.initialState.transitionTo({ chatState: 'Ask which one' });
    return { agent, other, target };
  };

  it('that nobody had thought likely takes its first step when it begins, and what begins it is asked again', async () => {
    let step = '';
    const { ending, asked } = await play((server) => void (step = write(server).target.id), {
      holds: ['cancels'],
      rank: async (_query, candidates) => candidates.map(({ id }) => ({ id, score: 1 })),
    });
    expect(ending.matched_journey_states).toEqual([{ id: step }]);
    const beginnings = asked.flatMap((each) =>
      each.question === 'observational' ? each.input.guidelines.map(({ condition }) => condition) : [],
    );
    // In the first of the two turns.
    expect(beginnings.slice(0, 3)).toEqual(['books', 'cancels', 'cancels']);
  });

  it('is likely by what was said and by what is known of the customer', async () => {
    const queries: string[] = [];
    await play(
      (server) => {
        const { agent } = write(server);
        agent.createVariable({ name: 'plan' }).setValue('default', 'gold');
      },
      {
        rank: async (query) => {
          queries.push(query);
          return [];
        },
      },
    );
    expect(queries[0]).toMatch(/plan: "gold"[^]*Hello/);
  });

  it('that begins by what a tool has found takes its first step at once', async () => {
    let step = '';
    const { ending } = await play(
      (server) => {
        const { agent } = write(server);
        agent.createGuideline({ condition: 'a', action: 'b', tools: [look] });
        const found = agent.createObservation({ condition: 'found' });
        found.reevaluateAfter(look);
        const third = agent.createJourney({ title: 'Third', description: 'T', conditions: [found] });
        step = third.initialState.transitionTo({ chatState: 'Tell what was found' }).target.id;
      },
      {
        script: {
          ...calls,
          actionable: holdingLater(),
          observational: holdingLater('found', 'books', 'cancels'),
        },
      },
    );
    expect(ending.matched_journey_states).toEqual([{ id: step }]);
  });

  it('that was left is no part of the answer, also where retrievers bring guidelines', async () => {
    const { ending } = await play(
      (server) => {
        const { agent } = write(server);
        agent.attachRetriever(() => ({ guidelines: [{ action: 'Be brief' }] }));
      },
      { holds: ['books'], script: { next_step: [{ continues: false, choice: 'None' }] } },
    );
    expect(
      ending.matched_guidelines.map(({ id }) => id).filter((id) => id.startsWith('journey_node')),
    ).toEqual([]);
    expect(ending.matched_guidelines).toHaveLength(2);
  });
});
