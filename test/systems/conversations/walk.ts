/**
 * Customers of an agent, over HTTP, on a real server with a real file. Each has a session; all of them talk at the same time. What came of
 * a turn is told in the words of the agent's author, not in ids.
 */
import { agentsOf } from '../../../src/definition/definition.ts';
import type { MessageData, SessionEvent } from '../../../src/event-log/event.ts';
import type { DefinedServer, ServerOptions } from '../../../src/sdk/server.ts';
import { createSession, readLog } from '../../support/conversation.ts';
import { createDataFolder } from '../../support/data-folder.ts';

export type Outcome = {
  readonly said: string;
  /** All messages of the agent, one after the other; null: none. */
  readonly answer: string | null;
  readonly calls: readonly { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }[];
  /** Conditions that counted. */
  readonly guidelines: readonly string[];
  /** Titles. */
  readonly journeys: readonly string[];
  /** Actions, or what is run. */
  readonly steps: readonly string[];
  /** Codes of `error` events. */
  readonly errors: readonly string[];
};

export type Customer = {
  /** Says it in the customer's own session, and waits for what comes of it. */
  say(text: string): Promise<Outcome>;
};

export type House = AsyncDisposable & {
  /** Somebody new, with a session of their own. */
  enter(): Promise<Customer>;
};

export async function openHouse(create: (options: ServerOptions) => DefinedServer): Promise<House> {
  const folder = await createDataFolder();
  const server = create({
    settings: { port: 0, dataDir: folder.path, logLevel: 'silent', shutdownGraceMs: 0 },
  });
  const names = namesIn(server);
  const url = await server.start();
  const [agentId = ''] = agentsOf([server.define()]);

  async function say(id: string, text: string): Promise<Outcome> {
    const { trace_id: trace } = await chat(url, { message: text, session_id: id });
    const events = await readLog(url, id);
    const ofTurn = events.filter(({ trace_id }) => trace_id === trace);
    return toOutcome(text, ofTurn, names);
  }

  return {
    async enter() {
      const id = await createSession(url, agentId);
      return { say: (text) => say(id, text) };
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

type Answered = { readonly trace_id: string };

async function chat(url: string, body: object): Promise<Answered> {
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 200) throw new Error(`chat answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answered;
}

type Names = ReadonlyMap<string, string>;

/** What an author calls a guideline, a journey and a state, by id. */
function namesIn(server: DefinedServer): Names {
  type Named = {
    readonly condition?: string;
    readonly title?: string | null;
    readonly action?: string | null;
  };
  return new Map(
    server.define().documents.map(({ id, fields }) => {
      const { condition, title, action } = fields as Named; // of whatever collection
      return [id, condition ?? action ?? title ?? id];
    }),
  );
}

function toOutcome(said: string, events: readonly SessionEvent[], names: Names): Outcome {
  const messages = events.filter(({ kind, source }) => kind === 'message' && source === 'ai_agent');
  const statuses = events.filter(({ kind }) => kind === 'status').map(({ data }) => data as Status);
  const ready = statuses.find(({ status, data }) => status === 'ready' && data.stage === 'completed')?.data;
  const named = (found: Matched = []) => found.map(({ id }) => names.get(id) ?? id);
  return {
    said,
    answer:
      messages.length === 0 ? null : messages.map(({ data }) => (data as MessageData).message).join('\n'),
    calls: events.filter(({ kind }) => kind === 'tool').flatMap(({ data }) => callsIn(data)),
    guidelines: named(ready?.matched_guidelines).filter((name) => !name.startsWith('journey_node:')),
    journeys: named(ready?.matched_journeys),
    steps: named(ready?.matched_journey_states),
    errors: statuses.filter(({ status }) => status === 'error').map(({ data }) => data.code ?? 'unknown'),
  };
}

type Matched = readonly { readonly id: string }[];

type Status = {
  readonly status: string;
  readonly data: {
    readonly stage?: string;
    readonly code?: string;
    readonly matched_guidelines?: Matched;
    readonly matched_journeys?: Matched;
    readonly matched_journey_states?: Matched;
  };
};

function callsIn(data: unknown): Outcome['calls'] {
  const { tool_calls: calls } = data as {
    readonly tool_calls: readonly {
      readonly tool_id: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    }[];
  };
  return calls.map(({ tool_id, arguments: args }) => ({ tool: tool_id.replace(/^local:/, ''), args }));
}
