/**
 * Agents that users of the library write: one function from a message to text. The function is trusted to heed `signal` while it
 * waits; between two chunks the runner heeds it. A run counts as over only when the function has really come to its end, so that
 * two turns of a session never work side by side.
 */
import { InvalidAgentError } from '../errors.ts';
import { messageTextOf, type SessionEvent } from '../event-log/event.ts';
import type { InterruptionPolicy } from '../event-log/session-record.ts';
import { checkAgent } from './agent-directory.ts';
import type { LocalAgent, AgentTurn } from './agent-runner.ts';
import { toConversationHistory, type ConversationHistory } from './conversation.ts';

/** Text at once, or piece by piece: every piece is streamed as it comes. No text: the turn ends without a message. */
export type Answer = string | Iterable<string> | AsyncIterable<string>;

/** What an `answer` function is given. */
export type Question = Omit<AgentTurn, 'history' | 'trigger' | 'voice' | 'actor'> & {
  /** The message that asked. */
  readonly trigger: SessionEvent;
  /** The text to answer. */
  readonly message: string;
  readonly history: ConversationHistory;
};

export type AgentDefinition = {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`; clients name it as `intent` or `agent_id`. */
  readonly id: string;
  /** 1 to 100 characters; default: the id. */
  readonly name?: string;
  readonly description?: string | null;
  /** What a new message does to a turn under way; default `interrupt`. */
  readonly interruption?: InterruptionPolicy;
  /** `stream`: messages are stored while they grow, for Parlant's streaming clients; default `block`. */
  readonly outputMode?: LocalAgent['outputMode'];
  /** Usually an async generator. What it throws becomes the turn's `error` event. */
  readonly answer: (question: Question) => Answer | Promise<Answer>;
};

/**
 * Makes an agent of a function:
 * `defineAgent({ id: 'parrot', async *answer({ message }) { yield 'You said: '; yield message; } })`.
 * Throws `InvalidAgentError`.
 */
export function defineAgent({ id, answer, ...optional }: AgentDefinition): LocalAgent {
  if (typeof answer !== 'function') throw new InvalidAgentError(id, 'its `answer` is no function');
  const agent: LocalAgent = {
    id,
    name: optional.name ?? id,
    description: optional.description ?? null,
    interruption: optional.interruption ?? 'interrupt',
    outputMode: optional.outputMode ?? 'block',
    runner: { run: (turn) => runAnswer(id, answer, turn) },
  };
  checkAgent(agent);
  return agent;
}

async function runAnswer(agentId: string, answer: AgentDefinition['answer'], turn: AgentTurn): Promise<void> {
  const { say, signal, trigger, voice: _, actor: __, ...about } = turn;
  if (!trigger) return;
  const message = messageTextOf(trigger) ?? '';
  const history = toConversationHistory(turn.history);
  const text = await answer({ ...about, say, signal, trigger, message, history });
  signal.throwIfAborted();
  if (typeof text === 'string') await say(text, { final: true });
  else if (isIterable(text)) await say(checkedChunks(agentId, text, signal), { final: true });
  else throw new TypeError(`The answer of agent "${agentId}" is ${kindOf(text)}, not text.`);
}

async function* checkedChunks(
  agentId: string,
  chunks: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    if (typeof chunk !== 'string')
      throw new TypeError(`The agent "${agentId}" yielded ${kindOf(chunk)}, not text.`);
    yield chunk;
  }
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function kindOf(value: unknown): string {
  return value === null
    ? 'null'
    : typeof value === 'undefined'
      ? 'undefined'
      : `a value of type ${typeof value}`;
}
