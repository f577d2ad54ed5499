import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDataFolder } from '../support/data-folder.ts';
import { startServer } from '../support/server.ts';

const html =
  '<!doctype html><title>Colloquy</title><script type="module" src="/assets/index-a1.js"></script>';
const script = `export const text = '${'colloquy '.repeat(200)}';`;

/** A server with a page of a few files, in a folder of its own. */
async function withPage() {
  const folder = await createDataFolder();
  const pageFolder = join(folder.path, 'page');
  await mkdir(join(pageFolder, 'assets', 'folder'), { recursive: true });
  await writeFile(join(pageFolder, 'index.html'), html);
  await writeFile(join(pageFolder, 'assets', 'index-a1.js'), script);
  await writeFile(join(pageFolder, 'assets', 'index-a1.css'), 'body{}');
  await writeFile(join(pageFolder, 'assets', '.hidden'), 'secret');
  await writeFile(join(pageFolder, 'secret.txt'), 'secret');
  const server = await startServer({ pageFolder });
  return {
    server,
    pageFolder,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('the page', () => {
  it.each(['/', '/ops', '/?user=ann', '/ops?session=x'])('is at %s', async (path) => {
    await using at = await withPage();
    const { text, headers } = await at.server.http().get(path).expect(200);
    expect(text).toBe(html);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('is looked at anew each time, and sent again only when it has changed', async () => {
    await using at = await withPage();
    const { headers } = await at.server.http().get('/').expect('Cache-Control', 'no-cache');
    const etag = headers['etag'] ?? '';
    expect((await at.server.http().get('/').set('If-None-Match', etag)).status).toBe(304);
    await writeFile(join(at.pageFolder, 'index.html'), `${html} `);
    const changed = await at.server.http().get('/').set('If-None-Match', etag).expect(200);
    expect(changed.text).toBe(`${html} `);
  });

  it('loads files of this server, which never change under their names', async () => {
    await using at = await withPage();
    const { text, headers } = await at.server.http().get('/assets/index-a1.js').expect(200);
    expect(text).toBe(script);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const css = await at.server.http().get('/assets/index-a1.css').expect(200);
    expect(css.headers['content-type']).toBe('text/css; charset=utf-8');
  });

  it('comes compressed to who can read that, and as it is to the others', async () => {
    await using at = await withPage();
    const ask = async (encoding: string) => {
      const response = await at.server
        .http()
        .get('/assets/index-a1.js')
        .set('Accept-Encoding', encoding)
        .buffer(true);
      return [response.headers['content-encoding'], response.headers['vary'], response.text];
    };
    expect(await ask('gzip, br')).toEqual(['gzip', 'Accept-Encoding', script]);
    for (const encoding of ['identity', 'br', 'gzip;q=0']) {
      expect(await ask(encoding)).toEqual([undefined, 'Accept-Encoding', script]);
    }
    const { headers } = await fetch(`${at.server.url}/assets/index-a1.js`);
    expect(Number(headers.get('content-length'))).toBeLessThan(script.length / 4);
  });

  it('runs scripts of this server only, and asks nobody else for anything', async () => {
    await using at = await withPage();
    // A worker's script has the policy of its own answer.
    for (const path of ['/', '/ops', '/?user=ann', '/assets/index-a1.js']) {
      const policy = (await at.server.http().get(path)).headers['content-security-policy'] ?? '';
      const directives = policy.split(';').map((directive) => directive.trim());
      expect(directives).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "connect-src 'self'",
          "worker-src 'self'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
    }
    const { headers } = await at.server.http().get('/operators');
    expect(headers['content-security-policy']).not.toContain('script-src');
  });

  it.each([
    '/assets/missing.js',
    '/assets/.hidden',
    '/assets/folder',
    '/assets/..%2fsecret.txt',
    '/assets/%2e%2e%2fsecret.txt',
    '/assets/..%5csecret.txt',
    '/assets/index-a1.js%00',
    `/assets/${'x'.repeat(5_000)}`,
    '/assets/',
    '/secret.txt',
    '/index.html',
    '/ops/more',
  ])('serves nothing else: %s', async (path) => {
    await using at = await withPage();
    const response = await fetch(at.server.url + path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
  });

  it('is for anybody, also where everything else asks for a token', async () => {
    await using at = await withPage();
    await using server = await startServer({
      pageFolder: at.pageFolder,
      settings: { auth: 'jwt', jwtSecret: 's'.repeat(32) },
    });
    for (const path of ['/', '/ops', '/assets/index-a1.js']) {
      expect((await server.http().get(path)).status).toBe(200);
    }
    expect((await server.http().get('/api/live')).status).toBe(401);
  });

  it('can be asked for with HEAD, and with nothing but GET else', async () => {
    await using at = await withPage();
    const { headers, text } = await at.server.http().head('/').expect(200);
    expect([headers['content-length'], text]).toEqual([String(html.length), undefined]);
    await at.server.http().post('/').send({}).expect(405);
  });
});

describe('where the page is not built', () => {
  it.each(['/', '/ops'])('%s says how, and leads to the documentation', async (path) => {
    await using server = await startServer();
    const { text, headers } = await server.http().get(path).expect(302);
    expect(headers['location']).toBe('/docs');
    expect(text).toMatch(/^The page is not built: .*npm start.*\n$/);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('serves it as soon as it is', async () => {
    await using at = await withPage();
    await rm(join(at.pageFolder, 'index.html'));
    expect((await at.server.http().get('/')).status).toBe(302);
    expect((await at.server.http().get('/assets/new-b2.js')).status).toBe(404);
    await writeFile(join(at.pageFolder, 'index.html'), html);
    await writeFile(join(at.pageFolder, 'assets', 'new-b2.js'), script);
    expect((await at.server.http().get('/')).text).toBe(html);
    expect((await at.server.http().get('/assets/new-b2.js')).status).toBe(200);
  });
});
