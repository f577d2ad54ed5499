/** The page with Parlant's widget, built by Vite in memory and served on 127.0.0.1: a web site that is not our server. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';

const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

export type WidgetSite = AsyncDisposable & { readonly url: string };

export async function startWidgetSite(): Promise<WidgetSite> {
  const files = await buildPage();
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://127.0.0.1');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const file = files.get(name);
    const type = types[name.replace(/.*\./, '')] ?? 'application/octet-stream';
    res.writeHead(file === undefined ? 404 : 200, { 'content-type': type }).end(file);
  });
  await once(server.listen({ host: '127.0.0.1', port: 0 }), 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The content of each file by its path. */
async function buildPage(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const built = await build({
    root: import.meta.dirname,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': JSON.stringify('production') }, // vitest's is "test", and React then its development version
    build: { write: false, minify: false, modulePreload: false },
  });
  const { output } = built as Rolldown.RolldownOutput; // one output is configured, and nothing is watched
  return new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
}
