/** What the tests of the page share: a browser that may be missing, and patience with machines that are busy. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { findChromium, noBrowser, startChromium } from '../browser.ts';
import { buildPage } from './built-page.ts';
import { type PageVisit, type VisitOptions, visitPage } from './page-visit.ts';

export const hasBrowser = findChromium() !== undefined;

export const patient = { timeout: 30_000, interval: 25 };

export type BrowserTests = {
  /** Where the page was built to. */
  readonly pageFolder: () => string;
  /** A visitor nobody has seen before, in a browser window of their own that is closed with the test. */
  readonly visit: (options: VisitOptions) => Promise<PageVisit>;
  /** Closed with the test. */
  readonly use: <Resource extends AsyncDisposable>(resource: Resource) => Resource;
  /** The user of the last visit that named none. */
  readonly lastUser: () => string;
};

/** One browser for all tests of the file. Call it in their `describe`. `what`: who is told that it is not tested here. */
export function browserTests(what: string): BrowserTests {
  if (!hasBrowser) console.warn(`${what} is not tested here: ${noBrowser}`);
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
  let browser: Browser;
  let page: Awaited<ReturnType<typeof buildPage>>;
  let users = 0;
  const open: AsyncDisposable[] = [];
  const use = <Resource extends AsyncDisposable>(resource: Resource): Resource => {
    open.push(resource);
    return resource;
  };
  beforeAll(async () => {
    [browser, page] = await Promise.all([startChromium(), buildPage()]);
  });
  afterEach(async () => {
    for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await browser?.close();
    await page?.[Symbol.asyncDispose]();
  });
  return {
    pageFolder: () => page.path,
    use,
    lastUser: () => `user-${users}`,
    async visit(options) {
      if (options.user === undefined) users += 1;
      return use(await visitPage(browser, { user: `user-${users}`, ...options }));
    },
  };
}
