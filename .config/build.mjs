/** `npm run build`: JavaScript and types to dist/, and beside them the files that are not TypeScript, as they are. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync, statSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', '.'], { stdio: 'inherit', shell: process.platform === 'win32' });
if (status !== 0) process.exit(1);
cpSync('src', 'dist/src', {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() || !path.endsWith('.ts'),
});
chmodSync('dist/src/cli/colloquy.js', 0o755);
