/**
 * A visitor of the widget's page, in a browser window of their own: types, reads, closes and opens the chat, reloads. Whatever the
 * browser complains of is kept.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';

/** The widget asks for its typeface there. It gets an empty style sheet, and nothing leaves this machine. */
const fonts = 'https://fonts.googleapis.com/';
const styleSheet = { name: 'content-type', value: 'text/css' };
const wait = 'wait_for_data=60';

export type Shown = { readonly from: string; readonly text: string };

export type Visit = AsyncDisposable & {
  readonly page: Page;
  /** How many long-polls ended with nothing new, which is no complaint though the console calls it one. */
  readonly quietPolls: () => number;
  /** Clicks the round button, which opens and closes the chat. */
  toggle(): Promise<void>;
  /** Types it and presses Enter. */
  say(text: string): Promise<void>;
  /** What there is to see: the messages in the chat in order, `You` being the visitor, and the complaints. */
  readonly seen: () => Promise<{
    readonly messages: readonly Shown[];
    readonly complaints: readonly string[];
  }>;
};

export type VisitOptions = {
  readonly site: string;
  readonly server: string;
  readonly agent: string;
  readonly customer?: string;
  /** How long its long-polls wait; default: 60, which is what the widget asks for. */
  readonly pollSeconds?: number;
};

export async function visitWidget(browser: Browser, options: VisitOptions): Promise<Visit> {
  const { site, pollSeconds, ...asked } = options;
  const context = await browser.newContext();
  const page = await context.newPage();
  const { complaints, quietPolls } = listen(page, [site, options.server]);
  const devTools = await context.newCDPSession(page);
  await intercept(devTools, pollSeconds);
  await page.goto(`${site}/?${new URLSearchParams(asked).toString()}`);

  return {
    page,
    quietPolls,
    toggle: () => page.locator('button[aria-haspopup=dialog], [aria-haspopup=dialog] button').click(),
    async say(text) {
      await page.getByRole('textbox').fill(text);
      await page.getByRole('textbox').press('Enter');
    },
    async seen() {
      const messages = await page.locator('[role=listitem] [role=group]').evaluateAll(toShown);
      return { messages, complaints };
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Of an element of the page, what is needed here; the project's types know no page. */
type Bubble = {
  getAttribute(name: string): string | null;
  querySelector(selector: string): { readonly innerText: string } | null;
};

/** Runs in the page, all at once, so that nothing changes between two messages. */
function toShown(bubbles: readonly Bubble[]): readonly Shown[] {
  return bubbles.map((bubble) => ({
    from: bubble.getAttribute('aria-label')?.replace('Message from ', '') ?? '',
    text: bubble.querySelector(':scope > [aria-live]')?.innerText ?? '',
  }));
}

/** Complaints: errors and warnings on the console, failed requests, answers from 400 on, requests to strangers. */
function listen(page: Page, known: readonly string[]) {
  const complaints: string[] = [];
  let quietPolls = 0;
  page.on('console', (said) => {
    const isQuietPoll = said.location().url.includes(wait) && said.text().includes('504');
    if ((said.type() === 'error' || said.type() === 'warning') && !isQuietPoll) complaints.push(said.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const isKnown = request.url().startsWith(fonts) || known.includes(new URL(request.url()).origin);
    if (!isKnown && !request.url().startsWith('data:')) complaints.push(`asks ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left gives up its long-poll; what the server cuts has other names.
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') complaints.push(`${request.method()} ${request.url()}: ${why}`);
  });
  page.on('response', (response) => {
    const status = response.status();
    if (status === 504 && response.url().includes(wait)) quietPolls += 1;
    else if (status >= 400) complaints.push(`${response.request().method()} ${response.url()}: ${status}`);
  });
  return { complaints, quietPolls: () => quietPolls };
}

/**
 * Gives an empty style sheet for the widget's typeface, and shortens its polls if told to. Not with `page.route`, which would answer
 * the browser's CORS preflights in the server's place.
 */
async function intercept(devTools: CDPSession, pollSeconds: number | undefined): Promise<void> {
  devTools.on('Fetch.requestPaused', ({ requestId, request: { url } }) => {
    const answered = url.startsWith(fonts)
      ? devTools.send('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders: [styleSheet] })
      : devTools.send('Fetch.continueRequest', {
          requestId,
          url: url.replace(wait, `wait_for_data=${pollSeconds}`),
        });
    answered.catch(() => {}); // the page was left meanwhile
  });
  const patterns = [
    { urlPattern: `${fonts}*` },
    ...(pollSeconds === undefined ? [] : [{ urlPattern: `*${wait}*` }]),
  ];
  await devTools.send('Fetch.enable', { patterns });
}
