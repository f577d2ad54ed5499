/**
 * The whole server as a child process, whose agents (`held-agent.ts`) stop where a customer says so: "stop at matching". `HELD=1`; without it
 * they go on. Over IPC it tells which are held, and is told what becomes of pauses between messages to come (`{ pauses: 'held' }`, until
 * `{ pauses: 'over' }`, or for good by `{ pauses: 'rest' }`, from which on they are over at once), and to die when it begins to load a session's turn (`{ doomed: sessionId }`).
 */
import { INVALID_SPAN_CONTEXT, type SpanOptions, trace } from '@opentelemetry/api';
import { createColloquy } from '../../src/colloquy.ts';
import { loadSettings } from '../../src/config.ts';
import { createServer } from '../../src/sdk/server.ts';
import { createHeldClock, createHeldNlp, type Gate, writeHeldAgents } from './held-agent.ts';

type Question = { readonly pauses?: 'held' | 'over' | 'rest'; readonly doomed?: string };

const isHeld = process.env['HELD'] === '1';
const held: string[] = [];
let pauses = { isHeld: false, ended: Promise.withResolvers<void>() };
let doomed: string | undefined;

const gate: Gate = async (stage, text) => {
  if (!isHeld || text !== `stop at ${stage}`) return;
  held.push(stage);
  await new Promise(() => {});
};

const clock = createHeldClock(async () => {
  if (!pauses.isHeld) return;
  held.push('pause');
  await pauses.ended.promise;
});

// Spans tell what is done now, and nothing else does of what takes no time.
trace.setGlobalTracerProvider({
  getTracer: () => ({ startSpan: dieIfDoomed, startActiveSpan: () => undefined as never }),
});

function dieIfDoomed(name: string, { attributes = {} }: SpanOptions = {}) {
  if (name === 'process' && attributes['session_id'] === doomed) process.kill(process.pid, 'SIGKILL');
  return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
}

process.on('message', (question: Question) => {
  doomed = question.doomed ?? doomed;
  if (question.pauses) {
    if (question.pauses === 'over') pauses.ended.resolve();
    pauses = { isHeld: question.pauses === 'held', ended: Promise.withResolvers<void>() };
  }
  process.send?.({ held });
});
process.channel?.unref();

const server = createServer();
writeHeldAgents(gate)(server);
const colloquy = await createColloquy({
  settings: loadSettings(process.env, {}),
  definitions: [server.define()],
  nlp: createHeldNlp(gate),
  clock,
});
process.once('SIGTERM', () => void colloquy.close().then(() => process.exit()));
process.stdout.write(`The held server listens on ${await colloquy.listen()}\n`);
