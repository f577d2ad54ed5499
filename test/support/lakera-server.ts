/** A server that speaks as Lakera Guard does, on 127.0.0.1 and a free port. It knows what is an attack from the test. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LakeraServer = AsyncDisposable & {
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: readonly { readonly key: string | undefined; readonly text: string }[];
};

export type LakeraAnswer = { readonly status?: number; readonly body?: unknown } | 'never';

/** `answer`: to a text; default: it is an attack where it speaks of rules, and an insult where it has an exclamation mark. */
export async function startLakera(answer: (text: string) => LakeraAnswer = toVerdict): Promise<LakeraServer> {
  const asked: { key: string | undefined; text: string }[] = [];
  const server = createServer((req, res) => void respond(req, res));

  async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { messages } = JSON.parse(await readBody(req)) as { messages: { content: string }[] };
    const text = messages[0]?.content ?? '';
    asked.push({ key: req.headers.authorization, text });
    const answered = req.url === '/v2/guard' && req.method === 'POST' ? answer(text) : { status: 404 };
    if (answered === 'never') return;
    res.writeHead(answered.status ?? 200, { 'content-type': 'application/json' });
    res.end(typeof answered.body === 'string' ? answered.body : JSON.stringify(answered.body ?? {}));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function toVerdict(text: string): LakeraAnswer {
  const found = [
    { detector_type: 'prompt_attack', detected: text.includes('rules') },
    { detector_type: 'moderated_content/profanity', detected: text.includes('!') },
  ];
  const breakdown = found.map((each) => ({
    ...each,
    project_id: 'p',
    policy_id: 'q',
    detector_id: 'd',
    message_id: 0,
  }));
  return {
    body: { flagged: found.some(({ detected }) => detected), breakdown, metadata: { request_uuid: 'u' } },
  };
}

async function readBody(req: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of req) body += String(piece);
  return body;
}
