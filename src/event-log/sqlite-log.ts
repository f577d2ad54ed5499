/**
 * The event log in one SQLite file. A thread of its own writes, so that no fsync holds up the event loop; this thread decides
 * (`event-writes.ts`, `session-writes.ts`) and reads. What is acknowledged is on disk: WAL with `synchronous=FULL`.
 */
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError } from '../errors.ts';
import { attempt, whenCommitted } from './commit-queue.ts';
import { claimDataFolder, reasonOf, type DataFolder } from './data-folder.ts';
import type { Log, RunLog } from './event-log.ts';
import { createEventWrites } from './event-writes.ts';
import type { Frame } from './frame.ts';
import { LogCore } from './log-core.ts';
import { createLogReads } from './log-reads.ts';
import { isSameRun } from './session-head.ts';
import { createSessionWrites } from './session-writes.ts';
import { migrate } from './sqlite-schema.ts';
import { write } from './sqlite-statements.ts';
import { StartingWriter } from './starting-writer.ts';
import type { Writer } from './writer-thread.ts';

export { databaseFile } from './data-folder.ts';

export type SqliteLogOptions = {
  /** Made if it is not there. One process owns it. */
  readonly folder: string;
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly now?: () => number;
  /** How many sessions without anything queued are remembered; default 5,000 (about 1 KB each). */
  readonly rememberedSessions?: number;
  /** Who writes; default: a thread, from the second commit on. */
  readonly createWriter?: (file: string) => Writer;
};

/** Throws `DataFolderInUseError` if another process owns the folder, `DataFolderError` if it cannot be used. */
export async function openSqliteLog(options: SqliteLogOptions): Promise<Log> {
  const { folder, now = Date.now, rememberedSessions = 5_000 } = options;
  const { createWriter = (file) => new StartingWriter(file) } = options;
  const owned = claimDataFolder(folder);
  let log: Log | undefined;
  try {
    upgrade(owned.file);
    const writer = createWriter(owned.file);
    log = createLog(new LogCore({ file: owned.file, writer, now, heads: rememberedSessions }), writer, owned);
    await log.check();
    return log;
  } catch (error) {
    await (log ? log.close() : owned.release());
    throw new DataFolderError(folder, reasonOf(error));
  }
}

function upgrade(file: string): void {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    migrate(db);
  } finally {
    db.close();
  }
}

function createLog(core: LogCore, writer: Writer, folder: DataFolder): Log {
  let closing: Promise<void> | undefined;
  /** Whether there was room since a commit failed last. Where there was, a page is enough to ask again. */
  let hasRoom = false;
  core.onFailed.add(() => {
    hasRoom = false;
  });
  return {
    ...createEventWrites(core),
    ...createSessionWrites(core),
    ...createLogReads(core),
    ...createNews(core),

    onChanged: (listener) => core.onChanged.add(listener),

    check: () =>
      attempt(() => {
        core.checkOpen();
        const { batch } = core.queue;
        batch.operations.push(hasRoom ? write.check : write.probe, core.stamp());
        batch.committed.then(
          () => (hasRoom = true),
          () => {}, // `onFailed` has heard of it
        );
        return whenCommitted(batch, undefined);
      }),

    close() {
      closing ??= core
        .close()
        .then(() => writer.close())
        .finally(() => folder.release());
      return closing;
    },
  };
}

type News = Omit<RunLog, 'openRun' | 'closeRun' | 'receive' | 'grow'>;

/** What is told and not stored. */
function createNews(core: LogCore): News {
  return {
    publishChunk(sessionId, chunk, run) {
      const head = core.isClosed ? undefined : core.heads.get(sessionId);
      if (!head?.current || !isSameRun(head.current.openRun, run)) return false;
      if (head.tail) head.tail.news.push({ type: 'chunk', chunk });
      else core.feed.announce(sessionId, { type: 'chunk', chunk });
      return true;
    },

    publishState(sessionId, state, json = JSON.stringify(state)) {
      tellInOrder(sessionId, { type: 'state', state, json });
    },

    publishTurn: (sessionId, turn) => tellInOrder(sessionId, { type: 'turn', turn }),

    onCommitted: (listener) => core.onCommitted.add(listener),
    onFailed: (listener) => core.onFailed.add(listener),
    onFollowers: (listener) => core.onFollowers.add(listener),
    followers: (sessionId) => core.feed.followers(sessionId),
  };

  /** Behind what is queued. */
  function tellInOrder(sessionId: string, news: Extract<Frame, { type: 'chunk' | 'state' | 'turn' }>): void {
    const tail = core.heads.peek(sessionId)?.tail;
    if (tail) tail.news.push(news);
    else core.feed.announce(sessionId, news);
  }
}
