/**
 * The server is killed while it calls a tool on another server, which counts: what cannot be taken back is done at most once, the turn is
 * finished once, and the customer is told what is not known.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isFinalReady } from '../../src/event-log/event.ts';
import { readLog, startConversation, textOf } from '../support/conversation.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';
import { type PluginServer, pluginResult, pluginTool, startPluginServer } from '../support/plugin-server.ts';
import { type Program, startProgram } from '../support/program.ts';

// Two starts of the whole server each, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const script = fileURLToPath(new URL('../support/scripted-server.ts', import.meta.url));
const unknown = /^It is not known whether this has taken effect/;

describe('a payment, and the server is killed', () => {
  it.each<[string, Killing]>([
    ['before it was announced', { held: 'look', calls: 1, paid: 1, answer: /^paid$/ }],
    ['when it was announced, before it was made', { held: 'call', calls: 0, paid: 0, answer: unknown }],
    ['when it was made, before it took effect', { held: 'effect', calls: 1, paid: 0, answer: unknown }],
    ['when it took effect, before that was heard', { held: 'result', calls: 1, paid: 1, answer: unknown }],
    [
      'when it was known, before the customer was told',
      { held: 'answer', calls: 1, paid: 1, answer: /^paid$/ },
    ],
    [
      'also where the model would pay again',
      { held: 'result', calls: 1, paid: 1, answer: unknown, env: { CARELESS: '1' } },
    ],
    [
      'also where it would pay again what is known',
      { held: 'answer', calls: 1, paid: 1, answer: /^paid$/, env: { CARELESS: '1' } },
    ],
  ])('%s', async (_moment, { held, calls, paid, answer, env }) => {
    const killed = await killAt(held, env);
    expect(killed.bank.called()).toBe(calls);
    expect(killed.bank.paid()).toBe(paid);
    expect(killed.answers).toEqual([expect.stringMatching(answer)]);
    expect(killed.ended).toBe(1);
  });
});

describe('a question that can be asked again, and the server is killed', () => {
  it('is asked again by the same key', async () => {
    const { bank, answers, ended } = await killAt('balance');
    expect(bank.keys()).toHaveLength(2);
    expect(new Set(bank.keys()).size).toBe(1);
    expect(answers).toEqual(['20']);
    expect(ended).toBe(1);
  });
});

type Moment = 'look' | 'call' | 'effect' | 'result' | 'answer' | 'balance';

type Killing = {
  readonly held: Moment;
  /** How often the payment was asked for, and made, in the end. */
  readonly calls: number;
  readonly paid: number;
  readonly answer: RegExp;
  /** Of both servers. */
  readonly env?: Readonly<Record<string, string>>;
};

/** A customer asks for it, the server is killed at that moment and started again; what has come of it when the turn is over. */
async function killAt(held: Moment, env: Readonly<Record<string, string>> = {}) {
  const cleanUp = new AsyncDisposableStack();
  // Not `await using`: a test that runs out of time never comes to its end, and its server would live on.
  onTestFinished(() => cleanUp.disposeAsync());
  const bank = await openBank(held);
  cleanUp.use(bank.server);
  const folder = cleanUp.use(await createDataFolder());
  const where = { folder: folder.path, port: await freePort(), script };
  const first = cleanUp.use(
    await startProgram({ ...where, env: { ...env, ANSWER_MS: held === 'answer' ? '600000' : '0' } }),
  );
  await describeAgent(first, bank.server, held === 'balance' ? 'balance' : 'pay');
  bank.hold();
  const conversation = cleanUp.use(await startConversation({ url: first.url, agentId: 'teller' }));
  const turn = await conversation.say('please');
  const isKnown = () => conversation.seen.some(({ kind }) => kind === 'tool');
  await (held === 'answer' ? vi.waitUntil(isKnown, { timeout: 30_000 }) : bank.held);
  first.kill('SIGKILL');
  await first.exited;
  bank.release();

  const second = cleanUp.use(await startProgram({ ...where, env }));
  await Promise.race([conversation.turnOver(turn?.traceId ?? ''), conversation.failed]);
  const log = await readLog(second.url, conversation.sessionId);
  // What of an answer was followed is found out later.
  expect(conversation.seen.map(({ id }) => id)).toEqual(log.map(({ id }) => id));
  return {
    bank,
    answers: log.filter(({ kind, source }) => kind === 'message' && source === 'ai_agent').map(textOf),
    ended: log.filter(isFinalReady).length,
  };
}

type Bank = {
  readonly server: PluginServer;
  /** Resolves when what is held has been asked for. */
  readonly held: Promise<void>;
  /** From now on. */
  hold(): void;
  /** Nothing is held any more. */
  release(): void;
  called(): number;
  paid(): number;
  keys(): readonly string[];
};

async function openBank(held: Moment): Promise<Bank> {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isHeld = false;
  let paid = 0;
  async function pass(moment: Moment): Promise<void> {
    if (!isHeld || moment !== held) return;
    reached.resolve();
    await released.promise;
    throw new Error('Whoever asked is dead.');
  }
  let looks = 0;
  const server = await startPluginServer({
    // The server looks at the tool, announces the call, and looks again.
    instead({ url }, res) {
      if (url !== '/tools/pay' || !isHeld) return false;
      const moment = (looks += 1) === 1 ? 'look' : 'call';
      if (moment !== held) return false;
      pass(moment).catch(() => res.destroy());
      return true;
    },
    tools: {
      pay: {
        tool: pluginTool('pay', { consequential: true }),
        async *answer() {
          await pass('effect');
          paid += 1;
          await pass('result');
          yield pluginResult('paid');
        },
      },
      balance: {
        tool: pluginTool('balance', { parameters: { of: [{ type: 'string' }, {}] } }),
        async *answer() {
          await pass('balance');
          yield pluginResult('20');
        },
      },
    },
  });
  const keys = () => server.asked.flatMap(({ headers }) => headers['idempotency-key'] ?? []).map(String);
  return {
    server,
    held: reached.promise,
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      released.resolve();
    },
    called: () => keys().length,
    paid: () => paid,
    keys,
  };
}

/** An agent that uses this tool of the bank, written over REST. */
async function describeAgent({ url }: Program, bank: PluginServer, toolName: string): Promise<void> {
  await ask(`${url}/services/bank`, 'PUT', { kind: 'sdk', sdk: { url: bank.url } });
  await ask(`${url}/agents`, 'POST', { id: 'teller', name: 'Teller', composition_mode: 'fluid' });
  await ask(`${url}/guidelines`, 'POST', {
    id: 'g',
    condition: 'The customer asks for it',
    action: 'Do it',
    tags: ['agent:teller'],
  });
  const tool = { service_name: 'bank', tool_name: toolName };
  await ask(`${url}/guidelines/g`, 'PATCH', { tool_associations: { add: [tool] } });
}

async function ask(url: string, method: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
}
