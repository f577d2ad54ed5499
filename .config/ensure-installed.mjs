/**
 * Runs before `npm start`, `npm test` and `npm run build`, with whichever Node the machine has (>= 20): installs what the
 * lockfile names if it is not there, Node 26 included. Does nothing, in a few ms, when all is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import process from 'node:process';

const OLDEST_NODE = 24;

if (!isInstalled()) install();

function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json'); // npm writes it last, when an install went through
  return (
    Object.entries(wanted).every(([path, { version, optional }]) => {
      if (path === '') return true;
      if (!present[path]) return optional === true; // made for another platform
      return present[path].version === version && existsSync(path);
    }) && nodeMajor() >= OLDEST_NODE
  );
}

function packagesIn(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, 'utf8')).packages : {};
}

/** Of the Node that the scripts will run: npm puts `node_modules/.bin` first on the PATH, where it may not be yet. */
function nodeMajor() {
  const env = { ...process.env, PATH: [resolve('node_modules/.bin'), process.env.PATH].join(delimiter) };
  const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8', env });
  return Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}

function install() {
  console.error('Installing what is missing (once) …');
  // Development dependencies even under NODE_ENV=production: Node itself is one.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // The Node in node_modules is about to be replaced, so npm runs on the machine's own.
  const env = { ...process.env, PATH: pathWithoutModules() };
  const npm = process.env.npm_execpath ?? '';
  const { status, error } = basename(npm).startsWith('npm')
    ? spawnSync('node', [npm, ...args], { env, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { env, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (error || status !== 0) fail(`npm ci failed${error ? `: ${error.message}` : ', see above'}.`);
  if (nodeMajor() < OLDEST_NODE)
    fail(`Colloquy needs Node ${OLDEST_NODE} or newer, and npm may not install it here (ignore-scripts?).`);
}

function pathWithoutModules() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.endsWith(join('node_modules', '.bin'))).join(delimiter);
}

function fail(line) {
  console.error(line);
  process.exit(1);
}
