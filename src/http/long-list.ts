/**
 * Lists without a limit: Parlant's clients expect all there is in one array. It is read and sent page by page, so that a million of
 * anything costs the server one page; a list of one page is an ordinary answer.
 */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import { onClosed } from './leases.ts';
import type { Answer, Later } from './route.ts';

/** `next`: where the page behind begins; undefined for the last one. */
export type Page<Place> = { readonly items: readonly unknown[]; readonly next: Place | undefined };

/** `first`: the first page, `read`: the page that begins at that place. */
export function listAll<Place>(
  res: Response,
  first: Page<Place>,
  read: (place: Place) => Promise<Page<Place>>,
): Answer | Later {
  if (first.next === undefined) return { status: 200, body: first.items };
  return { later: () => sendPages(res, first, read) };
}

async function sendPages<Place>(
  res: Response,
  first: Page<Place>,
  read: (place: Place) => Promise<Page<Place>>,
): Promise<void> {
  const left = new AbortController();
  onClosed(res, () => left.abort());
  res.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  let page = first;
  let opening = '[';
  while (page.next !== undefined && !left.signal.aborted) {
    const hasRoom = res.write(opening + toElements(page));
    if (!hasRoom) await once(res, 'drain', { signal: left.signal }).catch(() => {});
    // Neither reading nor a drain need ever have waited for anything: others have their turn between two pages.
    await setImmediate();
    page = await read(page.next);
    opening = ',';
  }
  // The last page may be empty: a comma with nothing behind it is no JSON.
  res.end(page.items.length > 0 ? `${opening}${toElements(page)}]` : ']');
}

/** The array without its brackets. */
function toElements({ items }: Page<unknown>): string {
  return JSON.stringify(items).slice(1, -1);
}
