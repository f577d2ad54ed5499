/**
 * A process that owns a data folder, for tests that kill it or starve it. Prints `stored <n>` for every message that the log has
 * acknowledged; that line is also the message's text.
 *   append     one after the other, for ever
 *   parallel   ten at a time, for ever
 *   full       some, one that is too big for the space there is, some again, then as many as there is room for, and asks whether more fits
 *   close      a few, then closes and is expected to end by itself
 */
import { DomainError } from '../../src/errors.ts';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { said } from './support.ts';

const [folder = '', task] = process.argv.slice(2);
const id = 'session';

const log = await openSqliteLog({ folder }).catch((error: unknown) => {
  console.log(codeOf(error), error instanceof Error ? error.message : error);
  process.exit(1);
});
if (!(await log.getSession(id))) await log.createSession({ id, agentId: 'echo', customerId: 'guest' });
let next = (await log.getSession(id))?.nextOffset ?? 0;
log.onFailed((sessions) => console.log(`failed ${sessions.join()}`));

switch (task) {
  case 'parallel':
    await Promise.all(Array.from({ length: 10 }, () => appendUntil(Infinity)));
    break;
  case 'full':
    await appendUntil(20);
    await log
      .append(id, [said('x'.repeat(30_000_000))])
      .catch((error: unknown) => console.log(codeOf(error)));
    await appendUntil(40);
    await check();
    while (await appendOne(' '.repeat(100_000)));
    while (await appendOne(' '.repeat(20_000)));
    await check();
    await check();
    await log.close();
    break;
  case 'close':
    await appendUntil(5);
    await log.close();
    console.log('closed');
    break;
  default:
    await appendUntil(Infinity);
}

async function appendUntil(end: number): Promise<void> {
  while (next < end) await appendOne();
}

async function appendOne(padding = ''): Promise<boolean> {
  const text = `stored ${next++}`;
  try {
    await log.append(id, [said(text + padding)]);
    console.log(text);
    return true;
  } catch (error) {
    console.log(codeOf(error));
    return false;
  }
}

async function check(): Promise<void> {
  await log.check().then(
    () => console.log('ready'),
    (error: unknown) => console.log(`not ready ${String(codeOf(error))}`),
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof DomainError ? error.code : error;
}
