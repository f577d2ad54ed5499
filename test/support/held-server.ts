/**
 * The whole server as a child process, whose agents (`held-agent.ts`) stop where a customer says so: "stop at matching". `HELD=1`; without it
 * they go on. Over IPC it tells which are held, and is told what becomes of pauses between messages (`{ pauses: 'held' }`: of those to come;
 * `{ pauses: 'over' }`: also of those since it was told so last), and to die when it begins to load a session's turn (`{ doomed: sessionId }`).
 */
import { INVALID_SPAN_CONTEXT, type SpanOptions, trace } from '@opentelemetry/api';
import { createColloquy } from '../../src/colloquy.ts';
import { loadSettings } from '../../src/config.ts';
import { createServer } from '../../src/sdk/server.ts';
import { createHeldClock, createHeldNlp, type Gate, writeHeldAgents } from './held-agent.ts';

type Question = { readonly pauses?: 'held' | 'over'; readonly doomed?: string };

const isHeld = process.env['HELD'] === '1';
const held: string[] = [];
let pauses = { mode: 'over', ended: Promise.withResolvers<void>() };
let doomed: string | undefined;

const gate: Gate = async (stage, text) => {
  if (!isHeld || text !== `stop at ${stage}`) return;
  held.push(stage);
  await new Promise(() => {});
};

const clock = createHeldClock(async () => {
  if (pauses.mode === 'over') return;
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
    pauses = { mode: question.pauses, ended: Promise.withResolvers<void>() };
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
process.stdout.write(`The held server listens on ${await colloquy.listen()}\n`);
