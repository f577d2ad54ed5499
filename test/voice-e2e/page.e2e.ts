/** "Test by voice" in a real browser, with a microphone that hums, and the official worker at the other end. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, noBrowser, startChromium } from '../support/browser.ts';
import { intake, startVoiceServer, type VoiceServer } from '../support/voice-server.ts';
import { buildPage } from '../support/web/built-page.ts';
import { type Front, startFront } from '../support/web/front.ts';
import { visitPage } from '../support/web/page-visit.ts';
import { addMedia, type FakeMedia } from './fake-media.ts';
import { type OfficialWorker, startWorker } from './official-worker.ts';

const soon = { timeout: 40_000, interval: 50 };
const hasBrowser = findChromium() !== undefined;
if (!hasBrowser) console.warn(`The page's calls are not tested here: ${noBrowser}`);

const switches = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // Its own address under a name of mDNS would be looked for in vain.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

describe.skipIf(!hasBrowser)('the page', () => {
  const stack = new AsyncDisposableStack();
  let server: VoiceServer;
  let browser: Browser;
  let front: Front;

  beforeAll(async () => {
    server = stack.use(await startVoiceServer());
    const media: FakeMedia = addMedia(server.fake);
    stack.defer(() => media.close());
    const worker: OfficialWorker = await startWorker(server.fake);
    stack.defer(() => worker.close());
    const page = stack.use(await buildPage());
    const policy =
      (await fetch(server.url, { redirect: 'manual' })).headers.get('content-security-policy') ?? '';
    front = stack.use(await startFront({ page: page.path, server: () => server.url, policy }));
    browser = stack.use(await startChromium(switches));
  });
  afterAll(() => stack.disposeAsync());

  it('joins the call, hears that the agent is ready, shows the conversation, and hangs up', async () => {
    // Its client looks for a newer wire first, and says that there is none.
    await using user = await visitPage(browser, {
      url: front.url,
      expected: /\/rtc\/v1|v1 RTC path|status of 404/,
    });
    const { page } = user;
    const words = () => page.locator('.voice-state').innerText();
    await page.getByRole('button', { name: 'Test by voice' }).click();
    await expect.poll(words, soon).toBe('Agent ready');
    const [room] = [...server.fake.rooms.values()];
    expect([...(room?.members.keys() ?? [])]).toHaveLength(2);
    await page.getByRole('button', { name: 'Show the conversation' }).click();
    await expect.poll(user.said, soon).toEqual([`agent: ${intake.greeting}`]);
    expect(await page.locator('.voice .hint').count()).toBe(0);

    await page.getByRole('button', { name: 'Hang up' }).click();
    await expect.poll(words, soon).toBe('You have hung up.');
    await expect.poll(() => server.fake.rooms.size, soon).toBe(0);
    const strange = user.complaints.filter(
      (complaint) => !complaint.startsWith(`asked for ${server.fake.url}/rtc/`),
    );
    expect(strange).toEqual([]);
  });
});
