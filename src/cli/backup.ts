/**
 * `colloquy backup`: a consistent copy of the data folder while the server goes on writing. The copy is a data folder of its own, without
 * journals; it appears under its name only when it is whole and on disk.
 */
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { documentsFile } from '../documents/documents-file.ts';
import { databaseFile, makeFolder } from '../event-log/data-folder.ts';
import { StartError } from '../start-error.ts';
import { voiceFolder } from '../voice/voice-settings.ts';

/** The copy could not be made. The message is one line. */
export class BackupError extends StartError {}

/**
 * The logs first: whoever they name (customers, agents) is then in the copy of the entities, which is the later one. That of voice
 * sessions before the other, where their conversations are.
 */
const files = [join(voiceFolder, databaseFile), databaseFile, documentsFile];

/** Copies the databases of `dataDir` into a new folder. Throws `BackupError`. */
export async function copyData({ dataDir, folder }: { dataDir: string; folder: string }): Promise<void> {
  const target = resolve(folder);
  const part = `${target}.part`;
  if (!(await exists(join(dataDir, databaseFile))))
    throw new BackupError(`There is no database in ${dataDir}.`);
  if (await exists(target))
    throw new BackupError(`${folder} exists already; a back-up never replaces anything.`);
  try {
    makeFolder(dirname(target));
    await rm(part, { recursive: true, force: true });
    await mkdir(part, { mode: 0o700 });
    for (const file of files)
      if (await exists(join(dataDir, file))) await copy(join(dataDir, file), join(part, file));
    await flush(part);
    await rename(part, target);
    await flush(dirname(target));
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => {});
    throw new BackupError(`The back-up to ${folder} failed: ${(error as Error).message}.`, { cause: error });
  }
}

async function copy(source: string, target: string): Promise<void> {
  makeFolder(dirname(target));
  const database = new DatabaseSync(source, { readOnly: true, timeout: 10_000 });
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
  await flush(target);
  await flush(dirname(target));
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
