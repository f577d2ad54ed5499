/**
 * An agent that answers from a folder of Markdown files: finds the section a question is about, with the conversation in mind, and
 * says its sentences, or that it does not know. No model and no network; the same conversation always gets the same answer.
 */
import { messageTextOf, type JsonObject } from '../event-log/event.ts';
import type { InterruptionPolicy } from '../event-log/session-record.ts';
import { checkAgent } from './agent-directory.ts';
import type { LocalAgent, AgentTurn } from './agent-runner.ts';
import { composeAnswer, composeSmallTalk, composeUnknown } from './knowledge/extractive-answer.ts';
import { openKnowledgeBase, type KnowledgeBase } from './knowledge/knowledge-base.ts';
import { smallTalkIn } from './knowledge/small-talk.ts';
import { toWordGroups } from '../nlp/lexical/word-groups.ts';
import { pacedChunks, type Pace } from './paced-chunks.ts';

export type KnowledgeAgentOptions = Pace & {
  readonly id: string;
  /** Default: the id. */
  readonly name?: string;
  readonly description?: string | null;
  readonly interruption?: InterruptionPolicy;
  /** Its `.md` files are read once, now. */
  readonly folder: string;
};

/** How far back a follow-up may reach: messages of both sides. */
const historyLimit = 20;

/** Rejects with `KnowledgeError`, naming the folder or the file, or with `InvalidAgentError`. */
export async function createKnowledgeAgent(options: KnowledgeAgentOptions): Promise<LocalAgent> {
  const { id, name = id, description = null, interruption = 'interrupt', folder, ...pace } = options;
  const knowledge = await openKnowledgeBase(folder);
  const agent: LocalAgent = {
    id,
    name,
    description,
    interruption,
    runner: {
      async run(turn) {
        const before = await customerTextsBefore(turn);
        turn.signal.throwIfAborted();
        const { text, metadata } = answerTo(
          knowledge,
          (turn.trigger && messageTextOf(turn.trigger)) ?? '',
          before,
        );
        await turn.say(pacedChunks(toWordGroups(text), turn.signal, pace), { metadata, final: true });
      },
    },
  };
  checkAgent(agent);
  return agent;
}

async function customerTextsBefore({ history, trigger }: AgentTurn): Promise<readonly string[]> {
  const now = trigger?.offset ?? Infinity;
  const events = await history.last(historyLimit);
  return events
    .filter((event) => event.source === 'customer' && event.offset < now)
    .map((event) => messageTextOf(event) ?? '')
    .filter((text) => smallTalkIn(text) === undefined);
}

type Reply = { readonly text: string; readonly metadata: JsonObject };

/** `metadata.sources` is empty when the agent does not know, or only made small talk. */
function answerTo(knowledge: KnowledgeBase, message: string, before: readonly string[]): Reply {
  const smallTalk = smallTalkIn(message);
  if (smallTalk) return { text: composeSmallTalk(smallTalk, knowledge.topics()), metadata: { sources: [] } };
  const passages = knowledge.search(message, { context: before });
  if (passages.length === 0)
    return { text: composeUnknown(knowledge.topics(message)), metadata: { sources: [] } };
  const sources = passages.map(({ title, file, section, kind, score }) => ({
    title,
    file,
    section,
    kind,
    score,
  }));
  return { text: composeAnswer(passages), metadata: { sources } };
}
