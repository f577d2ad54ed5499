import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { databaseFile, openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { eventLogContract } from './event-log.contract.ts';
import { createSession, said, textsOf, upTo, type OpenLog } from './support.ts';

const open: OpenLog = async (options = {}) => {
  const folder = await createDataFolder();
  let log = await openSqliteLog({ folder: folder.path, ...options });
  return {
    get log() {
      return log;
    },
    async reopen() {
      await log.close();
      log = await openSqliteLog({ folder: folder.path, ...options });
      return log;
    },
    async [Symbol.asyncDispose]() {
      await log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
};

describe('the SQLite log', () => {
  eventLogContract(open);

  it('forgets idle sessions, never those with something queued', async () => {
    await using folder = await createDataFolder();
    const log = await openSqliteLog({ folder: folder.path, rememberedSessions: 2 });
    const ids = upTo(30).map((n) => `session-${n}`);
    for (const id of ids) void log.createSession({ id, agentId: 'echo', customerId: 'guest' });
    for (const n of upTo(20)) {
      for (const id of ids) void log.append(id, [said(`${n}`)]);
      if (n % 3 === 0) await new Promise(setImmediate);
      if (n % 7 === 0) await log.check();
    }
    await log.check();
    for (const id of ids) expect(textsOf(await log.read(id))).toEqual(upTo(20).map(String));
    await log.close();
  });

  it('does not keep receipts that are too old to count', async () => {
    await using folder = await createDataFolder();
    let now = Date.UTC(2026, 0, 1);
    const log = await openSqliteLog({ folder: folder.path, now: () => now });
    const id = await createSession(log);
    const result = () => ({});
    const repeat = (key: string) =>
      log.append(id, [said('x')], { receipt: { scope: 's', key, requestHash: 'h', result } });
    await Promise.all(upTo(150).map((n) => repeat(`old ${n}`)));
    now += 25 * 3_600_000;
    await Promise.all(upTo(100).map((n) => repeat(`new ${n}`)));
    await log.close();
    const db = new DatabaseSync(join(folder.path, databaseFile), { readOnly: true });
    expect(db.prepare('SELECT count(*) AS kept FROM receipts').get()).toMatchObject({ kept: 100 });
    db.close();
  });
});
