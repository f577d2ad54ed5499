/** What becomes of calls when the turn they belong to is given up or tried again. The tools are on a server that counts. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SessionEvent } from '../../src/event-log/event.ts';
import { createSdkToolService } from '../../src/tools/sdk-tool-service.ts';
import { toolsOf } from '../support/tool-turn.ts';
import { type PluginServer, pluginResult, pluginTool, startPluginServer } from '../support/plugin-server.ts';
import type { Runtime } from '../support/runtime.ts';
import { startToolAgent, type ToolAgentOptions } from '../support/tool-agent.ts';

const buys = (what: string) => ({
  calls: [
    {
      isApplicable: true,
      alreadyStaged: false,
      arguments: [{ parameter: 'what', status: 'valid', value: what }],
    },
  ],
});
const buysNothing = { calls: [{ isApplicable: false, alreadyStaged: false }] };
/** In every attempt the same, as if the model did not see what was called before. */
const careless = { tools_full: [buys('a chair')], tools_simple: [{ calls: [{ args: { what: 'prices' } }] }] };

describe('a purchase that was under way when the server went down', () => {
  it('is made once, and the customer is told that nobody knows what became of it', async () => {
    const { shop, runtime, sessionId } = await start({ script: careless });
    await runtime.send(sessionId, 'a chair, please');
    await expect.poll(() => shop.bought()).toBe(1);
    await runtime.restart();
    await turnsOver(runtime, sessionId, 1);
    expect(shop.bought()).toBe(1);
    expect(await storyOf(runtime, sessionId)).toEqual([
      'customer: a chair, please',
      'calls shop:buy',
      'shop:buy unknown',
      'agent: shop:buy unknown',
      'completed',
    ]);
  });

  it.each([
    ['puts it in other words', buys('one chair'), ['shop:buy unknown', 'shop:buy not_called']],
    ['does not think of it any more', buysNothing, ['shop:buy unknown']],
  ])('is made once, also when the model %s', async (_, second, told) => {
    const { shop, runtime, sessionId } = await start({ script: { tools_full: [buys('a chair'), second] } });
    await runtime.send(sessionId, 'a chair, please');
    await expect.poll(() => shop.bought()).toBe(1);
    await runtime.restart();
    await turnsOver(runtime, sessionId, 1);
    expect(shop.bought()).toBe(1);
    expect(await toolsIn(runtime, sessionId)).toEqual(told);
    expect(await lastAnswer(runtime, sessionId)).toBe(told.join(', '));
  });

  it('is told of once, however often the server goes down', async () => {
    const answering = Promise.withResolvers<void>();
    const { shop, runtime, sessionId } = await start({
      script: careless,
      async beforeAnswer(count, { signal }) {
        if (count < 3) answering.resolve();
        if (count < 3) await heldUntil(signal);
      },
    });
    await runtime.send(sessionId, 'a chair, please');
    await expect.poll(() => shop.bought()).toBe(1);
    await runtime.restart();
    await answering.promise;
    await runtime.restart();
    await expect.poll(async () => (await runtime.sessions.get(sessionId)).openRun?.attempt).toBe(3);
    await runtime.restart();
    await turnsOver(runtime, sessionId, 1);
    expect(shop.bought()).toBe(1);
    expect(await toolsIn(runtime, sessionId)).toEqual(['shop:buy unknown']);
    expect(await lastAnswer(runtime, sessionId)).toBe('shop:buy unknown');
  });
});

describe('a purchase that was made before the server went down', () => {
  it.each([
    ['decides on it again', buys('a chair')],
    ['sees that it is done', buysNothing],
  ])('is not made again, and its result is known, when the model %s', async (_, second) => {
    const answering = Promise.withResolvers<void>();
    const { shop, runtime, sessionId } = await start({
      script: { tools_full: [buys('a chair'), second] },
      async beforeAnswer(count, { signal }) {
        if (count > 1) return;
        answering.resolve();
        await heldUntil(signal);
      },
    });
    shop.answer();
    await runtime.send(sessionId, 'a chair, please');
    await answering.promise;
    await runtime.restart();
    await turnsOver(runtime, sessionId, 1);
    expect(shop.bought()).toBe(1);
    expect(await storyOf(runtime, sessionId)).toEqual([
      'customer: a chair, please',
      'calls shop:buy',
      'shop:buy = "bought"',
      'agent: shop:buy = "bought"',
      'completed',
    ]);
  });
});

describe('a question that can be asked again', () => {
  it('is asked again by the same key, and what was said of it is not said again', async () => {
    const { shop, runtime, sessionId } = await start({ wants: ['shop:look'], script: careless });
    await runtime.send(sessionId, 'what does a chair cost?');
    await expect.poll(() => storyOf(runtime, sessionId)).toContain('agent: One moment.');
    await runtime.restart();
    await expect.poll(() => shop.keys()).toHaveLength(2);
    shop.answer();
    await turnsOver(runtime, sessionId, 1);
    expect(new Set(shop.keys()).size).toBe(1);
    expect(await storyOf(runtime, sessionId)).toEqual([
      'customer: what does a chair cost?',
      'agent: One moment.',
      'shop:look = "20"',
      'agent: shop:look = "20"',
      'completed',
    ]);
  });
});

describe('a purchase that was under way when the turn was given up', () => {
  it('for another message: the next answer tells that nobody knows what became of it, and the one after does not', async () => {
    const { shop, runtime, sessionId } = await start({
      script: { tools_full: [buys('a chair'), buysNothing] },
    });
    await runtime.send(sessionId, 'a chair, please');
    await expect.poll(() => shop.bought()).toBe(1);
    await runtime.send(sessionId, 'are you there?');
    await turnsOver(runtime, sessionId, 2);
    await runtime.send(sessionId, 'thanks');
    await turnsOver(runtime, sessionId, 3);
    expect(shop.bought()).toBe(1);
    expect(await storyOf(runtime, sessionId)).toEqual([
      'customer: a chair, please',
      'calls shop:buy',
      'customer: are you there?',
      'cancelled',
      'completed',
      'shop:buy unknown',
      'agent: shop:buy unknown',
      'completed',
      'customer: thanks',
      'agent: nothing to tell',
      'completed',
    ]);
  });

  it('by the customer, who is told so before it is made again', async () => {
    const { shop, runtime, sessionId } = await start({ script: careless });
    await runtime.send(sessionId, 'a chair, please');
    await expect.poll(() => shop.bought()).toBe(1);
    await runtime.sessions.cancel(sessionId);
    shop.answer();
    await runtime.send(sessionId, 'a chair, please, after all');
    await turnsOver(runtime, sessionId, 2);
    expect(await lastAnswer(runtime, sessionId)).toBe('shop:buy unknown, shop:buy not_called');
    expect(shop.bought()).toBe(1);
    await runtime.send(sessionId, 'there is none here: once more');
    await turnsOver(runtime, sessionId, 3);
    expect(await lastAnswer(runtime, sessionId)).toBe('shop:buy = "bought"');
    expect(shop.bought()).toBe(2);
    expect(new Set(shop.keys()).size).toBe(2);
  });

  it('because its time was over', async () => {
    const { shop, runtime, sessionId } = await start({
      script: { tools_full: [buys('a chair'), buysNothing] },
    });
    await runtime.send(sessionId, 'a chair, please');
    await expect.poll(() => shop.bought()).toBe(1);
    await runtime.clock.advance(120_000);
    await turnsOver(runtime, sessionId, 1);
    await runtime.send(sessionId, 'well?');
    await turnsOver(runtime, sessionId, 2);
    expect(await lastAnswer(runtime, sessionId)).toBe('shop:buy unknown');
  });
});

describe('nobody is told that the outcome is unknown', () => {
  it('when the result was for that answer only', async () => {
    const { shop, runtime, sessionId } = await start({
      script: { tools_full: [buys('a chair'), buysNothing] },
    });
    shop.answer({ control: { lifespan: 'response' } });
    await runtime.send(sessionId, 'a chair, please');
    await turnsOver(runtime, sessionId, 1);
    expect(await lastAnswer(runtime, sessionId)).toBe('shop:buy = "bought"');
    await runtime.send(sessionId, 'thanks');
    await turnsOver(runtime, sessionId, 2);
    expect(await lastAnswer(runtime, sessionId)).toBe('nothing to tell');
    expect(await toolsIn(runtime, sessionId)).toEqual([]);
  });

  it('when the answer failed, but the result is there', async () => {
    const { shop, runtime, sessionId } = await start({
      script: { tools_full: [buys('a chair'), buysNothing] },
      async beforeAnswer(count) {
        if (count === 1) throw new Error('no model');
      },
    });
    shop.answer();
    await runtime.send(sessionId, 'a chair, please');
    await turnsOver(runtime, sessionId, 1);
    await runtime.send(sessionId, 'well?');
    await turnsOver(runtime, sessionId, 2);
    expect(await toolsIn(runtime, sessionId)).toEqual(['shop:buy = "bought"']);
    expect(await lastAnswer(runtime, sessionId)).toBe('nothing to tell');
  });

  it('when somebody has spoilt what was announced', async () => {
    const { shop, runtime, sessionId } = await start({
      script: { tools_full: [buys('a chair'), buysNothing] },
    });
    await runtime.send(sessionId, 'a chair, please');
    await expect.poll(() => shop.bought()).toBe(1);
    await runtime.sessions.cancel(sessionId);
    const events = await runtime.log.read(sessionId);
    const announced = events.find(({ metadata }) => metadata['announced_calls']);
    const spoils = ['x', [1], [{ id: 1 }], [{ id: 'x', tool_id: 'y', arguments: 'z' }]];
    for (const [at, spoilt] of spoils.entries()) {
      await runtime.log.patch(sessionId, announced?.id ?? '', { set: { announced_calls: spoilt } });
      await runtime.send(sessionId, 'well?');
      await turnsOver(runtime, sessionId, at + 2);
      expect(await lastAnswer(runtime, sessionId)).toBe('nothing to tell');
    }
  });
});

type Shop = {
  /** How often something was bought. */
  bought(): number;
  /** Idempotency keys of all calls. */
  keys(): readonly string[];
  /** From now on: until then calls have their effect and are not answered. */
  answer(more?: Parameters<typeof pluginResult>[1]): void;
};

async function start(
  options: Pick<ToolAgentOptions, 'script' | 'beforeAnswer'> & { readonly wants?: string[] },
) {
  const cleanUp = new AsyncDisposableStack();
  onTestFinished(() => cleanUp.disposeAsync());
  const { shop, server } = await openShop();
  cleanUp.use(server);
  const { wants = ['shop:buy'], ...given } = options;
  const services = { shop: createSdkToolService({ serviceName: 'shop', url: server.url }) };
  const runtime = cleanUp.use(await startToolAgent({ tools: toolsOf([], services), wants, ...given }));
  return { shop, runtime, sessionId: await runtime.session() };
}

async function openShop(): Promise<{ readonly shop: Shop; readonly server: PluginServer }> {
  const open = Promise.withResolvers<Parameters<typeof pluginResult>[1]>();
  const parameters = { what: [{ type: 'string' }, {}] };
  let bought = 0;
  const server = await startPluginServer({
    tools: {
      buy: {
        tool: pluginTool('buy', { consequential: true, parameters, required: ['what'] }),
        async *answer() {
          bought += 1;
          yield pluginResult('bought', await open.promise);
        },
      },
      look: {
        tool: pluginTool('look', { parameters, required: ['what'] }),
        async *answer() {
          yield JSON.stringify({ message: 'One moment.' });
          yield pluginResult('20', await open.promise);
        },
      },
    },
  });
  const shop = {
    bought: () => bought,
    keys: () => server.asked.flatMap(({ headers }) => headers['idempotency-key'] ?? []).map(String),
    answer: (more = {}) => open.resolve(more),
  };
  return { shop, server };
}

/** Until the process lets go of it. */
function heldUntil(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function turnsOver(runtime: Runtime, sessionId: string, count: number): Promise<void> {
  await expect
    .poll(async () => (await runtime.story(sessionId)).filter((event) => event === 'completed'))
    .toHaveLength(count);
  await expect.poll(async () => (await runtime.sessions.get(sessionId)).openRun).toBeNull();
}

/** What matters here: messages, announcements, results of tools, how turns end. */
async function storyOf(runtime: Runtime, sessionId: string): Promise<readonly string[]> {
  const [events, story] = await Promise.all([runtime.log.read(sessionId), runtime.story(sessionId)]);
  return events.flatMap((event, at) => {
    const [announced, tools] = [toAnnounced(event), toTools(event)];
    if (announced.length > 0 || tools.length > 0) return [...announced, ...tools];
    const told = story[at] ?? '';
    return /^(customer|agent): |^(completed|cancelled|error)/.test(told) ? [told] : [];
  });
}

async function toolsIn(runtime: Runtime, sessionId: string): Promise<readonly string[]> {
  return (await runtime.log.read(sessionId)).flatMap(toTools);
}

async function lastAnswer(runtime: Runtime, sessionId: string): Promise<string | undefined> {
  const answers = (await runtime.story(sessionId)).filter((told) => told.startsWith('agent: '));
  return answers.at(-1)?.slice('agent: '.length);
}

function toAnnounced({ metadata }: SessionEvent): readonly string[] {
  const calls = (metadata['announced_calls'] ?? []) as readonly { readonly tool_id: string }[]; // as announced
  return calls.map(({ tool_id: toolId }) => `calls ${toolId}`);
}

function toTools({ kind, data }: SessionEvent): readonly string[] {
  if (kind !== 'tool') return [];
  type Told = { tool_id: string; result: { data: string; metadata: { outcome?: string } } };
  const { tool_calls: calls } = data as { readonly tool_calls: readonly Told[] }; // of a tool event
  return calls.map(({ tool_id: toolId, result }) => {
    const { outcome } = result.metadata;
    return outcome ? `${toolId} ${outcome}` : `${toolId} = ${JSON.stringify(result.data)}`;
  });
}
