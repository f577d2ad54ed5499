/**
 * Builds the page to dist/web. `npm start` runs it with `--if-older`: then nothing happens, in a few ms, unless a source, or what is
 * installed, is newer than the page. Without the page the server runs all the same, so a failure is told and no more.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const SOURCES = 'src/web';
const PAGE = 'dist/web';

const isOptional = process.argv.includes('--if-older');
if (existsSync(join(SOURCES, 'vite.config.ts')) && !(isOptional && isFresh())) build();

function isFresh() {
  const page = join(PAGE, 'index.html');
  return (
    existsSync(page) && statSync(page).mtimeMs >= Math.max(...sources().map((file) => statSync(file).mtimeMs))
  );
}

function sources() {
  const files = readdirSync(SOURCES, { recursive: true }).map((file) => join(SOURCES, file));
  return [...files, 'package-lock.json'];
}

/** Beside the old page, which is there until the new one is whole. */
function build() {
  const made = `${PAGE}-${process.pid}`;
  const args = ['build', '--config', join(SOURCES, 'vite.config.ts')];
  const env = { ...process.env, NODE_ENV: 'production', WEB_OUT: join(process.cwd(), made) };
  const { status, error } = spawnSync('vite', args, {
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0) {
    rmSync(PAGE, { recursive: true, force: true });
    renameSync(made, PAGE);
    return;
  }
  rmSync(made, { recursive: true, force: true });
  // npm puts Vite on the path: without npm it may not be found.
  const why = error ? `: ${error.message}. Build it with \`npm run build:web\`.` : ', see above.';
  console.error(`The page could not be built${why}`);
  if (!isOptional) process.exit(1);
}
