import { describe, expect, it } from 'vitest';
import { findingCollection } from '../../src/engine/indexing/finding.ts';
import { NlpError, ServiceUnavailableError } from '../../src/errors.ts';
import type { QuestionName } from '../../src/nlp/questions/questions.ts';
import { createShop, type Indexing, startIndexing } from '../support/indexing.ts';
import { createStepClock } from '../support/step-clock.ts';

const asked = ({ nlp }: Indexing): readonly QuestionName[] => nlp.asked.map(({ question }) => question);
const nothingSpecial = {
  continuous: false,
  customer_dependent_action_data: {
    is_customer_dependent: false,
    customer_action: null,
    agent_action: null,
  },
  agent_intention_condition: null,
};

describe('a guideline that is written', () => {
  it('is looked into, and known with what was found; as it is stored, nothing has changed', async () => {
    await using at = await startIndexing({
      script: {
        continuous: [{ isContinuous: true }],
        customer_dependence: [
          { isCustomerDependent: true, customerAction: 'say when', agentAction: 'ask when' },
        ],
        agent_intention: [{ isAgentIntention: true, rewrittenCondition: 'The agent is likely to offer' }],
      },
    });
    const made = await at.guidelines.create({
      condition: 'You offer',
      action: 'Ask when',
      metadata: { x: 1 },
    });
    expect(at.metadataOf(made.id)).toEqual({ x: 1 });
    await at.indexer.idle();
    expect(at.metadataOf(made.id)).toEqual({
      x: 1,
      continuous: true,
      customer_dependent_action_data: {
        is_customer_dependent: true,
        customer_action: 'say when',
        agent_action: 'ask when',
      },
      agent_intention_condition: 'The agent is likely to offer',
    });
    expect(await at.guidelines.read(made.id)).toEqual(made);
  });

  it('is asked only what makes sense', async () => {
    await using at = await startIndexing();
    await at.guidelines.create({ condition: 'They wave' });
    await at.indexer.idle();
    expect(asked(at)).toEqual(['agent_intention']);
    await at.guidelines.create({ condition: '', action: 'Wave' });
    await at.indexer.idle();
    expect(asked(at).slice(1).toSorted()).toEqual(['continuous', 'customer_dependence']);
    await at.guidelines.create({ condition: '' });
    await at.guidelines.create({ condition: 'They wave', action: 'Wave', enabled: false });
    await at.indexer.idle();
    expect(asked(at)).toHaveLength(3);
  });

  it('with tools and no action is given one, which the other questions are about', async () => {
    await using at = await startIndexing();
    const { id } = await at.guidelines.create({ condition: 'They buy' });
    await at.guidelines.update(id, { tools: { add: ['shop:buy', 'shop:search'] } });
    await at.indexer.idle();
    expect(at.metadataOf(id)).toEqual({ ...nothingSpecial, internal_action: 'use shop:buy and shop:search' });
    const continuous = at.nlp.asked.find(({ question }) => question === 'continuous');
    expect(continuous?.input).toEqual({
      condition: 'They buy',
      action: 'use shop:buy and shop:search',
      tools: [],
    });
  });

  it('keeps what its metadata say already: that is not asked', async () => {
    await using at = await startIndexing();
    const { id } = await at.guidelines.create({
      condition: 'They ask',
      action: 'Answer',
      metadata: { continuous: true, agent_intention_condition: 'mine' },
    });
    await at.indexer.idle();
    expect(asked(at)).toEqual(['customer_dependence']);
    expect(at.metadataOf(id)).toMatchObject({ continuous: true, agent_intention_condition: 'mine' });
    // Whoever takes it back gets what a model thinks.
    await at.guidelines.update(id, { metadata: { unset: ['continuous'] } });
    await at.indexer.idle();
    expect(at.metadataOf(id)).toMatchObject({ continuous: false, agent_intention_condition: 'mine' });
  });

  it('is not looked into where the program decides itself whether it applies', async () => {
    await using at = await startIndexing({ isExempt: (id) => id === 'mine' });
    await at.guidelines.create({ id: 'mine', condition: 'They ask', action: 'Answer' });
    await at.indexer.idle();
    expect(asked(at)).toEqual([]);
  });

  it('is looked into again when it was changed, also while it was looked into, and is never known by its old words', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await using at = await startIndexing({
      script: {
        continuous: ({ action }) => ({ isContinuous: action === 'Old' }),
      },
      onAsk: (question) => {
        if (question !== 'continuous') return undefined;
        begun.resolve();
        return gate.promise;
      },
    });
    const { id } = await at.guidelines.create({ condition: 'c', action: 'Old' });
    await begun.promise;
    await at.guidelines.update(id, { action: 'New' });
    gate.resolve();
    await at.indexer.idle();
    expect(at.metadataOf(id)).toMatchObject({ continuous: false });
    await at.guidelines.update(id, { action: 'Newer' });
    expect(at.metadataOf(id)).toEqual({});
    await at.indexer.idle();
    expect(at.metadataOf(id)).toMatchObject({ continuous: false });
    await at.guidelines.update(id, { action: 'Old' });
    expect(at.metadataOf(id)).toMatchObject({ continuous: true });
  });

  it('that is written piece by piece is looked into once, when nothing more comes', async () => {
    const clock = createStepClock();
    await using at = await startIndexing({ clock, settleMs: 1_000 });
    const { id } = await at.guidelines.create({ condition: 'c', action: 'one' });
    for (const action of ['two', 'three', 'four']) {
      await expect.poll(() => clock.pending()).toBeGreaterThan(0);
      await at.guidelines.update(id, { action });
    }
    expect(asked(at)).toEqual([]);
    await expect.poll(async () => (await clock.step(), at.nlp.asked.length)).toBe(3);
    expect(new Set(at.nlp.asked.map(({ input }) => (input as { action: string }).action))).toEqual(
      new Set(['four']),
    );
  });
});

describe('the same text', () => {
  it('is asked about once: by several guidelines, again later, and after a restart', async () => {
    await using at = await startIndexing();
    const text = { condition: 'They ask', action: 'Answer' };
    const [one, other] = await Promise.all([at.guidelines.create(text), at.guidelines.create(text)]);
    await at.indexer.idle();
    expect(asked(at)).toHaveLength(3);
    expect(at.metadataOf(one.id)).toEqual(nothingSpecial);
    expect(at.metadataOf(other.id)).toEqual(nothingSpecial);
    await at.guidelines.delete(one.id);
    await at.guidelines.create({ ...text, description: 'of no interest', priority: 7 });
    await at.indexer.idle();
    expect(asked(at)).toHaveLength(3);
    await at.restart();
    // Known from the first moment on.
    expect(at.metadataOf(other.id)).toEqual(nothingSpecial);
    await at.indexer.idle();
    expect(asked(at)).toEqual([]);
  });

  it('is asked about again where another vendor’s models answer, not where another model of the same', async () => {
    await using at = await startIndexing({ name: 'vendor/small' });
    const { id } = await at.guidelines.create({ condition: 'They ask', action: 'Answer' });
    await at.indexer.idle();
    await at.restart({ name: 'vendor/large' });
    await at.indexer.idle();
    expect(asked(at)).toEqual([]);
    await at.restart({ name: 'other/one', script: { continuous: [{ isContinuous: true }] } });
    await at.indexer.idle();
    expect(at.metadataOf(id)).toMatchObject({ continuous: true });
    await at.restart({ name: 'vendor/small' });
    expect(at.metadataOf(id)).toMatchObject({ continuous: false });
  });

  it('is asked about again when the tools it was made of have changed', async () => {
    const shop = createShop(['buy']);
    const options = {
      tools: shop.tools,
      script: {
        action_proposal: ({ tools }: { tools: readonly { tool: { description: string } }[] }) => ({
          action: `as told: ${tools[0]?.tool.description}`,
        }),
      },
    };
    await using at = await startIndexing(options);
    shop.describe('buys');
    const { id } = await at.guidelines.create({ condition: 'They buy' });
    await at.guidelines.update(id, { tools: { add: ['shop:buy'] } });
    await at.indexer.idle();
    await at.restart(options);
    await at.indexer.idle();
    expect(asked(at)).toEqual([]);
    expect(at.metadataOf(id)).toMatchObject({ internal_action: 'as told: buys' });
    shop.describe('sells');
    await at.restart(options);
    await at.indexer.idle();
    expect(at.metadataOf(id)).toMatchObject({ internal_action: 'as told: sells' });
    expect(asked(at).toSorted()).toEqual([
      'action_proposal',
      'agent_intention',
      'continuous',
      'customer_dependence',
    ]);
  });

  it('is forgotten a month after nobody had it any more', async () => {
    await using at = await startIndexing();
    const { id } = await at.guidelines.create({ condition: 'They ask', action: 'Answer' });
    const kept = await at.guidelines.create({ condition: 'They wave', action: 'Wave' });
    await at.indexer.idle();
    await at.guidelines.delete(id);
    const countAfter = async (days: number) => {
      await at.restart({ clock: createStepClock(Date.now() + days * 86_400_000) });
      await at.indexer.idle();
      return (await at.documents.find(findingCollection)).totalCount;
    };
    expect([await countAfter(29), await countAfter(31)]).toEqual([2, 1]);
    expect(at.metadataOf(kept.id)).toEqual(nothingSpecial);
  });
});

describe('a question that fails', () => {
  it('is asked three times, each time with another freedom', async () => {
    const failure = new NlpError('scripted', 'it was not JSON');
    await using at = await startIndexing({
      script: {
        continuous: [failure, failure, { isContinuous: true }],
        agent_intention: [{ isAgentIntention: true, rewrittenCondition: ' ' }],
      },
    });
    const { id } = await at.guidelines.create({ condition: 'They ask', action: 'Answer' });
    await at.indexer.idle();
    const temperatures = (name: QuestionName) =>
      at.nlp.asked.filter(({ question }) => question === name).map(({ temperature }) => temperature);
    expect(temperatures('continuous')).toEqual([0, 0.15, 0.1]);
    expect(temperatures('customer_dependence')).toEqual([0]);
    // What says nothing is no answer.
    expect(temperatures('agent_intention')).toEqual([0, 0.15, 0.1]);
    expect(at.metadataOf(id)).toEqual({
      continuous: true,
      customer_dependent_action_data: nothingSpecial.customer_dependent_action_data,
    });
    expect(at.logged.map(([level, message]) => [level, message])).toEqual([
      ['warn', 'could not be looked into; it is tried again later'],
    ]);
  });

  it('hinders nobody, and is asked again after a minute, two, four …; what was found is not', async () => {
    const clock = createStepClock();
    const failure = new NlpError('scripted', 'nobody answers');
    let isUp = false;
    await using at = await startIndexing({
      clock,
      script: { continuous: () => (isUp ? { isContinuous: true } : failure) },
    });
    const { id } = await at.guidelines.create({ condition: 'They ask', action: 'Answer' });
    const other = await at.guidelines.create({ condition: 'They wave' });
    await at.indexer.idle();
    expect(at.metadataOf(other.id)).toEqual({ agent_intention_condition: null });
    const start = clock.now();
    const tries = () => asked(at).filter((question) => question === 'continuous').length;
    for (const [failures, minutes] of [
      [1, 0],
      [2, 1],
      [3, 3],
    ]) {
      await expect.poll(() => at.logged).toHaveLength(failures ?? 0);
      expect([tries(), clock.now() - start]).toEqual([3 * (failures ?? 0), 60_000 * (minutes ?? 0)]);
      await expect.poll(() => clock.pending()).toBe(1);
      if (failures === 3) isUp = true;
      await clock.step();
    }
    await at.indexer.idle();
    expect([tries(), clock.now() - start]).toEqual([10, 7 * 60_000]);
    expect(at.metadataOf(id)).toMatchObject({ continuous: true });
    expect(asked(at).filter((question) => question === 'customer_dependence')).toHaveLength(1);
  });

  it('is asked again at the next start', async () => {
    const failure = new NlpError('scripted', 'nobody answers');
    await using at = await startIndexing({ script: { continuous: [failure] } });
    const { id } = await at.guidelines.create({ condition: 'They ask', action: 'Answer' });
    await at.indexer.idle();
    await at.restart({});
    await at.indexer.idle();
    expect(asked(at)).toEqual(['continuous']);
    expect(at.metadataOf(id)).toEqual(nothingSpecial);
  });

  it('among many others is an outage: one line for all, and nobody is asked for a minute', async () => {
    const clock = createStepClock();
    const failure = new NlpError('scripted', 'nobody answers');
    let isUp = false;
    await using at = await startIndexing({
      clock,
      script: { agent_intention: () => (isUp ? { isAgentIntention: false } : failure) },
    });
    const conditions = Array.from({ length: 30 }, (_, n) => `c${n}`);
    await Promise.all(conditions.map((condition) => at.guidelines.create({ condition })));
    // Those that had begun, eight at a time, still fail.
    const mostAsked = 3 * (5 + 8);
    await expect.poll(() => at.nlp.asked.length).toBeGreaterThanOrEqual(3 * 5);
    const end = clock.now() + 59_000;
    while ((clock.next() ?? Infinity) <= end) await clock.step();
    expect(at.nlp.asked.length).toBeLessThanOrEqual(mostAsked);
    expect(at.logged.filter(([level]) => level === 'warn')).toHaveLength(1);
    isUp = true;
    const isKnown = () =>
      at.known().guidelines.filter(({ metadata }) => 'agent_intention_condition' in metadata).length;
    await expect.poll(async () => (await clock.step(), isKnown()), { timeout: 10_000 }).toBe(30);
  });

  it('because a tool’s server is down is asked when it is up', async () => {
    const clock = createStepClock();
    const shop = createShop(['buy']);
    let isUp = false;
    const service = (name: string) => {
      if (isUp) return shop.tools.service(name);
      throw new ServiceUnavailableError('shop', 'nobody answers');
    };
    await using at = await startIndexing({ clock, tools: { service } });
    const { id } = await at.guidelines.create({ condition: 'They buy' });
    await at.guidelines.update(id, { tools: { add: ['shop:buy'] } });
    await at.indexer.idle();
    expect(at.metadataOf(id)).not.toHaveProperty('internal_action');
    isUp = true;
    await expect
      .poll(async () => (await clock.step(), at.metadataOf(id)))
      .toMatchObject({ internal_action: 'use shop:buy' });
  });

  it('under way when the program ends keeps it from nothing', async () => {
    const begun = Promise.withResolvers<void>();
    await using at = await startIndexing({
      onAsk: (_question, { signal }) => {
        begun.resolve();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    const { id } = await at.guidelines.create({ condition: 'They ask', action: 'Answer' });
    await begun.promise;
    await at.restart({});
    await at.indexer.idle();
    expect(at.metadataOf(id)).toEqual(nothingSpecial);
    expect(at.logged).toEqual([]);
  });
});

describe('much to look into', () => {
  it('is asked a few at a time', async () => {
    let running = 0;
    let most = 0;
    await using at = await startIndexing({
      async onAsk() {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      },
    });
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => at.guidelines.create({ condition: `c${n}`, action: 'a' })),
    );
    await at.indexer.idle();
    expect(asked(at)).toHaveLength(90);
    expect(most).toBe(4);
  });

  it('says how far it is every two seconds, and nothing where it was short', async () => {
    const clock = createStepClock();
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let count = 0;
    await using at = await startIndexing({
      clock,
      onAsk: () => gates[count++]?.promise,
    });
    await at.guidelines.create({ condition: 'one' });
    await expect.poll(() => asked(at)).toHaveLength(1);
    await clock.step();
    await clock.step();
    expect(at.logged).toEqual([
      ['info', 'looking into what agents know', { done: 0, left: 1 }],
      ['info', 'looking into what agents know', { done: 0, left: 1 }],
    ]);
    gates[0]?.resolve();
    await at.indexer.idle();
    await expect
      .poll(() => at.logged.at(-1))
      .toEqual(['info', 'looked into what agents know', { done: 1, seconds: 4 }]);
    gates[1]?.resolve();
    await at.guidelines.create({ condition: 'two' });
    await at.indexer.idle();
    expect(at.logged).toHaveLength(3);
  });
});
