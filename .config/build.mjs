/** `npm run build`: JavaScript and types to dist/, beside them the files that are not TypeScript, as they are, and the page. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', '.'], { stdio: 'inherit', shell: process.platform === 'win32' });
if (status !== 0) process.exit(1);
cpSync('src', 'dist/src', {
  recursive: true,
  // The page is built, not copied.
  filter: (path) => path !== join('src', 'web') && (statSync(path).isDirectory() || !path.endsWith('.ts')),
});
const page = spawnSync(process.execPath, ['.config/build-page.mjs'], { stdio: 'inherit' });
if (page.status !== 0) process.exit(1);
chmodSync('dist/src/cli/colloquy.js', 0o755);
