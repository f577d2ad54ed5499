/** Agents that a test writes, on a real server, with a model that says what it was told to: turns from the message to the last hook. */
import { vi } from 'vitest';
import { createColloquy, type Colloquy, type ColloquyOptions } from '../../src/colloquy.ts';
import { isFinalReady, type SessionEvent } from '../../src/event-log/event.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import { createServer, type DefinedServer } from '../../src/sdk/server.ts';
import { createScriptedNlp, type NlpGiven, type Script, type ScriptedNlp } from './composer.ts';
import { createDataFolder } from './data-folder.ts';

export type WrittenAgents = AsyncDisposable & {
  readonly colloquy: Colloquy;
  readonly nlp: ScriptedNlp;
  readonly url: string;
  /** Creates a session with the first agent. */
  session(): Promise<string>;
  /** Has a customer say it and waits until the turn is over for the customer. Its events. */
  turn(sessionId: string, text: string): Promise<readonly SessionEvent[]>;
  /** All events of the session. */
  events(sessionId: string): Promise<readonly SessionEvent[]>;
};

export type WrittenOptions = NlpGiven &
  Pick<ColloquyOptions, 'settings' | 'logger'> & {
    /** Conditions that hold. Default: all. */
    readonly holds?: readonly string[];
    /** Answers besides. Default: a journey's step is not done yet, and a draft says "An answer.", which follows no guideline. */
    readonly script?: Script;
    readonly moderate?: NlpService['moderate'];
    /** Default: one that answers at once, for whose agents nobody has to be kept company. */
    readonly nlpName?: string;
  };

export async function startWritten(
  write: (server: DefinedServer) => void,
  {
    holds,
    script = {},
    settings = {},
    logger,
    moderate,
    nlpName: name = 'offline',
    ...given
  }: WrittenOptions = {},
): Promise<WrittenAgents> {
  const server = createServer();
  write(server);
  const folder = await createDataFolder();
  const scripted = createScriptedNlp({ ...createScript(holds), ...script }, given);
  const nlp = { ...scripted, name, ...(moderate && { moderate }) };
  const colloquy = await createColloquy({
    definitions: [server.define()],
    settings: {
      port: 0,
      dataDir: folder.path,
      logLevel: 'silent',
      shutdownGraceMs: 0,
      indexing: false,
      ...settings,
    },
    nlp,
    ...(logger && { logger }),
  });
  const url = await colloquy.listen();
  const { sessions } = colloquy;

  async function events(sessionId: string): Promise<readonly SessionEvent[]> {
    const response = await fetch(`${url}/sessions/${sessionId}/events`);
    return (await response.json()) as readonly SessionEvent[];
  }

  return {
    colloquy,
    nlp: scripted,
    url,
    events,

    async session() {
      const { defaultAgent: agentId } = colloquy.settings;
      return (await sessions.create({ agentId, customerId: 'ann' })).id;
    },

    async turn(sessionId, message) {
      const participant = { id: 'ann', display_name: 'Ann' };
      const data = { message, participant, flagged: false, tags: [] };
      const { trace_id: traceId } = await sessions.post(sessionId, {
        kind: 'message',
        source: 'customer',
        data,
      });
      await vi.waitFor(
        async () => {
          const { turn } = await sessions.stateOf(sessionId);
          if (turn !== 'ready') throw new Error(`The turn is ${turn}.`);
        },
        { timeout: 10_000, interval: 5 },
      );
      // Behind everything that was told.
      await sessions.update(sessionId, { title: 'told' });
      return (await events(sessionId)).filter(({ trace_id: of }) => of === traceId);
    },

    async [Symbol.asyncDispose]() {
      await colloquy.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Where all these conditions hold; default: all that are asked about. */
export function createScript(holds?: readonly string[]): Script {
  const check = ({
    guidelines,
  }: {
    readonly guidelines: readonly { readonly n: string; readonly condition: string }[];
  }) => ({
    checks: guidelines.map(({ n, condition }) => ({
      n,
      rationale: 'scripted',
      applies: holds?.includes(condition) ?? true,
    })),
  });
  return {
    observational: check,
    actionable: check,
    canned_draft: [{ body: 'An answer.' }],
    selection: [{ templateId: null, quality: 'low' }],
    preamble: [{ text: 'One moment.' }],
    backtrack_check: [{ requiresBacktracking: false }],
    next_step: [{ continues: true, currentCompleted: false, choice: '0' }],
    response_analysis: ({ guidelines }) => ({ checks: guidelines.map(({ n }) => ({ n, applied: false })) }),
  };
}

/** One turn of the first agent, in which a customer says "Hello". */
export async function playTurn(write: (server: DefinedServer) => void, options: WrittenOptions = {}) {
  await using program = await startWritten(write, options);
  const id = await program.session();
  const events = await program.turn(id, 'Hello');
  // What is done behind `ready` is done when the next turn has begun.
  await program.turn(id, 'Thanks');
  return { events, story: storyOf(events), asked: program.nlp.asked };
}

/** What the `ready` that ended the turn says. */
export function endingOf(events: readonly SessionEvent[]) {
  const { data } = (events.findLast(isFinalReady)?.data ?? {}) as { readonly data?: Ending };
  return data ?? { matched_guidelines: [], matched_journeys: [], matched_journey_states: [] };
}

type Named = { readonly id: string };
type Ending = {
  readonly matched_guidelines: readonly Named[];
  readonly matched_journeys: readonly Named[];
  readonly matched_journey_states: readonly Named[];
};

/** What retrievers and tools had found when a draft was first made. */
export function stagedIn(asked: ScriptedNlp['asked']) {
  const [draft] = asked.flatMap((each) => (each.question === 'canned_draft' ? each : []));
  return draft?.input.situation.staged;
}

/** `customer: text`, `agent: text`, `custom: text`, `status`, `status: stage`, `error: CODE`. */
export function storyOf(events: readonly SessionEvent[]): readonly string[] {
  return events.map(({ kind, source, data }) => {
    const {
      message,
      status,
      data: inner,
    } = data as {
      readonly message?: string;
      readonly status?: string;
      readonly data?: { readonly stage?: string; readonly code?: string };
    };
    if (kind === 'message') return `${source === 'ai_agent' ? 'agent' : source}: ${message}`;
    if (kind !== 'status') return `${kind}: ${typeof data === 'string' ? data : JSON.stringify(data)}`;
    const more = inner?.stage ?? inner?.code;
    return more === undefined ? `${status}` : `${status}: ${more}`;
  });
}
