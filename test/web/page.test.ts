/** The page in a real browser, with a server that is well. What becomes of it when the server is not: `recovery.test.ts`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAgent } from '../../src/agents/agent-runner.ts';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { createKnowledgeAgent } from '../../src/agents/knowledge-agent.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { browserTests, hasBrowser, patient } from '../support/web/browser-tests.ts';
import type { PageVisit, VisitOptions } from '../support/web/page-visit.ts';
import { createPromptedAgent } from '../support/web/prompted-agent.ts';

/** An agent that knows one thing, and where it stands. */
async function createLibrary(): Promise<LocalAgent> {
  await using folder = await createDataFolder();
  const text =
    '# Green tea\n\nGreen tea is drunk in small cups.\n\n## Brewing\n\nGreen tea is brewed at 70 degrees.\n';
  await writeFile(join(folder.path, 'tea.md'), text);
  return createKnowledgeAgent({ id: 'library', folder: folder.path });
}

/** Of an element of the page. */
type Scrolled = { readonly scrollHeight: number; readonly scrollTop: number; readonly clientHeight: number };

const idOf = ({ page }: PageVisit): string => new URL(page.url()).hash.slice(1);

describe.skipIf(!hasBrowser)('the page', () => {
  const tests = browserTests('The page');
  const prompted = createPromptedAgent('prompted');
  let server: TestServer;
  const visit = (options: Partial<VisitOptions> = {}) => tests.visit({ url: server.url, ...options });

  beforeAll(async () => {
    server = await startServer({
      agents: [createEchoAgent(), prompted, await createLibrary()],
      pageFolder: tests.pageFolder(),
    });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it('makes a session, and shows the answer grow while the statechart is processing', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    await expect.poll(ann.activeStates, patient).toEqual(['NOT_STARTED']);
    await ann.say('Hello');
    prompted.write('Good ');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good (growing)']);
    await expect.poll(ann.activeStates, patient).toEqual(['local', 'processing']);
    await expect.poll(() => ann.page.locator('.status-line').innerText(), patient).toContain('Writing');
    prompted.write('day');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good day (growing)']);
    prompted.end();
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good day']);
    await expect.poll(ann.activeStates, patient).toEqual(['local', 'ready']);
    await expect.poll(ann.sessions, patient).toEqual(['Hello']);

    await ann.say('And again');
    prompted.write('Good night');
    prompted.end();
    await expect
      .poll(ann.said, patient)
      .toEqual(['customer: Hello', 'agent: Good day', 'customer: And again', 'agent: Good night']);
    await expect.poll(() => ann.page.locator('.moves li').count(), patient).toBe(6);
    expect(await ann.page.locator('.chart-taken').textContent()).toContain('run done');
    expect(ann.complaints).toEqual([]);
  });

  it('makes one by itself for who simply writes', async () => {
    const ann = await visit();
    await ann.say('Hello');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: echo: Hello']);
    await expect.poll(ann.sessions, patient).toEqual(['Hello']);
  });

  it('asks who is to answer before anything is said', async () => {
    const ann = await visit();
    await ann.page.getByLabel('Answered by').selectOption('library');
    await ann.say('How is green tea brewed?');
    await expect.poll(ann.said, patient).toHaveLength(2);
    expect(await ann.page.locator('.chat-title').innerText()).toContain('library');
  });

  it('keeps what an interrupted answer had come to, and answers what interrupted it', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    await ann.say('Tell me of the moon');
    prompted.write('The moon is');
    await expect.poll(ann.said, patient).toContain('agent: The moon is (growing)');
    await ann.say('No, of the sun');
    await expect
      .poll(ann.said, patient)
      .toEqual([
        'customer: Tell me of the moon',
        'agent: The moon is (interrupted)',
        'customer: No, of the sun',
      ]);
    prompted.write('The sun shines');
    prompted.end();
    await expect
      .poll(ann.said, patient)
      .toEqual([
        'customer: Tell me of the moon',
        'agent: The moon is (interrupted)',
        'customer: No, of the sun',
        'agent: The sun shines',
      ]);
  });

  it('stops an answer', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    await ann.say('Count');
    prompted.write('One, two');
    await expect.poll(ann.said, patient).toContain('agent: One, two (growing)');
    const stop = ann.page.getByRole('button', { name: 'Stop the answer' });
    await stop.click();
    await expect.poll(ann.said, patient).toEqual(['customer: Count', 'agent: One, two (interrupted)']);
    await expect.poll(() => stop.count(), patient).toBe(0);
  });

  it('says why an answer failed, and tries again', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    await ann.say('Tea?');
    prompted.fail('no tea');
    const failure = ann.page.locator('.failure');
    await expect.poll(() => failure.innerText(), patient).toContain('Error: no tea AGENT_FAILED');
    await ann.page.getByRole('button', { name: 'Try again' }).click();
    prompted.write('Tea.');
    prompted.end();
    await expect.poll(ann.said, patient).toContain('agent: Tea.');
    expect((await ann.said()).filter((line) => line === 'customer: Tea?')).toHaveLength(2);
    expect(await ann.page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  });

  it('lets a message wait, or refuses it, where the session says so', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    const policy = ann.page
      .getByRole('group', { name: 'This session' })
      .getByLabel('A message while it answers');
    await policy.selectOption('enqueue');
    await expect.poll(() => policy.inputValue(), patient).toBe('enqueue');
    await ann.say('one');
    await expect.poll(ann.activeStates, patient).toContain('processing');
    await ann.say('two');
    const waiting = ann.page.locator('.message .badge').filter({ hasText: 'waits for its turn' });
    await expect.poll(() => waiting.count(), patient).toBe(1);
    prompted.write('first');
    prompted.end();
    await expect.poll(ann.said, patient).toEqual(['customer: one', 'agent: first', 'customer: two']);
    await policy.selectOption('reject');
    await ann.say('three');
    await expect.poll(() => ann.page.locator('.refused').innerText(), patient).toContain('Not sent');
    prompted.write('second');
    prompted.end();
    await expect.poll(ann.said, patient).toContain('agent: second');
    await ann.page.getByRole('button', { name: 'Send again' }).click();
    prompted.write('third');
    prompted.end();
    await expect
      .poll(ann.said, patient)
      .toEqual([
        'customer: one',
        'agent: first',
        'customer: two',
        'agent: second',
        'customer: three',
        'agent: third',
      ]);
  });

  it('shows the sources of an answer, and its Markdown without HTML', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'library' });
    await ann.say('How is green tea brewed?');
    const sources = ann.page.getByRole('group', { name: 'Source' });
    await expect.poll(() => sources.innerText(), patient).toMatch(/Green tea, Brewing\s+tea\.md/);

    await ann.newSession({ agent: 'echo' });
    const text =
      '**bold** [link](https://example.com) ![spy](https://example.com/a.png) <b onclick=alert(1)>raw</b>';
    await ann.say(text);
    const answer = ann.page.locator('.message[data-from=agent] .markdown');
    await expect.poll(() => answer.locator('strong').innerText(), patient).toBe('bold');
    expect(await answer.getByRole('link', { name: 'link' }).getAttribute('rel')).toContain('noopener');
    expect(await answer.locator('img, b, script').count()).toBe(0);
    expect(await answer.innerText()).toContain('<b onclick=alert(1)>raw</b>');
    await ann.say('one line\n**another**');
    await expect.poll(() => answer.last().locator('strong').innerText(), patient).toBe('another');
    expect(await answer.last().innerText()).toBe('echo: one line\nanother');
    expect(ann.complaints).toEqual([]);
  });

  it('folds the tools that were called', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'echo' });
    await ann.say('Hello');
    const data = {
      tool_calls: [{ tool_id: 'shop:price', arguments: { of: 'tea' }, result: { data: { eur: 5 } } }],
    };
    await expect.poll(ann.said, patient).toHaveLength(2);
    await server.log.append(idOf(ann), [{ kind: 'tool', source: 'ai_agent', trace_id: 'tools', data }]);
    const tools = ann.page.locator('.tools');
    await expect.poll(() => tools.locator('summary').innerText(), patient).toContain('Called price');
    expect(await tools.getByText('eur').isVisible()).toBe(false);
    await tools.locator('summary').click();
    expect(await tools.getByText('eur').isVisible()).toBe(true);
  });

  it('shows two users their own sessions, and nobody else those', async () => {
    const [ann, bob] = [await visit(), await visit()];
    await ann.say('I am Ann');
    await bob.say('I am Bob');
    await expect.poll(ann.said, patient).toHaveLength(2);
    await expect.poll(bob.said, patient).toHaveLength(2);
    await expect.poll(ann.sessions, patient).toEqual(['I am Ann']);
    await expect.poll(bob.sessions, patient).toEqual(['I am Bob']);
    const curious = await visit({ user: 'bob', path: `/#${idOf(ann)}`, expected: /404/ });
    await expect.poll(() => curious.page.getByText('This session is not there').count(), patient).toBe(1);
    expect(await curious.page.locator('.chat-head h2').innerText()).toBe('No session');
    expect(await curious.said()).toEqual([]);
    expect(await curious.activeStates()).toEqual([]);
  });

  it('becomes another user by their name', async () => {
    const ann = await visit();
    await ann.say('I am Ann');
    await expect.poll(ann.sessions, patient).toEqual(['I am Ann']);
    await ann.page.getByText('Settings').click();
    await ann.page.getByLabel('User').fill('Zoë 🦊');
    await ann.page.getByRole('button', { name: 'Change' }).click();
    await expect.poll(ann.sessions, patient).toEqual([]);
    await ann.say('I am Zoë');
    await expect.poll(ann.said, patient).toEqual(['customer: I am Zoë', 'agent: echo: I am Zoë']);
    const page = await server.sessions.list({ customerId: 'Zoë 🦊' });
    expect(page.items.map(({ title }) => title)).toEqual(['I am Zoë']);
  });

  it('renames, stops, starts and deletes a session', async () => {
    const ann = await visit();
    await ann.say('Hello');
    await expect.poll(ann.said, patient).toHaveLength(2);
    await expect.poll(ann.sessions, patient).toEqual(['Hello']);
    const menu = ann.page.getByRole('button', { name: /^More for/ });
    const choose = async (name: string) => {
      await menu.click();
      await ann.page.locator('.menu:popover-open').getByRole('button', { name }).click();
    };
    await choose('Rename');
    await ann.page.getByLabel('New title').fill('Greetings');
    await ann.page.keyboard.press('Enter');
    await expect.poll(ann.sessions, patient).toEqual(['Greetings']);
    await expect
      .poll(() => ann.page.getByRole('heading', { level: 2 }).first().innerText(), patient)
      .toBe('Greetings');

    const badge = ann.page.locator('.session .badge');
    await choose('Stop');
    await expect.poll(() => badge.innerText(), patient).toBe('stopped');
    await expect.poll(ann.activeStates, patient).toEqual(['STOPPED']);
    await choose('Start');
    await expect.poll(() => badge.innerText(), patient).toBe('polling');

    await choose('Delete');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
    expect(await ann.sessions()).toEqual(['Greetings']);
    await choose('Delete');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(ann.sessions, patient).toEqual([]);
    expect((await server.sessions.list({ customerId: tests.lastUser() })).items).toEqual([]);
    expect(ann.complaints).toEqual([]);
  });

  it('has everything again after a reload, also what was being written', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    await ann.say('Hello');
    prompted.write('Good ');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good (growing)']);
    await ann.composer.fill('Half a sent');
    await ann.page.reload();
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good (growing)']);
    expect(await ann.composer.inputValue()).toBe('Half a sent');
    expect(await ann.sessions()).toEqual(['Hello']);
    prompted.write('day');
    prompted.end();
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: Good day']);
  });

  it('goes back and forth between sessions, also by the buttons of the browser', async () => {
    const ann = await visit();
    await ann.newSession();
    await ann.say('first');
    await expect.poll(ann.said, patient).toContain('agent: echo: first');
    await ann.newSession();
    await ann.say('second');
    await expect.poll(ann.said, patient).toEqual(['customer: second', 'agent: echo: second']);
    await ann.page.goBack();
    await expect.poll(ann.said, patient).toEqual(['customer: first', 'agent: echo: first']);
    await ann.page.goForward();
    await expect.poll(ann.said, patient).toEqual(['customer: second', 'agent: echo: second']);
    await expect.poll(ann.sessions, patient).toEqual(['second', 'first']);
  });

  it('keeps eight tabs live, each with a session of its own', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => server.session('eight')));
    const ann = await visit({ user: 'eight', path: `/#${ids[0]}` });
    const tabs = [ann];
    for (const id of ids.slice(1)) tabs.push(await ann.openTab(`/#${id}`));
    for (const tab of tabs) await expect.poll(tab.connection, patient).toBe('open');
    for (const id of ids) await server.say(id, `to ${id}`);
    for (const [n, tab] of tabs.entries()) {
      await expect.poll(tab.said, patient).toEqual([`customer: to ${ids[n]}`, `agent: echo: to ${ids[n]}`]);
      await expect.poll(tab.sessions, patient).toHaveLength(8);
    }
    await ann.page.bringToFront();
    await ann.say('from the first one');
    await expect.poll(async () => (await ann.said()).at(-1), patient).toBe('agent: echo: from the first one');
    expect(ann.complaints).toEqual([]);
  });

  it('keeps eight tabs live with the same session', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    const tabs = [ann];
    for (let n = 1; n < 8; n += 1) tabs.push(await ann.openTab(`/#${idOf(ann)}`));
    await ann.page.bringToFront();
    await ann.say('Hello');
    prompted.write('Good ');
    for (const tab of tabs)
      await expect.poll(tab.said, patient).toEqual(['customer: Hello', 'agent: Good (growing)']);
    prompted.write('day');
    prompted.end();
    for (const tab of tabs)
      await expect.poll(tab.said, patient).toEqual(['customer: Hello', 'agent: Good day']);
  });

  it('reads for itself where there is no SharedWorker', async () => {
    const ann = await visit({ path: '/healthz' });
    await ann.page.addInitScript('delete globalThis.SharedWorker');
    await ann.page.goto(server.url);
    await ann.say('Hello');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: echo: Hello']);
  });

  it('shows the end of 5,000 messages, and the beginning to who scrolls there', async () => {
    const id = await server.session('writer');
    const event = (n: number) => ({
      kind: 'message' as const,
      source: n % 2 === 0 ? ('customer' as const) : ('ai_agent' as const),
      trace_id: `trace-${Math.floor(n / 2)}`,
      data: { message: `message ${n}`, participant: { id: null, display_name: 'Somebody' } },
    });
    await server.log.append(
      id,
      Array.from({ length: 5_000 }, (_, n) => event(n)),
    );
    const ann = await visit({ user: 'writer', path: `/#${id}` });
    await expect.poll(async () => (await ann.said()).at(-1), patient).toBe('agent: message 4999');
    const viewport = ann.page.locator('.thread-viewport');
    const rows = ann.page.locator('.message-list .row');
    expect(await rows.count()).toBeLessThan(60);
    await expect.poll(() => rows.last().isVisible(), patient).toBe(true);
    // Up by the wheel: what is in sight moves by as much, without jumps.
    await viewport.hover();
    const place = () =>
      rows
        .first()
        .evaluate((row: { getAttribute(name: string): string | null }) =>
          Number(row.getAttribute('data-index')),
        );
    let before = await place();
    for (let n = 0; n < 5; n += 1) {
      await ann.page.mouse.wheel(0, -2_000);
      await expect.poll(place, patient).toBeLessThan(before);
      before = await place();
    }
    await viewport.focus();
    await ann.page.keyboard.press('Home');
    await expect.poll(async () => (await ann.said())[0], patient).toBe('customer: message 0');
    const toEnd = ann.page.getByRole('button', { name: 'To the latest message' });
    await toEnd.click();
    await expect.poll(async () => (await ann.said()).at(-1), patient).toBe('agent: message 4999');
    await ann.say('one more');
    await expect.poll(async () => (await ann.said()).at(-1), patient).toBe('agent: echo: one more');
    await expect.poll(() => rows.last().isVisible(), patient).toBe(true);
    // To the very end.
    await expect.poll(() => toEnd.isVisible(), patient).toBe(false);
  });

  it('keeps who reads the end there, and leaves alone who reads above', async () => {
    const ann = await visit({ context: { viewport: { width: 1300, height: 500 } } });
    await ann.newSession({ agent: 'prompted' });
    const fromEnd = () =>
      ann.page
        .locator('.thread-viewport')
        .evaluate(
          ({ scrollHeight, scrollTop, clientHeight }: Scrolled) => scrollHeight - scrollTop - clientHeight,
        );
    const talk = async (n: number) => {
      await ann.say(`question ${n}`);
      await expect.poll(async () => (await ann.said()).at(-1), patient).toBe(`customer: question ${n}`);
      await expect.poll(fromEnd, patient).toBe(0);
      prompted.write('Many words. '.repeat(40));
      await expect.poll(async () => (await ann.said()).at(-1), patient).toContain('(growing)');
      await expect.poll(fromEnd, patient).toBe(0);
    };
    await talk(1);
    prompted.end();
    await talk(2);
    await ann.composer.fill('a\nb\nc\nd');
    await expect.poll(fromEnd, patient).toBe(0);
    await ann.page.locator('.thread-viewport').hover();
    await ann.page.mouse.wheel(0, -200);
    await expect.poll(fromEnd, patient).toBe(200);
    prompted.write('More of them. '.repeat(40));
    prompted.end();
    await expect.poll(fromEnd, patient).toBeGreaterThan(250);
    await talk(3);
    prompted.end();
  });

  it('shows the log as it is', async () => {
    const ann = await visit();
    await ann.say('Hello');
    await expect.poll(ann.said, patient).toHaveLength(2);
    await ann.page.getByRole('tab', { name: 'Events' }).click();
    const events = ann.page.locator('.raw-event');
    await expect.poll(() => events.count(), patient).toBe(5);
    await events.first().locator('summary').click();
    expect(await events.first().locator('pre').innerText()).toContain('"message": "Hello"');
  });

  it('is as dark as it is told to be, and stays so', async () => {
    const ann = await visit({ context: { colorScheme: 'light' } });
    const background = () =>
      ann.page.locator('body').evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await background();
    await ann.page.getByText('Settings').click();
    await ann.page.getByLabel('Theme').selectOption('dark');
    await expect.poll(background, patient).not.toBe(light);
    const dark = await background();
    await ann.page.reload();
    expect(await background()).toBe(dark);
  });

  it('lets an operator take a session over, answer in it, and hand it back', async () => {
    const ann = await visit();
    await ann.say('Hello');
    await expect.poll(ann.said, patient).toHaveLength(2);
    const id = idOf(ann);
    const eve = await visit({ path: '/ops' });
    const row = eve.page.getByRole('row').filter({ has: eve.page.getByRole('button', { name: id }) });
    await expect.poll(() => row.innerText(), patient).toMatch(/polling\s+ready\s+auto/);
    await eve.page.getByRole('button', { name: id }).click();
    await eve.page.getByRole('button', { name: 'Take over' }).click();
    await expect.poll(() => row.innerText(), patient).toContain('manual');
    await expect.poll(() => ann.page.getByText('A person answers in this session').count(), patient).toBe(1);
    await ann.say('Is anybody there?');
    await eve.page.getByLabel('Your name').fill('Eve');
    await eve.say('I am. May I help?');
    await expect
      .poll(ann.said, patient)
      .toEqual([
        'customer: Hello',
        'agent: echo: Hello',
        'customer: Is anybody there?',
        'person: I am. May I help?',
      ]);
    await eve.page.getByRole('button', { name: 'Hand back to the agent' }).click();
    await expect.poll(() => row.innerText(), patient).toContain('auto');
    await ann.say('Thank you');
    await expect.poll(async () => (await ann.said()).at(-1), patient).toBe('agent: echo: Thank you');
    expect(eve.complaints).toEqual([]);
  });
});
