/**
 * A real browser for tests: the Chromium that is installed here, driven by playwright-core, which downloads none. It reaches only
 * 127.0.0.1, whatever a page asks for.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const args = [
  '--no-sandbox', // containers run tests as root
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Why a test that needs a browser does not run here. */
export const noBrowser = `no Chromium: CHROME_PATH names none, and it is not at ${usualPlaces.join(', ')}`;

/** `CHROME_PATH`, or the usual places; undefined where there is none. Throws if `CHROME_PATH` names what is not there. */
export function findChromium(): string | undefined {
  const named = process.env['CHROME_PATH'];
  if (!named) return usualPlaces.find((place) => existsSync(place));
  if (!existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which is not there.`);
  return named;
}

/** `await using` closes it. `more`: switches of Chromium. */
export async function startChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(noBrowser);
  return await chromium.launch({ executablePath, args: [...args, ...more] });
}
