/** The page for everybody: without a mouse, without seeing it, on a small screen, with large letters. */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { browserTests, hasBrowser, patient } from '../support/web/browser-tests.ts';
import { faultsIn } from '../support/web/faults-in.ts';
import type { PageVisit, VisitOptions } from '../support/web/page-visit.ts';
import { createPromptedAgent } from '../support/web/prompted-agent.ts';

describe.skipIf(!hasBrowser)('the page is for everybody', () => {
  const tests = browserTests('Whether the page is for everybody');
  const prompted = createPromptedAgent('prompted');
  let server: TestServer;
  const visit = (options: Partial<VisitOptions> = {}) => tests.visit({ url: server.url, ...options });

  beforeAll(async () => {
    server = await startServer({ agents: [createEchoAgent(), prompted], pageFolder: tests.pageFolder() });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const talk = async (visitor: PageVisit): Promise<void> => {
    await visitor.say('Some **Markdown**');
    await expect.poll(visitor.said, patient).toHaveLength(2);
    await expect.poll(() => visitor.page.locator('.markdown strong').count(), patient).toBe(1);
  };

  it.each(['light', 'dark'] as const)('axe finds nothing to complain of in the %s', async (colorScheme) => {
    const ann = await visit({ context: { colorScheme, reducedMotion: 'reduce' } });
    await talk(ann);
    await ann.page.getByText('Settings').click();
    await expect.poll(ann.activeStates, patient).toEqual(['local', 'ready']);
    expect(await faultsIn(ann.page)).toEqual([]);
    await ann.newSession({ agent: 'prompted' });
    await ann.say('Hello');
    prompted.write('Good');
    await expect.poll(ann.said, patient).toHaveLength(2);
    await ann.page.getByRole('tab', { name: 'Events' }).click();
    expect(await faultsIn(ann.page)).toEqual([]);
    prompted.fail('no tea');
    await expect.poll(() => ann.page.locator('.failure').count(), patient).toBe(1);
    await ann.page
      .getByRole('button', { name: /^More for/ })
      .first()
      .click();
    await ann.page.getByRole('button', { name: 'Delete …' }).click();
    expect(await faultsIn(ann.page)).toEqual([]);
  });

  it('axe finds nothing to complain of on the page of operators', async () => {
    const ann = await visit();
    await talk(ann);
    const eve = await visit({ path: '/ops', context: { reducedMotion: 'reduce' } });
    await eve.page.locator('.live-table .link').first().click();
    await expect.poll(eve.said, patient).toHaveLength(2);
    expect(await faultsIn(eve.page)).toEqual([]);
  });

  it('is used by keyboard alone', async () => {
    const ann = await visit();
    const { keyboard } = ann.page;
    const focused = () => ann.page.locator(':focus');
    await expect.poll(() => ann.page.getByText('No sessions yet').count(), patient).toBe(1);
    await ann.page.reload();
    await expect.poll(() => focused().getAttribute('id'), patient).toBe('composer');
    await keyboard.type('Hello');
    await keyboard.press('Shift+Enter');
    await keyboard.type('you');
    await keyboard.press('Enter');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello\nyou', 'agent: echo: Hello\nyou']);

    // Backwards: from the messages to the list of sessions, its menu, and what is in it.
    const more = ann.page.getByRole('button', { name: /^More for/ });
    for (let n = 0; n < 20 && !(await more.evaluate((button) => button.matches(':focus'))); n += 1)
      await keyboard.press('Shift+Tab');
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    expect(await focused().innerText()).toBe('Rename');
    await keyboard.press('Enter');
    await keyboard.type('Greetings');
    await keyboard.press('Enter');
    await expect.poll(ann.sessions, patient).toEqual(['Greetings']);

    await ann.page.getByRole('tab', { name: 'Statechart' }).focus();
    await keyboard.press('ArrowRight');
    expect(await focused().innerText()).toBe('Events');
    await expect.poll(() => ann.page.locator('.raw-event').count(), patient).toBeGreaterThan(0);
  });

  it('says to a screen reader what comes, once it is whole', async () => {
    const ann = await visit();
    await ann.newSession({ agent: 'prompted' });
    await ann.say('Hello');
    prompted.write('Good ');
    await expect.poll(ann.said, patient).toContain('agent: Good (growing)');
    const announced = ann.page.getByRole('log');
    expect(await announced.innerText()).toBe('');
    prompted.write('day');
    prompted.end();
    await expect.poll(() => announced.innerText(), patient).toBe('Prompted: Good day');
    // What stands there already is no news.
    await ann.page.reload();
    await expect.poll(ann.said, patient).toHaveLength(2);
    expect(await announced.innerText()).toBe('');
  });

  it.each([
    ['on a screen of 360 px', { width: 360, height: 740 }],
    ['at 200 % of the usual size', { width: 640, height: 400 }],
  ])('has everything %s, without scrolling sideways', async (_, viewport) => {
    const ann = await visit({ context: { viewport, reducedMotion: 'reduce' } });
    const isWider = () =>
      ann.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
    await talk(ann);
    expect(await isWider()).toBe(false);
    expect(await faultsIn(ann.page)).toEqual([]);
    const go = (name: string) =>
      ann.page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
    await go('Sessions');
    await expect.poll(() => ann.page.locator('.session').isVisible(), patient).toBe(true);
    await ann.page.getByText('Settings').click();
    await expect.poll(() => ann.page.getByLabel('Theme').isVisible(), patient).toBe(true);
    expect(await isWider()).toBe(false);
    expect(await faultsIn(ann.page)).toEqual([]);
    await go('Statechart');
    await expect.poll(() => ann.page.locator('.chart').isVisible(), patient).toBe(true);
    expect(await isWider()).toBe(false);
    expect(await faultsIn(ann.page)).toEqual([]);
    await go('Chat');
    await expect.poll(() => ann.composer.isVisible(), patient).toBe(true);
  });

  it('lets in who has a token where the server asks for one, and operators to their page', async () => {
    const jwtSecret = 'a secret of at least thirty-two characters';
    const sign = (claims: object) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(jwtSecret));
    const strict = tests.use(
      await startServer({ settings: { auth: 'jwt', jwtSecret }, pageFolder: tests.pageFolder() }),
    );
    const ann = await tests.visit({ url: strict.url, expected: /40[13]/ });
    const token = ann.page.getByLabel('Token');
    await token.fill('nonsense');
    await token.press('Enter');
    await expect.poll(() => ann.page.getByRole('alert').innerText(), patient).toContain('not accepted');
    expect(await faultsIn(ann.page)).toEqual([]);
    await token.fill(await sign({ sub: 'ann' }));
    await token.press('Enter');
    await ann.say('Hello');
    await expect.poll(ann.said, patient).toEqual(['customer: Hello', 'agent: echo: Hello']);
    await ann.page.getByText('Settings').click();
    expect(await ann.page.getByLabel('Who answers').count()).toBe(0);
    await ann.page.goto(`${strict.url}/ops`);
    await expect.poll(() => ann.page.getByText('Only operators').count(), patient).toBe(1);

    const eve = await tests.visit({ url: strict.url, expected: /401/ });
    await eve.page.getByLabel('Token').fill(await sign({ sub: 'eve', roles: ['operator'] }));
    await eve.page.keyboard.press('Enter');
    await eve.page.getByRole('link', { name: 'Operations' }).click();
    await expect.poll(() => eve.page.getByRole('cell', { name: 'ann' }).count(), patient).toBe(1);
  });
});
