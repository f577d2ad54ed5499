/** Agents that a test writes, on a real server, met as clients meet them: over HTTP, by posting and by waiting for what comes. */
import { createColloquy, type Colloquy, type ColloquyOptions } from '../../src/colloquy.ts';
import { preambleTag } from '../../src/entities/collections/canned-response.ts';
import { isFinalReady, type MessageData, type SessionEvent } from '../../src/event-log/event.ts';
import { createServer, type DefinedServer } from '../../src/sdk/server.ts';
import { type Asked, createScriptedNlp, type NlpGiven, type Script } from './composer.ts';
import { createSession, post, readLog } from './conversation.ts';
import { createDataFolder } from './data-folder.ts';
import { createScript, storyOf } from './written-agent.ts';

export type EngineServerOptions = Pick<ColloquyOptions, 'settings' | 'clock' | 'nlp'> & {
  /** Default: `nlp`, or the language understanding that needs no model. Else one that says what it was told to, by the name of one that is slow. */
  readonly model?: NlpGiven & {
    readonly script?: Script;
    /** Conditions that hold; default: all. */
    readonly holds?: readonly string[];
  };
};

export type EngineServer = AsyncDisposable & {
  readonly url: string;
  readonly colloquy: Colloquy;
  /** Of the model; none where there is none. */
  readonly asked: readonly Asked[];
  session(agentId: string): Promise<string>;
  /** Posts a customer's message. */
  say(sessionId: string, text: string): Promise<SessionEvent>;
  /** The turn's events when it is over. */
  over(sessionId: string, traceId: string): Promise<readonly SessionEvent[]>;
  /** Both. */
  turn(sessionId: string, text: string): Promise<readonly SessionEvent[]>;
  events(sessionId: string): Promise<readonly SessionEvent[]>;
  /** As if the process had ended and another had come up on the same folder. */
  restart(): Promise<void>;
};

export async function startEngine(
  write: (server: DefinedServer) => void,
  { model, nlp: given, settings = {}, clock }: EngineServerOptions = {},
): Promise<EngineServer> {
  const folder = await createDataFolder();
  const { script, holds, ...more } = model ?? {};
  const scripted = model && createScriptedNlp({ ...createScript(holds), ...script }, more);
  const nlp = scripted ?? given;
  let colloquy: Colloquy;
  let url = '';
  await start();

  async function start(): Promise<void> {
    const server = createServer();
    write(server);
    colloquy = await createColloquy({
      definitions: [server.define()],
      settings: {
        port: 0,
        dataDir: folder.path,
        logLevel: 'silent',
        shutdownGraceMs: 0,
        indexing: false,
        ...settings,
      },
      ...(nlp && { nlp }),
      ...(clock && { clock }),
    });
    url = await colloquy.listen();
  }

  async function say(sessionId: string, message: string): Promise<SessionEvent> {
    const event = await post(`${url}/sessions/${sessionId}/events`, {
      kind: 'message',
      source: 'customer',
      message,
    });
    return event as SessionEvent; // of a 201
  }

  async function over(sessionId: string, traceId: string): Promise<readonly SessionEvent[]> {
    for (let events: readonly SessionEvent[] = []; ;) {
      const last = events.at(-1);
      if (events.some(isFinalReady)) return events;
      const query = new URLSearchParams({
        trace_id: traceId,
        min_offset: String((last?.offset ?? -1) + 1),
        wait_for_data: '15',
      });
      const response = await fetch(`${url}/sessions/${sessionId}/events?${query.toString()}`);
      if (!response.ok) throw new Error(`The turn does not end: ${JSON.stringify(storyOf(events))}`);
      events = [...events, ...((await response.json()) as readonly SessionEvent[])];
    }
  }

  return {
    get url() {
      return url;
    },
    get colloquy() {
      return colloquy;
    },
    asked: scripted?.asked ?? [],
    session: (agentId) => createSession(url, agentId),
    say,
    over,
    turn: async (sessionId, text) => over(sessionId, (await say(sessionId, text)).trace_id),
    events: (sessionId) => readLog(url, sessionId),
    async restart() {
      await colloquy.close();
      await start();
    },
    async [Symbol.asyncDispose]() {
      await colloquy.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** As `storyOf`, but what bridges the time, what grew and what was cut off are told from the rest, and of tools only what was called. */
export function toldIn(events: readonly SessionEvent[]): readonly string[] {
  return events.flatMap((event) => toTold(event));
}

function toTold(event: SessionEvent): readonly string[] {
  const { kind, source, data, metadata } = event;
  if (kind === 'tool') {
    const { tool_calls: calls } = data as { readonly tool_calls: readonly { readonly tool_id: string }[] }; // of a tool event
    return calls.map(({ tool_id: id }) => `tool ${id}`);
  }
  const story = storyOf([event]);
  if (kind !== 'message' || source !== 'ai_agent') return story;
  const { message, tags = [], chunks } = data as MessageData;
  const who = tags.includes(preambleTag)
    ? 'preamble'
    : chunks
      ? `agent in ${chunks.length - 1} pieces`
      : 'agent';
  return [`${who}: ${message}${metadata['interrupted'] === true ? ' (interrupted)' : ''}`];
}
