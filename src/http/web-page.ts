/**
 * The page, as `npm start` or `npm run build` made it in `dist/web`: `index.html` is asked for again each time, everything else has a name
 * that changes with its content. Anybody may load it; what it shows, it asks the API for in the name of its user.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { RouteNotFoundError } from './errors.ts';
import { route, type Answer, type Route } from './route.ts';

/** Where the page is built to: in a clone as in what is installed. */
export const builtPage = join(dirname(findPackageJSON(import.meta.url) ?? '.'), 'dist', 'web');

const MISSING =
  'The page is not built: `npm start` and `npm run build` build it. What this server answers is described at /docs.\n';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const assetName = /^[\w-][\w.-]{0,199}$/;

/** `folder`: that of `index.html` and `assets`. */
export function webPageRoutes({ folder }: { readonly folder: string }): readonly Route[] {
  const assets = new Map<string, Promise<File>>();
  const page = {
    method: 'get',
    operation: 'read the page',
    tag: 'Page',
    answers: {
      200: { description: 'The page.', media: { 'text/html': 'A page.' } },
      302: { description: 'It is not built: to /docs.' },
      304: { description: 'As `If-None-Match` has it.' },
    },
    handle: ({ req, res }: { readonly req: Request; readonly res: Response }) => sendPage(folder, req, res),
  } as const;
  return [
    route({ ...page, path: '/', summary: 'The page' }),
    route({
      ...page,
      path: '/ops',
      summary: 'The page, for operators',
      description: 'The same page: what it shows there, only operators may ask for.',
    }),
    route({
      method: 'get',
      path: '/assets/{file}',
      operation: 'read the page',
      tag: 'Page',
      summary: 'Parts of the page',
      params: z.object({ file: z.string() }),
      answers: { 200: { description: 'The file.', media: { 'text/javascript': 'Or styles, or an image.' } } },
      handle: async ({ params: { file = '' }, req, res }) => send(req, res, await readAsset(file)),
    }),
  ];

  /** What was read once is kept: a file of another content has another name. */
  function readAsset(name: string): Promise<File> {
    if (!assetName.test(name)) throw new RouteNotFoundError();
    const asset = assets.get(name) ?? readPart(join(folder, 'assets', name));
    assets.set(name, asset);
    asset.catch(() => assets.delete(name));
    return asset;
  }
}

type File = {
  readonly headers: Readonly<Record<string, string>>;
  readonly plain: Buffer;
  readonly zipped: Buffer;
};

async function readPart(path: string): Promise<File> {
  const plain = await readIfThere(path);
  if (!plain) throw new RouteNotFoundError();
  const headers = {
    'Content-Type': types[extname(path)] ?? 'application/octet-stream',
    'Cache-Control': 'public, max-age=31536000, immutable',
  };
  return { headers, plain, zipped: await promisify(gzip)(plain) };
}

async function sendPage(folder: string, req: Request, res: Response): Promise<Answer | undefined> {
  const plain = await readIfThere(join(folder, 'index.html'));
  if (!plain) {
    res
      .writeHead(302, {
        Location: '/docs',
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-store',
      })
      .end(MISSING);
    return undefined;
  }
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
  if (req.headers['if-none-match'] === etag) return { status: 304, headers };
  send(req, res, { headers: { ...headers, 'Content-Type': types['.html'] ?? '' }, plain, zipped: plain });
  return undefined;
}

function send(req: Request, res: Response, { headers, plain, zipped }: File): void {
  const isSmaller = zipped.length < plain.length;
  const isZipped = isSmaller && req.acceptsEncodings('gzip', 'identity') === 'gzip';
  const body = isZipped ? zipped : plain;
  if (isSmaller) res.vary('Accept-Encoding');
  res
    .writeHead(200, {
      ...headers,
      'Content-Length': body.length,
      ...(isZipped && { 'Content-Encoding': 'gzip' }),
    })
    .end(body);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return undefined;
    throw error;
  }
}
