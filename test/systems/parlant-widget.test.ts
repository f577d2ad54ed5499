/** Parlant's official React widget, unchanged, in a real browser, on a page of another origin than the server it talks to. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { type Colloquy, createColloquy } from '../../src/colloquy.ts';
import { messageTextOf, type SessionEvent } from '../../src/event-log/event.ts';
import { createExampleDefinition } from '../../src/examples/example-definition.ts';
import { findChromium, noBrowser, startChromium } from '../support/browser.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { startWidgetSite, type WidgetSite } from '../support/widget/widget-site.ts';
import { type Shown, type VisitOptions, visitWidget } from '../support/widget/widget-visit.ts';

const hasBrowser = findChromium() !== undefined;
if (!hasBrowser) console.warn(`Parlant's widget is not tested here: ${noBrowser}`);

// A whole browser, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const patient = { timeout: 30_000, interval: 50 };

const closing: (() => PromiseLike<unknown>)[] = [];
const afterwards: (() => PromiseLike<unknown>)[] = [];
const closeAll = async (resources: typeof closing) => {
  for (const close of resources.splice(0).toReversed()) await close();
};

/** An agent whose messages are stored while they grow, as Parlant's `message_output_mode: "stream"` has them. */
const streaming = createEchoAgent({ id: 'streaming', outputMode: 'stream', chunkDelayMs: 40 });

/** A server as it is shipped, and a visitor with the chat open in front of them. */
async function startChat(asked: Omit<VisitOptions, 'site' | 'server'>) {
  const folder = await createDataFolder();
  closing.push(() => folder[Symbol.asyncDispose]());
  const colloquy = await createColloquy({
    settings: { port: 0, dataDir: folder.path, logLevel: 'silent', shutdownGraceMs: 0 },
    agents: [createEchoAgent(), streaming],
    definitions: [createExampleDefinition()],
  });
  closing.push(() => colloquy.close());
  const server = await colloquy.listen();
  const visit = await visitWidget(browser, { site: site.url, server, ...asked });
  closing.push(() => visit[Symbol.asyncDispose]());
  await visit.toggle();
  return { colloquy, server, visit };
}

const theSession = async (colloquy: Colloquy) => (await colloquy.sessions.list({})).items[0]!;

/** The texts in the log. */
async function said(server: string, sessionId: string): Promise<string[]> {
  const events = await fetch(`${server}/sessions/${sessionId}/events?wait_for_data=0`);
  return ((await events.json()) as SessionEvent[]).flatMap((event) => messageTextOf(event) ?? []);
}

const you = (text: string): Shown => ({ from: 'You', text });
const echo = (text: string): Shown => ({ from: 'Echo', text: `echo: ${text}` });
/** These messages in this order, and nothing that the browser complains of. */
const talk = (...messages: readonly Shown[]) => ({ messages, complaints: [] });

let browser: Browser;
let site: WidgetSite;

describe.skipIf(!hasBrowser)("Parlant's widget", () => {
  beforeAll(async () => {
    site = await startWidgetSite();
    afterwards.push(() => site[Symbol.asyncDispose]());
    browser = await startChromium();
    afterwards.push(() => browser.close());
  });
  afterEach(() => closeAll(closing));
  afterAll(() => closeAll(afterwards));

  it('shows each answer, whole', async () => {
    const { visit } = await startChat({ agent: 'echo' });
    const [first, second] = ['Hello there', 'Is 2 < 3 & “naïve” 🦊?'] as const;
    await visit.say(first);
    await expect.poll(visit.seen, patient).toEqual(talk(you(first), echo(first)));
    await visit.say(second);
    await expect.poll(visit.seen, patient).toEqual(talk(you(first), echo(first), you(second), echo(second)));
  });

  it('shows answers that are streamed, whole as well', async () => {
    const { visit } = await startChat({ agent: 'streaming' });
    const [first, second] = ['Hello there', 'And once more'] as const;
    await visit.say(first);
    await expect.poll(visit.seen, patient).toEqual(talk(you(first), echo(first)));
    await visit.say(second);
    await expect.poll(visit.seen, patient).toEqual(talk(you(first), echo(first), you(second), echo(second)));
  });

  it('goes on where it was when it is closed and opened again', async () => {
    const { visit, colloquy } = await startChat({ agent: 'echo' });
    await visit.say('one');
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one')));
    await visit.toggle();
    await expect.poll(visit.seen, patient).toEqual(talk());
    await visit.toggle();
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one')));
    await visit.say('two');
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one'), you('two'), echo('two')));
    expect((await colloquy.sessions.list({})).items).toHaveLength(1);
  });

  it('has the whole talk again after a reload with its session, and goes on', async () => {
    const { visit } = await startChat({ agent: 'echo' });
    await visit.say('one');
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one')));
    await visit.page.reload();
    await visit.toggle();
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one')));
    await visit.say('two');
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one'), you('two'), echo('two')));
  });

  it('shows an answer of several paragraphs, whole', async () => {
    const { colloquy, server, visit } = await startChat({ agent: 'research_paper' });
    await visit.say('Tell me about CKD stage 3');
    await expect.poll(async () => (await visit.seen()).messages, patient).toHaveLength(2);
    const [question = '', answer = ''] = await said(server, (await theSession(colloquy)).id);
    expect(answer).toContain('\n\n');
    // The widget shows paragraphs as lines.
    const shown = { from: 'Research paper assistant', text: answer.replaceAll('\n\n', '\n') };
    await expect.poll(visit.seen, patient).toEqual(talk(you(question), shown));
  });

  it('listens on when a poll ended with nothing new', async () => {
    const { visit } = await startChat({ agent: 'echo', pollSeconds: 1 });
    await visit.say('one');
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one')));
    await expect.poll(visit.quietPolls, patient).toBeGreaterThan(0);
    await visit.say('two');
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one'), you('two'), echo('two')));
  });

  it('talks for the customer it was given, and shows what a person says in between', async () => {
    const { colloquy, visit } = await startChat({ agent: 'echo', customer: 'ann' });
    await visit.say('one');
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one')));
    const session = await theSession(colloquy);
    expect(session.customerId).toBe('ann');
    await colloquy.sessions.post(session.id, {
      kind: 'message',
      source: 'human_agent',
      data: { message: 'Eve here. May I help?', participant: { id: 'eve', display_name: 'Eve' } },
    });
    const shown = { from: 'Echo', text: 'Eve here. May I help?' }; // the widget puts the agent's name over it
    await expect.poll(visit.seen, patient).toEqual(talk(you('one'), echo('one'), shown));
  });
});
