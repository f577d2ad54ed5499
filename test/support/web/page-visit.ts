/** Somebody with the page in front of them. Whatever the browser complains of is kept, and so is every request to a stranger. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

export type PageVisit = AsyncDisposable & {
  readonly page: Page;
  readonly composer: Locator;
  /** What is said in the chat, in order: `who: text`, with how it stands where it is not simply said. */
  readonly said: () => Promise<readonly string[]>;
  /** Keys of the states that are marked in the picture, without those around them. */
  readonly activeStates: () => Promise<readonly string[]>;
  readonly sessions: () => Promise<readonly string[]>;
  /** `connecting`, `open`, `retrying` or `closed`. */
  readonly connection: () => Promise<string | null>;
  /** Errors of the console, and requests to other origins. */
  readonly complaints: readonly string[];
  /** Types it and presses Enter. */
  say(text: string): Promise<void>;
  newSession(options?: { readonly agent?: string }): Promise<void>;
  /** One more tab of the same browser. */
  openTab(path?: string): Promise<PageVisit>;
};

export type VisitOptions = {
  readonly url: string;
  /** Default: `ann`. */
  readonly user?: string;
  readonly path?: string;
  readonly context?: BrowserContextOptions;
  /** What the console may say: a server that is away cannot be reached without an error there. */
  readonly expected?: RegExp;
};

export async function visitPage(browser: Browser, options: VisitOptions): Promise<PageVisit> {
  const { url, user = 'ann', path = '/', context: more = {} } = options;
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    // Without a graphics card what moves costs as much as all the rest.
    reducedMotion: 'reduce',
    ...more,
  });
  // Not on the empty page that a tab begins with.
  await context.addInitScript(
    `if (location.protocol === 'http:') localStorage.setItem('colloquy.user', ${JSON.stringify(JSON.stringify(user))})`,
  );
  const complaints: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== url) complaints.push(`asked for ${request.url()}`);
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad && !options.expected?.test(message.text())) complaints.push(message.text());
  });
  const visit = (page: Page): PageVisit => ({
    ...toVisit(page, complaints),
    async openTab(next = '/') {
      const tab = await context.newPage();
      await tab.goto(url + next);
      return visit(tab);
    },
    [Symbol.asyncDispose]: () => context.close(),
  });
  const page = await context.newPage();
  await page.goto(url + path);
  return visit(page);
}

function toVisit(page: Page, complaints: readonly string[]) {
  const composer = page.getByRole('textbox', { name: 'Message' });
  return {
    page,
    composer,
    complaints,
    said: () => page.locator('.message-list .row').evaluateAll(toSaid),
    activeStates: () =>
      page.locator('.chart-state[data-active=true][data-type=atomic] text').allTextContents(),
    sessions: () => page.locator('.session-title').allTextContents(),
    connection: () => page.locator('.chat-head .connection').getAttribute('data-status'),
    async say(text: string) {
      await composer.fill(text);
      await composer.press('Enter');
    },
    async newSession({ agent }: { readonly agent?: string } = {}) {
      if (agent !== undefined) {
        const settings = page.locator('details.settings');
        if ((await settings.getAttribute('open')) === null) await settings.locator('summary').click();
        await page.getByRole('combobox', { name: 'Agent', exact: true }).selectOption(agent);
      }
      const before = page.url();
      await page.getByRole('button', { name: 'New session' }).click();
      await page.waitForURL((now) => now.href !== before);
    },
  };
}

/** Of an element of the page, what is needed here; the project's types know no page. */
type Row = {
  querySelector(selector: string): (Row & { readonly innerText: string }) | null;
  getAttribute(name: string): string | null;
  readonly innerText: string;
};

/** Runs in the page, all at once, so that nothing changes between two rows. */
function toSaid(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => {
    const message = row.querySelector('.message');
    if (!message) return row.innerText.replaceAll(/\s+/g, ' ').trim();
    const state = message.getAttribute('data-state');
    const text = (message.querySelector('.plain, .markdown')?.innerText ?? '').trim();
    return `${message.getAttribute('data-from')}: ${text}${state === 'whole' ? '' : ` (${state})`}`;
  });
}
