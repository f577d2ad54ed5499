/**
 * One process owns a data folder. The proof is an exclusive lock on a file of its own: the operating system releases it
 * when the process dies, however it dies, so a restart is never blocked and no stale pid file has to be judged.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError, DataFolderInUseError } from '../errors.ts';

export type DataFolder = {
  /** The database. */
  readonly file: string;
  release(): void;
};

/** SQLite's code for "somebody else holds the lock". */
const busy = 5;

/** Name of the database in a data folder. */
export const databaseFile = 'colloquy.db';

/** Makes the folder if need be. Throws `DataFolderInUseError` or `DataFolderError`. */
export function claimDataFolder(folder: string): DataFolder {
  let lock: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    lock = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    const held = lock;
    return { file: join(folder, databaseFile), release: () => held.close() };
  } catch (error) {
    lock?.close();
    if (sqliteCode(error) === busy) throw new DataFolderInUseError(folder);
    throw new DataFolderError(folder, reasonOf(error));
  }
}

/**
 * With those above it. Not by `recursive: true`: where a folder cannot be made because there is none (below /proc, say), Node makes
 * its parent and tries again for ever.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else has made it, or it is no folder: that is told by what is put there.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** What went wrong, to be put into a sentence. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}
