import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { DataFolderError, DataFolderInUseError, LogUnavailableError } from '../../src/errors.ts';
import { databaseFile, openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { migrate, migrations } from '../../src/event-log/sqlite-schema.ts';
import { WriterThread } from '../../src/event-log/writer-thread.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createSession, fill, hold, isEvent, said, soon, textsOf, upTo, watch } from './support.ts';

const owner = join(import.meta.dirname, 'owner.ts');

describe('a data folder', () => {
  it('is made when it is not there', async () => {
    await using folder = await createDataFolder();
    const log = await openSqliteLog({ folder: join(folder.path, 'a', 'b') });
    expect(await createSession(log)).toBe('session');
    await log.close();
  });

  it('belongs to one log, also within a process, until it is closed', async () => {
    await using folder = await createDataFolder();
    const log = await openSqliteLog({ folder: folder.path });
    await expect(openSqliteLog({ folder: folder.path })).rejects.toThrow(DataFolderInUseError);
    await createSession(log);
    await log.close();
    await (await openSqliteLog({ folder: folder.path })).close();
  });

  it('belongs to one process, and is free again the moment that process is killed', async () => {
    await using folder = await createDataFolder();
    const first = startOwner(folder.path);
    await first.line((line) => line.startsWith('stored'));
    await expect(openSqliteLog({ folder: folder.path })).rejects.toThrow(DataFolderInUseError);
    const second = startOwner(folder.path);
    expect(await second.line(() => true)).toBe(
      `DATA_FOLDER_IN_USE Another process owns the data folder ${folder.path}.`,
    );
    await second.exit;
    await first.line((line) => line.startsWith('stored 20'));
    first.child.kill('SIGKILL');
    await first.exit;
    const log = await openSqliteLog({ folder: folder.path });
    expectNothingLost(textsOf(await log.read('session')), first.lines);
    await log.append('session', [said('after')]);
    await log.close();
  });

  it('loses nothing that was acknowledged, however often its owner is killed', async () => {
    await using folder = await createDataFolder();
    const acknowledged: string[] = [];
    for (const _ of upTo(5)) {
      const process = startOwner(folder.path, 'parallel');
      await expect.poll(() => process.lines.length, soon).toBeGreaterThan(30);
      process.child.kill('SIGKILL');
      await process.exit;
      acknowledged.push(...process.lines);
      const log = await openSqliteLog({ folder: folder.path });
      const events = await log.read('session');
      expect(events.map(({ offset }) => offset)).toEqual(upTo(events.length));
      expect(await log.getSession('session')).toMatchObject({ nextOffset: events.length });
      expectNothingLost(textsOf(events), acknowledged);
      await log.close();
    }
  });

  it('that cannot be used is refused with a clear line', async () => {
    await using folder = await createDataFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, 'no folder');
    await expect(openSqliteLog({ folder: file })).rejects.toThrow(DataFolderError);
    await expect(openSqliteLog({ folder: join(file, 'below') })).rejects.toThrow(DataFolderError);
    await expect(openSqliteLog({ folder: '' })).rejects.toThrow(DataFolderError);
    await writeFile(join(folder.path, databaseFile), 'this is not a database, and it is long enough to tell');
    await expect(openSqliteLog({ folder: folder.path })).rejects.toThrow(
      /cannot be used: file is not a database/,
    );
    expect(await readFile(file, 'utf8')).toBe('no folder');
  });

  it('written by a newer program is refused and left as it is', async () => {
    await using folder = await createDataFolder();
    const file = join(folder.path, databaseFile);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(openSqliteLog({ folder: folder.path })).rejects.toThrow(
      /schema version 99, but this program knows only \d+: it was written by a newer one/,
    );
    const after = new DatabaseSync(file);
    expect(after.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()).toMatchObject({ tables: 0 });
    after.close();
    const owned = await openSqliteLog({ folder: folder.path }).catch((error: unknown) => error);
    expect(owned).toBeInstanceOf(DataFolderError);
  });

  it.each(upTo(migrations.length))(
    'written by schema version %i is brought up to date with all that is in it',
    async (version) => {
      await using folder = await createDataFolder();
      const file = join(folder.path, databaseFile);
      const old = new DatabaseSync(file);
      for (const step of migrations.slice(0, version)) old.exec(step);
      old.exec(`PRAGMA user_version = ${version}`);
      if (version > 0) storeByHand(old);
      old.close();
      const log = await openSqliteLog({ folder: folder.path });
      if (version === 0) await createSession(log);
      expect((await log.listSessions({})).items).toMatchObject([{ id: 'session', customerId: 'guest' }]);
      const { nextOffset } = (await log.getSession('session')) ?? {};
      expect(await log.append('session', [said('new')])).toMatchObject([{ offset: nextOffset }]);
      expect(await log.read('session')).toHaveLength((nextOffset ?? 0) + 1);
      await log.close();

      await using fresh = await createDataFolder();
      const other = await openSqliteLog({ folder: fresh.path });
      await other.close();
      expect(schemaOf(file)).toEqual(schemaOf(join(fresh.path, databaseFile)));
    },
  );

  it('is not migrated halfway', () => {
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE receipts (other TEXT)');
    expect(() => migrate(db)).toThrow('receipts');
    expect(db.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 });
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'checks'").get()).toMatchObject({
      n: 0,
    });
    db.close();
  });

  it('lets the process end once its log is closed', async () => {
    await using folder = await createDataFolder();
    const process = startOwner(folder.path, 'close');
    expect(await process.exit).toBe(0);
    expect(process.lines.at(-1)).toBe('closed');
  });

  it('lists and wakes sessions through an index', async () => {
    await using folder = await createDataFolder();
    await (await openSqliteLog({ folder: folder.path })).close();
    const db = new DatabaseSync(join(folder.path, databaseFile));
    const plan = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN SELECT * FROM ${sql}`)
        .all()
        .map(({ detail }) => String(detail))
        .join('; ');
    expect(plan("sessions WHERE id = 'x'")).toMatch(/SEARCH .* USING INDEX/);
    expect(plan('sessions ORDER BY creation_utc, id')).toMatch(/USING INDEX sessions_by_creation$/);
    expect(plan("sessions WHERE customer_id = 'x' ORDER BY creation_utc DESC, id DESC")).toMatch(
      /sessions_by_customer /,
    );
    expect(
      plan("sessions WHERE agent_id = 'x' AND (creation_utc, id) > ('a', 'b') ORDER BY creation_utc, id"),
    ).toMatch(/sessions_by_agent .*creation_utc/);
    expect(plan('sessions WHERE unfinished = 1 ORDER BY creation_utc, id')).toMatch(/sessions_unfinished$/);
    expect(
      plan(
        "sessions WHERE customer_id = 'x' AND agent_id = 'y' ORDER BY active_minute DESC, last_activity_utc DESC, id DESC",
      ),
    ).toMatch(/sessions_by_customer_activity .*LAST 2 TERMS/);
    expect(
      plan("sessions WHERE lifecycle = 'POLLING' AND active_minute <= 5 AND last_activity_utc < 'x'"),
    ).toMatch(/sessions_by_lifecycle .*active_minute/);
    expect(plan('events WHERE session = 1 AND offset >= 5 AND deleted = 0 ORDER BY offset')).toMatch(
      /events_by_offset/,
    );
    expect(plan('events WHERE session = 1 AND offset < 5 AND deleted = 0 ORDER BY offset DESC')).not.toMatch(
      /B-TREE/,
    );
    expect(plan("events WHERE session = 1 AND id = 'x' AND id_given = 1")).toMatch(/events_by_id/);
    db.close();
  });
});

it('a log has no thread before anything is to be stored', async () => {
  const byThread = vi.spyOn(WriterThread.prototype, 'commit');
  await using folder = await createDataFolder();
  const log = await openSqliteLog({ folder: folder.path });
  expect(byThread).not.toHaveBeenCalled();
  await createSession(log);
  expect(byThread).toHaveBeenCalledOnce();
  byThread.mockRestore();
  await log.close();
});

describe('a log that cannot be written', () => {
  it('acknowledges nothing that does not fit on the disk, loses nothing, and takes what fits', async () => {
    await using folder = await createDataFolder();
    const process = startOwner(folder.path, 'full', { fileBlocks: 8192 });
    expect(await process.exit).toBe(0);
    const isStored = (line: string) => line.startsWith('stored');
    expect(process.lines.slice(0, 42)).toEqual([
      ...upTo(20).map((n) => `stored ${n}`),
      'failed session',
      'LOG_UNAVAILABLE',
      ...upTo(40)
        .slice(20)
        .map((n) => `stored ${n}`),
    ]);
    expect(process.lines[42]).toBe('ready');
    const notReady = ['failed ', 'not ready LOG_UNAVAILABLE'];
    expect(process.lines.slice(-6)).toEqual(['failed session', 'LOG_UNAVAILABLE', ...notReady, ...notReady]);
    const log = await openSqliteLog({ folder: folder.path });
    const events = await log.read('session');
    expect(events.map(({ offset }) => offset)).toEqual(upTo(events.length));
    expect(textsOf(events).map((text) => String(text).trim())).toEqual(process.lines.filter(isStored));
    expect(events.length).toBeGreaterThan(45);
    await log.append('session', [said('there is room again')]);
    await log.close();
  });

  it('rejects all that was queued when its thread dies, keeps its followers, and works again', async () => {
    await using folder = await createDataFolder();
    let writer: WriterThread | undefined;
    const createWriter = (file: string) => (writer = new WriterThread(file));
    const log = await openSqliteLog({ folder: folder.path, createWriter });
    const id = await createSession(log);
    await fill(log, id, 3);
    const watcher = watch(log, id);
    await expect.poll(watcher.texts, soon).toEqual(['0', '1', '2']);
    const failed: (readonly string[])[] = [];
    log.onFailed((ids) => failed.push(ids));
    // Another connection holds the lock, so that the thread cannot be done before it is killed.
    const other = new DatabaseSync(join(folder.path, databaseFile));
    other.exec('BEGIN IMMEDIATE');
    const inFlight = log.append(id, [said('in flight')]);
    await new Promise(setImmediate);
    const behind = log.append(id, [said('behind')]);
    void log.append(id, [said('nobody waits for this one')]);
    const killed = writer?.kill();
    other.close();
    await killed;
    await expect(inFlight).rejects.toThrow(LogUnavailableError);
    await expect(behind).rejects.toThrow(LogUnavailableError);
    expect(failed).toEqual([[id]]);
    expect(await log.append(id, [said('again')])).toMatchObject([{ offset: 3 }]);
    await expect.poll(watcher.texts, soon).toEqual(['0', '1', '2', '3']);
    await watcher.stop();
    await log.close();
  });

  it('fails, and does not hang, when its thread dies idle or cannot start', async () => {
    await using folder = await createDataFolder();
    let writer: WriterThread | undefined;
    const createWriter = (file: string) => (writer = new WriterThread(file));
    const log = await openSqliteLog({ folder: folder.path, createWriter });
    const id = await createSession(log);
    await writer?.kill();
    await log.append(id, [said('a new thread')]);
    await writer?.kill();
    await log.close();
    const broken = (file: string) => new WriterThread(join(file, 'nowhere'));
    await expect(openSqliteLog({ folder: folder.path, createWriter: broken })).rejects.toThrow(
      DataFolderError,
    );
    await (await openSqliteLog({ folder: folder.path })).close();
  });

  it('decides anew, from what is on disk, after a failure', async () => {
    await using folder = await createDataFolder();
    let failing = false;
    const createWriter = (file: string) => {
      const thread = new WriterThread(file);
      return {
        commit: (
          operations: Parameters<WriterThread['commit']>[0],
          done: (failure: string | null) => void,
        ) => {
          if (failing) setImmediate(done, 'the disk is gone');
          else thread.commit(operations, done);
        },
        close: () => thread.close(),
      };
    };
    const log = await openSqliteLog({ folder: folder.path, createWriter });
    const id = await createSession(log);
    const run = { runId: 'run', attempt: 1 };
    await log.openRun(id, { ...run, triggerOffset: 0 });
    await log.append(id, [said('a', { trace_id: 'a' })], { admit: () => 'trigger' });
    const before = await log.getSession(id);
    const slow = hold(log, id);
    await slow.until(isEvent(0));
    failing = true;
    const lost = [
      log.append(id, [said('b')], { run, closesRun: true }),
      log.append(id, [said('c', { trace_id: 'c' })], { admit: () => 'trigger' }),
      log.createSession({ id: 'other', agentId: 'echo', customerId: 'guest' }),
      log.append('other', [said('d')]),
      log.deleteSession(id),
      log.check(),
    ];
    log.publishState('other', { value: 'busy', since: '', transition: null });
    for (const promise of lost) await expect(promise).rejects.toThrow(LogUnavailableError);
    failing = false;
    expect(await log.getSession(id)).toEqual(before);
    expect(await log.getSession('other')).toBeUndefined();
    await log.append(id, [said('the run is still open')], { run });
    expect((await slow.until(isEvent(1))).length).toBe(1);
    expect(log.followers(id)).toBe(1);
    slow.stop();
    await log.close();
  });
});

type Owner = {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  readonly lines: string[];
  line(isIt: (line: string) => boolean): Promise<string>;
  readonly exit: Promise<number | null>;
};

/** Another process on the folder; see `owner.ts`. `fileBlocks`: no file may grow beyond so many (of 512 or 1,024 bytes). */
function startOwner(folder: string, task = 'append', { fileBlocks = 0 } = {}): Owner {
  const limit = fileBlocks > 0 ? `ulimit -f ${fileBlocks}; ` : '';
  const command = [`${limit}exec "$0" "$@"`, process.execPath, owner, folder, task];
  const child = spawn('sh', ['-c', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    lines,
    exit,
    async line(isIt) {
      await expect.poll(() => lines.some(isIt), soon).toBe(true);
      return lines.find(isIt) ?? '';
    },
  };
}

function expectNothingLost(texts: readonly unknown[], acknowledged: readonly string[]): void {
  const stored = new Set(texts);
  expect(stored.size).toBe(texts.length);
  expect(acknowledged.filter((line) => !stored.has(line))).toEqual([]);
}

function storeByHand(db: DatabaseSync): void {
  // Columns that came later are not named.
  db.exec(`INSERT INTO sessions (key, id, agent_id, customer_id, title, mode, interruption, consumption_offset, metadata, labels,
      creation_utc, last_activity_utc, active_minute, lifecycle, lifecycle_reason, next_offset, open_run, waiting, had_turn, unfinished)
    VALUES (7, 'session', 'echo', 'guest', NULL, 'auto', NULL, 0, '{}', '[]',
    '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', 0, 'POLLING', NULL, 2, NULL, '[]', 1, 0)`);
  for (const offset of [0, 1]) {
    db.exec(`INSERT INTO events VALUES (7, ${offset}, 'id${offset}', 'customer', 'message',
      '2026-01-01T00:00:00.000000Z', 't', '{"message":"old"}', '{}', 0, 1)`);
  }
}

function schemaOf(file: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true });
  const version = db.prepare('PRAGMA user_version').get();
  const tables = db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
  db.close();
  return [version, tables];
}
