/**
 * `colloquy backup`: one consistent copy of the database while the server goes on writing. The copy is a database file of its own,
 * without a journal beside it. It appears under its name only when it is whole and on disk.
 */
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseFile } from '../event-log/data-folder.ts';
import { StartError } from '../start-error.ts';

/** The copy could not be made. The message is one line. */
export class BackupError extends StartError {}

/** Copies the database of `dataDir` to `file`, which must not exist. Throws `BackupError`. */
export async function copyDatabase({ dataDir, file }: { dataDir: string; file: string }): Promise<void> {
  const source = join(dataDir, databaseFile);
  const target = resolve(file);
  const part = `${target}.part`;
  if (!(await exists(source))) throw new BackupError(`There is no database in ${dataDir}.`);
  if (await exists(target)) throw new BackupError(`${file} exists already; a back-up never replaces a file.`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await rm(part, { force: true });
    vacuumInto(source, part);
    await flush(part);
    await rename(part, target);
    await flush(dirname(target));
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw new BackupError(`The back-up to ${file} failed: ${(error as Error).message}.`, { cause: error });
  }
}

function vacuumInto(source: string, target: string): void {
  const database = new DatabaseSync(source, { readOnly: true, timeout: 10_000 });
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
