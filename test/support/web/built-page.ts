/** The page, built for a test file into a folder of its own: whoever builds the project meanwhile does not disturb it. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createDataFolder } from '../data-folder.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Takes about a second. */
export async function buildPage(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await createDataFolder();
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'src/web/vite.config.ts'],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production', WEB_OUT: folder.path }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The page could not be built: ${stderr}`);
  return folder;
}
