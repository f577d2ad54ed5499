/**
 * The page behind `GET /api/inspect`: the inspector of stately.ai in a frame, fed from the WebSocket of the same address, as the
 * library's own relay does it. The frames reach the browser of whoever opened it, and there that page and no other.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const inspectorUrl = 'https://stately.ai/inspect';

export function sendInspectorPage(request: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader(
    'Content-Security-Policy',
    `default-src 'none'; frame-src https://stately.ai https://*.stately.ai; connect-src 'self'; base-uri 'none'; ` +
      `form-action 'none'; frame-ancestors 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`,
  );
  response.end(request.method === 'HEAD' ? undefined : toPage(nonce));
}

function toPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Colloquy: live sessions</title>
<style nonce="${nonce}">
  html, body, iframe { height: 100%; width: 100%; margin: 0; border: 0; display: block }
</style>
<iframe id="inspector" title="Stately Inspector" src="${inspectorUrl}"></iframe>
<script nonce="${nonce}">
  const inspector = document.getElementById('inspector');
  let origin;          // of the framed page, once it has said that it listens
  let early = [];      // frames that came before

  addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== inspector.contentWindow || data?.type !== '@statelyai.connected') return;
    if (!/^https:\\/\\/([a-z-]+\\.)?stately\\.ai$/.test(from)) return;
    origin = from;
    for (const frame of early.splice(0)) inspector.contentWindow.postMessage(frame, origin);
  });

  function connect() {
    const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (origin) inspector.contentWindow.postMessage(frame, origin);
      else if (early.push(frame) > 20000) early.shift();
    };
    // A new connection tells of every actor anew: the framed page starts anew as well.
    socket.onclose = () => setTimeout(() => {
      origin = undefined;
      early = [];
      inspector.src = inspector.src;
      connect();
    }, 2000);
  }
  connect();
</script>
</html>
`;
}
