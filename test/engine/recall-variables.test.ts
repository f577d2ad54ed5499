import { describe, expect, it } from 'vitest';
import { createRecall } from '../../src/engine/recall.ts';
import type { TurnContext } from '../../src/engine/turn-context.ts';
import { createContextValues } from '../../src/entities/context-values.ts';
import type { NewContextVariable } from '../../src/entities/context-variables.ts';
import type { Json, JsonObject } from '../../src/event-log/event.ts';
import type { ToolService } from '../../src/tools/tool-service.ts';
import type { ToolContext } from '../../src/tools/tool.ts';
import { createTestClock } from '../support/clock.ts';
import { composerTurn, createScriptedNlp } from '../support/composer.ts';
import { openKnownEntities } from '../support/known-entities.ts';
import { createToolService } from '../support/tool-service.ts';

const noon = Date.parse('2026-01-01T12:00:30Z');

describe('a variable', () => {
  it('has the customer’s own value, else that of the first tag that has one, else the agent’s, else everybody’s', async () => {
    await using world = await openWorld();
    const { entities, shown } = world;
    await world.create({ id: 'v', name: 'plan', description: 'what was paid for' });
    const customer = { customerId: 'carl', customerTags: ['gold', 'old'] };
    const seen: unknown[] = [];
    for (const key of ['DEFAULT', 'agent:a', 'tag:old', 'tag:gold', 'carl']) {
      await entities.contextValues.put({ variableId: 'v', key, data: `of ${key}` });
      seen.push((await shown(customer))[0]?.value);
    }
    expect(seen).toEqual(['of DEFAULT', 'of agent:a', 'of tag:old', 'of tag:gold', 'of carl']);
    expect(await shown(customer)).toEqual([
      { name: 'plan', description: 'what was paid for', value: 'of carl' },
    ]);
  });

  it('that nobody has a value of is not told', async () => {
    await using world = await openWorld();
    await world.create({ name: 'plan' });
    await world.entities.contextValues.put({ variableId: 'plan', key: 'somebody else', data: 1 });
    expect(await world.shown()).toEqual([]);
  });

  it('may have nothing as its value', async () => {
    await using world = await openWorld();
    await world.create({ name: 'plan' });
    await world.entities.contextValues.put({ variableId: 'plan', key: 'DEFAULT', data: null });
    expect(await world.shown()).toMatchObject([{ name: 'plan', value: null }]);
  });
});

describe('a variable with a tool', () => {
  it('has what the tool says, which is kept for the customer', async () => {
    await using world = await openWorld();
    const { entities, shown, calls } = world;
    await world.create({ name: 'balance', toolId: 'shop:balance' });
    expect(await shown({ customerId: 'carl' })).toMatchObject([{ name: 'balance', value: { balance: 1 } }]);
    expect(calls).toMatchObject([
      { args: {}, context: { agentId: 'a', sessionId: 's', customerId: 'carl' } },
    ]);
    expect(await entities.contextValues.list('balance')).toMatchObject([
      { key: 'carl', data: { balance: 1 }, lastModified: '2026-01-01T12:00:30.000000Z' },
    ]);
  });

  it('without rules is asked for in every turn', async () => {
    await using world = await openWorld();
    await world.create({ name: 'balance', toolId: 'shop:balance' });
    await world.shown();
    expect(await world.shown()).toMatchObject([{ value: { balance: 2 } }]);
  });

  it('is not asked for before its rules say that it is stale, at the time of the turn', async () => {
    await using world = await openWorld();
    const { shown, clock } = world;
    await world.create({ name: 'balance', toolId: 'shop:balance', freshnessRules: '*/10 * * * *' });
    await shown();
    await clock.advance(9 * 60_000);
    expect(await shown()).toMatchObject([{ value: { balance: 1 } }]);
    await clock.advance(60_000);
    expect(await shown()).toMatchObject([{ value: { balance: 2 } }]);
    expect(await shown()).toMatchObject([{ value: { balance: 2 } }]);
  });

  it('is fetched for each customer', async () => {
    await using world = await openWorld();
    await world.create({ name: 'balance', toolId: 'shop:balance', freshnessRules: '@daily' });
    const seen = [];
    for (const customerId of ['carl', 'dora', 'carl']) seen.push(await world.shown({ customerId }));
    expect(seen.flat().map(({ value }) => value)).toEqual([{ balance: 1 }, { balance: 2 }, { balance: 1 }]);
  });

  it('is asked for by the same name in every attempt at a turn, and by another for each variable', async () => {
    await using world = await openWorld();
    for (const name of ['one', 'two']) await world.create({ name, toolId: 'shop:balance' });
    await world.shown();
    await world.shown({ attempt: 2 });
    await world.shown({ traceId: 'the next turn' });
    const ids = world.calls.map(({ context }) => context.callId);
    expect(ids.slice(2, 4).toSorted()).toEqual(ids.slice(0, 2).toSorted());
    expect(new Set(ids).size).toBe(4);
  });

  it('that was deleted meanwhile is good for this turn', async () => {
    await using world = await openWorld();
    await world.create({ name: 'balance', toolId: 'shop:balance' });
    const turn = world.turn();
    await world.entities.contextVariables.delete('balance');
    expect(await world.recall.variables(turn)).toMatchObject([{ value: { balance: 1 } }]);
  });
});

describe('several variables', () => {
  it('are fetched at the same time and told in their order', async () => {
    const { promise: all, resolve } = Promise.withResolvers<void>();
    await using world = await openWorld(async (_context, count) => {
      if (count === 3) resolve();
      await all;
      return count;
    });
    for (const name of ['one', 'two', 'three']) await world.create({ name, toolId: 'shop:balance' });
    expect((await world.shown()).map(({ name }) => name)).toEqual(['one', 'two', 'three']);
  });

  it('a tool that fails fails all of it, and the others are given up', async () => {
    const signals: AbortSignal[] = [];
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    await using world = await openWorld(async ({ signal }, count) => {
      if (count === 2) {
        await begun;
        throw new Error('the bank is closed');
      }
      signals.push(signal);
      resolve();
      return new Promise<never>(() => {});
    });
    for (const name of ['one', 'two']) await world.create({ name, toolId: 'shop:balance' });
    await expect(world.shown()).rejects.toThrow('the bank is closed');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    for (const name of ['one', 'two']) expect(await world.entities.contextValues.list(name)).toEqual([]);
  });

  it('a tool that does not answer within its time fails all of it, and says so', async () => {
    const signals: AbortSignal[] = [];
    await using world = await openWorld(({ signal }) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    });
    await world.create({ name: 'balance', toolId: 'shop:balance' });
    const shown = world.shown().catch((error: unknown) => error);
    await expect.poll(() => signals).toHaveLength(1);
    await world.clock.advance(120_000);
    expect(await shown).toMatchObject({
      code: 'TOOL_FAILED',
      message: 'The tool "shop:balance" failed: it took longer than 120 seconds.',
    });
    expect(signals[0]?.aborted).toBe(true);
  });

  it('a tool whose service is gone fails all of it by its name', async () => {
    await using world = await openWorld();
    await world.create({ name: 'balance', toolId: 'shop:balance' });
    const turn = world.turn();
    const [variable] = turn.knowledge.variables;
    const orphan = { ...turn.knowledge, variables: variable ? [{ ...variable, toolId: 'gone:tool' }] : [] };
    await expect(world.recall.variables({ ...turn, knowledge: orphan })).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
    });
  });

  it('are not waited for when the turn is given up', async () => {
    await using world = await openWorld(() => new Promise<never>(() => {}));
    await world.create({ name: 'balance', toolId: 'shop:balance' });
    const turn = new AbortController();
    const fetched = world.shown({ signal: turn.signal });
    turn.abort(new Error('interrupted'));
    await expect(fetched).rejects.toThrow('interrupted');
  });
});

type Balance = (context: ToolContext, count: number) => Promise<Json>;

/** The tool `shop:balance` says how often it was called. Ids of variables are their names. */
async function openWorld(balance: Balance = async (_context, count) => ({ balance: count })) {
  const calls: { readonly context: ToolContext; readonly args: JsonObject }[] = [];
  const shop = createToolService('balance');
  const opened = await openKnownEntities({
    ...shop,
    async call(name, context, args) {
      calls.push({ context, args });
      const data = await balance(context, calls.length);
      return { ...(await shop.call(name, context, args)), data };
    },
  } satisfies ToolService);
  const { entities, documents } = opened;
  const clock = createTestClock(noon);
  const contextValues = createContextValues({ documents, now: () => clock.now() });
  const { tools } = entities;
  const recall = createRecall({ nlp: createScriptedNlp({}), tools, contextValues, clock });
  const variables: TurnContext['knowledge']['variables'][number][] = [];
  const turn = (given: Partial<Turn> = {}): TurnContext => {
    const made = composerTurn(given);
    return { ...made, knowledge: { ...made.knowledge, variables } };
  };
  return {
    ...opened,
    clock,
    recall,
    calls,
    turn,
    create: async (variable: NewContextVariable) =>
      void variables.push(await entities.contextVariables.create({ id: variable.name, ...variable })),
    shown: async (given: Partial<Turn> = {}) => recall.variables(turn(given)),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

type Turn = Pick<TurnContext, 'customerId' | 'customerTags' | 'attempt' | 'traceId' | 'signal'>;
