/** The API described: `/openapi.json`, and `/docs` that shows it with files of this server only (no network, no inline script). */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Response } from 'express';
import { z } from 'zod';
import { RouteNotFoundError } from './errors.ts';
import { createOpenApi } from './openapi.ts';
import { route, type Route } from './route.ts';

/** What `/docs/{file}` serves. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Colloquy: API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <main id="swagger-ui"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n`;

/** `described`: every other route. */
export function docsRoutes(
  described: readonly Route[],
  { version }: { readonly version: string },
): readonly Route[] {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  let document: string | undefined;
  const routes: readonly Route[] = [
    route({
      method: 'get',
      path: '/openapi.json',
      operation: 'read the documentation',
      tag: 'Documentation',
      summary: 'This document',
      answers: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } },
      handle({ res }) {
        document ??= JSON.stringify(createOpenApi([...described, ...routes], { version }));
        send(res, 'application/json; charset=utf-8', document);
      },
    }),
    route({
      method: 'get',
      path: '/docs',
      operation: 'read the documentation',
      tag: 'Documentation',
      summary: 'This document as a page',
      answers: { 200: { description: 'The page.', media: { 'text/html': 'Works without a network.' } } },
      handle: ({ res }) => send(res, 'text/html; charset=utf-8', PAGE),
    }),
    route({
      method: 'get',
      path: '/docs/{file}',
      operation: 'read the documentation',
      tag: 'Documentation',
      summary: 'Parts of the page',
      params: z.object({ file: z.string() }),
      answers: { 200: { description: 'The file.', media: { 'text/css': 'Or a script, or an image.' } } },
      async handle({ params, res }) {
        const file = params['file'];
        if (file === 'start.js') return send(res, 'text/javascript; charset=utf-8', START);
        const asset = ASSETS.find((name) => name === file);
        if (!asset) throw new RouteNotFoundError();
        await new Promise<void>((resolve, reject) => {
          res.sendFile(join(folder, asset), { maxAge: '1h' }, (error) => (error ? reject(error) : resolve()));
        });
      },
    }),
  ];
  return routes;
}

function send(res: Response, type: string, text: string): void {
  res
    .writeHead(200, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-cache',
    })
    .end(text);
}
