/** A turn kept in memory: a conversation as events, and a `say` that collects. What the port promises, and nothing of a session. */
import type { AgentTurn, LocalAgent } from '../../src/agents/agent-runner.ts';
import type { JsonObject, SessionEvent } from '../../src/event-log/event.ts';

export type Said = {
  readonly chunks: readonly string[];
  readonly text: string;
  readonly metadata: JsonObject | undefined;
};

export type TurnOptions = {
  /** What was said before, oldest first; a text that begins with `agent: ` is the agent's. */
  readonly before?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onChunk?: (chunk: string) => void;
  /** Told how many events were asked for. */
  readonly onRead?: (n: number) => void;
};

/** What the agent says to this message. Rejects with what the run rejects with. */
export async function ask(agent: LocalAgent, message: string, options: TurnOptions = {}): Promise<Said> {
  const said: { chunks: string[]; metadata: JsonObject | undefined }[] = [];
  await agent.runner.run(
    turnOf(message, options, async (text, { metadata } = {}) => {
      const chunks: string[] = [];
      for await (const chunk of typeof text === 'string' ? [text] : text) {
        chunks.push(chunk);
        options.onChunk?.(chunk);
      }
      said.push({ chunks, metadata: typeof metadata === 'function' ? metadata() : metadata });
      return undefined;
    }),
  );
  const chunks = said.flatMap((message) => message.chunks);
  return { chunks, text: chunks.join(''), metadata: said.at(-1)?.metadata };
}

function turnOf(message: string, options: TurnOptions, say: AgentTurn['say']): AgentTurn {
  const { before = [], signal = new AbortController().signal, onRead } = options;
  const events = [...before, message].map(toEvent);
  return {
    sessionId: 'session-1',
    customerId: 'ada',
    runId: 'trace-1',
    attempt: 1,
    trigger: events.at(-1)!,
    history: {
      async last(n) {
        onRead?.(n);
        return events.slice(-n);
      },
    },
    say,
    voice: {
      told: [],
      emit: async () => [],
      describe() {},
      commitTo() {},
      end: async () => {},
      leave: async () => {},
    },
    signal,
  };
}

function toEvent(text: string, offset: number): SessionEvent {
  const byAgent = text.startsWith('agent: ');
  const message = byAgent ? text.slice('agent: '.length) : text;
  return {
    id: `event-${offset}`,
    source: byAgent ? 'ai_agent' : 'customer',
    kind: 'message',
    offset,
    creation_utc: '2026-01-01T00:00:00.000000Z',
    trace_id: 'trace-1',
    correlation_id: 'trace-1',
    data: { message, participant: { id: null, display_name: byAgent ? 'Agent' : 'Ada' } },
    metadata: {},
    deleted: false,
  };
}
