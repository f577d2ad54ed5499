import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDataFolder } from '../support/data-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const config = `export default { root: 'src/web', logLevel: 'silent', build: { outDir: process.env.WEB_OUT } };\n`;

/** A project with a page of one script. */
async function createProject() {
  const folder = await createDataFolder();
  const at = (...path: string[]) => join(folder.path, ...path);
  await mkdir(at('src', 'web'), { recursive: true });
  await symlink(join(root, 'node_modules'), at('node_modules'));
  await writeFile(at('package.json'), '{ "type": "module" }');
  await writeFile(at('package-lock.json'), '{}');
  await writeFile(at('src', 'web', 'vite.config.ts'), config);
  await writeFile(at('src', 'web', 'index.html'), '<script type="module" src="./main.ts"></script>');
  await writeFile(at('src', 'web', 'main.ts'), 'console.log("first")');
  return {
    at,
    /** Builds, and tells how that went. */
    build(...args: string[]) {
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(root, '.config', 'build-page.mjs'), ...args],
        {
          cwd: folder.path,
          encoding: 'utf8',
          env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}` },
        },
      );
      return { status, stderr };
    },
    async scripts() {
      const files = await readdir(at('dist', 'web', 'assets'));
      const texts = await Promise.all(
        files.map((file) => readFile(at('dist', 'web', 'assets', file), 'utf8')),
      );
      return texts.join();
    },
    /** Makes a file look as if it was written just now, or long ago. */
    async date(path: string, when: 'now' | 'long ago') {
      const time = when === 'now' ? new Date(Date.now() + 60_000) : new Date(0);
      await utimes(at(path), time, time);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('the page', () => {
  it('is built when it is not there, and then left alone', async () => {
    await using project = await createProject();
    expect(project.build('--if-older')).toEqual({ status: 0, stderr: '' });
    expect(await project.scripts()).toContain('first');
    const built = (await stat(project.at('dist/web'))).ino;
    expect(project.build('--if-older').status).toBe(0);
    expect((await stat(project.at('dist/web'))).ino).toBe(built);
    expect(await readdir(project.at('dist'))).toEqual(['web']);
  });

  it.each(['src/web/main.ts', 'package-lock.json'])('is built anew when %s is newer', async (path) => {
    await using project = await createProject();
    project.build();
    await writeFile(project.at('src/web/main.ts'), 'console.log("second")');
    for (const old of ['src/web/main.ts', 'package-lock.json']) await project.date(old, 'long ago');
    expect(project.build('--if-older').status).toBe(0);
    expect(await project.scripts()).toContain('first');
    await project.date(path, 'now');
    expect(project.build('--if-older').status).toBe(0);
    expect(await project.scripts()).toContain('second');
    expect(await project.scripts()).not.toContain('first');
  });

  it('stays as it was when it cannot be built: that is said, and ends `npm run build` only', async () => {
    await using project = await createProject();
    project.build();
    await writeFile(project.at('src/web/main.ts'), 'import "./missing.ts"');
    await project.date('src/web/main.ts', 'now');
    expect(project.build('--if-older')).toEqual({
      status: 0,
      stderr: expect.stringContaining('The page could not be built, see above.'),
    });
    expect(await project.scripts()).toContain('first');
    expect(await readdir(project.at('dist'))).toEqual(['web']);
    expect(project.build().status).toBe(1);
  });

  it('cannot be built where there is no Vite, and that is said', async () => {
    await using project = await createProject();
    const { status, stderr } = spawnSync(process.execPath, [join(root, '.config', 'build-page.mjs')], {
      cwd: project.at(),
      encoding: 'utf8',
      env: { ...process.env, PATH: project.at('nowhere') },
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'The page could not be built: spawnSync vite ENOENT. Build it with `npm run build:web`.\n',
    });
  });

  it('is not missed where there are no sources of it', async () => {
    await using folder = await createDataFolder();
    const { status } = spawnSync(process.execPath, [join(root, '.config', 'build-page.mjs')], {
      cwd: folder.path,
    });
    expect(status).toBe(0);
    expect(existsSync(join(folder.path, 'dist'))).toBe(false);
  });
});
