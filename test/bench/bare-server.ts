/**
 * The yardstick: the durable work of a session server written by hand, with nothing but `node:http` and `node:sqlite`.
 * The same wire, the same five stored events and five chunk frames a turn, WAL, `synchronous=FULL`, one prepared INSERT per event,
 * one commit per turn of the event loop. No validation worth the name, no statechart, no fences, no restart: what is left out
 * is what Colloquy is for. Keep it as lean as it is fair; every ratio in `docs/performance.md` divides by it.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

type Draft = {
  readonly source: string;
  readonly kind: string;
  readonly trace: string;
  readonly data: unknown;
};
type Stored = { readonly json: string };
type Session = { readonly id: string; nextOffset: number; readonly followers: Set<ServerResponse> };
type Pending = {
  readonly drafts: readonly Draft[];
  readonly session: Session;
  readonly done: (stored: Stored[]) => void;
};

const port = Number(process.env['PORT']);
const folder = process.env['DATA_DIR'];
if (!folder || !port) throw new Error('PORT and DATA_DIR are needed.');

const db = new DatabaseSync(join(folder, 'bare.db'));
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE event (
    session TEXT NOT NULL, "offset" INTEGER NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL,
    utc TEXT NOT NULL, trace TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (session, "offset")
  ) WITHOUT ROWID;
`);
const begin = db.prepare('BEGIN');
const commit = db.prepare('COMMIT');
const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
const select = db.prepare('SELECT * FROM event WHERE session = ? AND "offset" > ? ORDER BY "offset"');

const sessions = new Map<string, Session>();
let pending: Pending[] = [];

/** Queues the drafts; `done` hears of them once the commit that all appends of this loop turn share is on disk. */
function append(session: Session, drafts: readonly Draft[], done: (stored: Stored[]) => void): void {
  if (pending.push({ session, drafts, done }) === 1) setImmediate(flush);
}

function flush(): void {
  const batch = pending;
  pending = [];
  const utc = new Date().toISOString();
  begin.run();
  const stored = batch.map(({ session, drafts }) => drafts.map((draft) => store(session, draft, utc)));
  commit.run();
  batch.forEach(({ session, done }, index) => {
    const events = stored[index] ?? [];
    for (const event of events) tell(session, event.frame);
    done(events);
  });
}

function store(session: Session, draft: Draft, utc: string): Stored & { readonly frame: string } {
  const offset = session.nextOffset++;
  const id = randomUUID();
  const data = JSON.stringify(draft.data);
  insert.run(session.id, offset, id, draft.source, draft.kind, utc, draft.trace, data);
  const json = toJson({ offset, id, source: draft.source, kind: draft.kind, utc, trace: draft.trace, data });
  return { json, frame: `id: ${offset}\nevent: ${draft.kind}\ndata: ${json}\n\n` };
}

type Row = {
  offset: number;
  id: string;
  source: string;
  kind: string;
  utc: string;
  trace: string;
  data: string;
};

function toJson(row: Row): string {
  return (
    `{"id":"${row.id}","source":"${row.source}","kind":"${row.kind}","offset":${row.offset},"creation_utc":"${row.utc}",` +
    `"trace_id":"${row.trace}","correlation_id":"${row.trace}","data":${row.data},"metadata":{},"deleted":false}`
  );
}

function tell(session: Session, frame: string): void {
  for (const follower of session.followers) follower.write(frame);
}

function answer(session: Session, trace: string, text: string): void {
  append(session, [status(trace, 'acknowledged', {}), status(trace, 'processing', {})], () => {
    const reply = `echo: ${text}`;
    const size = Math.ceil(reply.length / 5);
    for (let index = 0; index < 5; index++) {
      const chunk = {
        message_id: trace,
        trace_id: trace,
        attempt: 1,
        index,
        text: reply.slice(index * size, (index + 1) * size),
      };
      tell(session, `event: chunk\ndata: ${JSON.stringify(chunk)}\n\n`);
    }
    const data = { message: reply, participant: { id: 'echo', display_name: 'Echo' } };
    append(
      session,
      [{ source: 'ai_agent', kind: 'message', trace, data }, status(trace, 'ready', { stage: 'completed' })],
      () => {},
    );
  });
}

function status(trace: string, name: string, data: unknown): Draft {
  return { source: 'ai_agent', kind: 'status', trace, data: { status: name, data } };
}

function createSession(_session: undefined, _body: string, res: ServerResponse): void {
  const session: Session = { id: randomUUID().slice(0, 13), nextOffset: 0, followers: new Set() };
  sessions.set(session.id, session);
  send(res, 201, JSON.stringify({ id: session.id }));
}

function postEvent(session: Session, body: string, res: ServerResponse): void {
  const { message } = JSON.parse(body) as { message: unknown };
  if (typeof message !== 'string') return send(res, 422, '{}');
  const trace = randomUUID().replaceAll('-', '');
  const data = { message, participant: { id: 'guest', display_name: 'Guest' } };
  append(session, [{ source: 'customer', kind: 'message', trace, data }], ([event]) => {
    send(res, 201, event?.json ?? '{}');
    answer(session, trace, message);
  });
}

function follow(session: Session, req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  res.flushHeaders();
  const after = Number(req.headers['last-event-id'] ?? -1);
  for (const row of select.iterate(session.id, after) as Iterable<Row>) {
    res.write(`id: ${row.offset}\nevent: ${row.kind}\ndata: ${toJson(row)}\n\n`);
  }
  session.followers.add(res);
  res.once('close', () => session.followers.delete(res));
}

function send(res: ServerResponse, code: number, json: string): void {
  res.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  res.end(json);
}

function withBody(req: IncomingMessage, then: (body: string) => void): void {
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (part: string) => (body += part));
  req.on('end', () => then(body));
}

const server = createServer((req, res) => {
  const [, , id] = (req.url ?? '').split('/');
  if (id === undefined && req.method === 'POST')
    return withBody(req, (body) => createSession(undefined, body, res));
  const session = sessions.get(id ?? '');
  if (!session) return send(res, 404, '{}');
  if (req.method === 'GET') return follow(session, req, res);
  withBody(req, (body) => postEvent(session, body, res));
});
server.listen(port, '127.0.0.1');
