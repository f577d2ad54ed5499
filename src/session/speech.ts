/**
 * What a run says: text streamed to followers chunk by chunk and appended once, whole. It also knows what must be written if the
 * run is closed at this very moment, because only the one who speaks knows how far the text is.
 */
import type { Agent, Say, TurnEnding, TurnEvent, TurnVoice } from '../agents/agent-runner.ts';
import { RunClosedError } from '../errors.ts';
import type { EventLog, RunLog } from '../event-log/event-log.ts';
import { newId } from '../event-log/ids.ts';
import {
  type EventDraft,
  isGrowing,
  type JsonObject,
  type Participant,
  type SessionEvent,
  statusDraft,
} from '../event-log/event.ts';
import type { Run } from '../event-log/session-record.ts';
import type { Failure } from '../../machines/session.machine.ts';

/** Inner data of the `ready` that ends a turn (Parlant names what its engine matched; other agents match nothing). */
export const completed: JsonObject = {
  stage: 'completed',
  matched_guidelines: [],
  matched_journeys: [],
  matched_journey_states: [],
};

type SpeechOptions = {
  readonly sessionId: string;
  readonly run: Run;
  readonly speaker: Participant;
  /** Decides, by its fence, whether this run may still speak. */
  readonly log: Pick<EventLog, 'append'> & Pick<RunLog, 'publishChunk' | 'grow' | 'closeRun'>;
  readonly outputMode: Agent['outputMode'];
};

export type Speech = {
  readonly say: Say;
  readonly voice: TurnVoice;
  /**
   * What earlier attempts at this turn have told. `sayOnce`: the n-th message of a turn is said once, whichever attempt says it; else the
   * runner looks itself at what was told, and only what was left growing begins anew in its place.
   */
  recall(told: readonly SessionEvent[], options: { readonly sayOnce: boolean }): void;
  /** Whether the last words and their `ready` were handed to the log. */
  isFinished(): boolean;
  /** The events that close the run if it is given up now. */
  closingDrafts(failure: Failure | null): readonly EventDraft[];
};

/** A message being made: its text so far, and what the log has of it where it is stored while it grows. */
type Growing = { readonly id: string; text: string; chunks: string[]; isStored: boolean };

/** The voice of one run. */
export function createSpeech({ sessionId, run, speaker, log, outputMode }: SpeechOptions): Speech {
  const traceId = run.runId;
  const grows = outputMode === 'stream';
  let finished = false;
  let told: readonly SessionEvent[] = [];
  let said: readonly SessionEvent[] = [];
  let count = 0;
  let ending: TurnEnding = { data: completed };
  /** What of a finished answer was not emitted yet. */
  let rest: readonly TurnEvent[] | undefined;
  /** Somebody else closed the run, with the rest of the answer: what is emitted now is stored already. */
  let handedOver = false;
  /** The message being streamed, as far as it is. */
  let speaking: Growing | undefined;

  const say: Say = (text, options) => {
    const spoken = speak(text, options);
    // An agent that does not wait for its words must not end the process when they are refused.
    spoken.catch(ignore);
    return spoken;
  };

  const speak: Say = async (text, { metadata, final = false } = {}) => {
    const earlier = said[count++];
    if (earlier && !isGrowing(earlier)) {
      if (final) await finish([]);
      return earlier;
    }
    // What an earlier attempt left unfinished begins anew, in its place.
    const message: Growing = {
      id: earlier?.id ?? newId(),
      text: '',
      chunks: [],
      isStored: earlier !== undefined,
    };
    if (earlier) speaking = message;
    if (typeof text === 'string') message.text = text;
    else await stream(message, text);
    const about = typeof metadata === 'function' ? metadata() : metadata;
    if (message.isStored) {
      const whole = complete(message, about);
      if (final) await finish([]);
      return whole;
    }
    speaking = undefined;
    const drafts = message.text === '' ? [] : [toDraft(message, about)];
    if (final) return finish(drafts);
    if (drafts.length === 0) return undefined;
    const [event] = await log.append(sessionId, drafts, { run });
    return event;
  };

  /** The last words and `ready` in one commit. */
  async function finish(drafts: readonly EventDraft[]): Promise<SessionEvent | undefined> {
    finished = true;
    const events = await log.append(sessionId, [...drafts, toReady()], { run, closesRun: true });
    return drafts.length > 0 ? events[0] : undefined;
  }

  function toReady(): EventDraft {
    const { data, metadata } = ending;
    return { ...statusDraft(traceId, 'ready', data), ...(metadata && { metadata }) };
  }

  const voice: TurnVoice = {
    get told() {
      return told;
    },
    emit(events, { answers = false } = {}) {
      if (handedOver) return Promise.resolve([]);
      const options = { run, ...(answers && { answersRun: true }) };
      const emitted = log.append(sessionId, events.map(toTold), options);
      emitted.catch(ignore);
      return emitted;
    },
    describe(described) {
      ending = described;
    },
    commitTo(left) {
      rest = left;
    },
    async end() {
      if (handedOver) return whenHandedOver();
      const left = (rest ?? []).map(toTold);
      rest = [];
      await finish(left);
    },
    async leave() {
      if (handedOver) return;
      finished = true;
      await log.append(sessionId, [], { run, closesRun: true });
    },
  };

  /** What closed the run is on disk. */
  function whenHandedOver(): Promise<void> {
    return log.closeRun(sessionId, run, []);
  }

  function toTold(event: TurnEvent): EventDraft {
    return { ...event, source: 'ai_agent', trace_id: traceId };
  }

  async function stream(message: Growing, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
    let index = 0;
    for await (const text of pieces) {
      if (typeof text !== 'string') throw new TypeError(`An agent says text, not ${typeof text}.`);
      if (text === '') continue;
      message.text += text;
      message.chunks.push(text);
      speaking = message;
      const chunk = { message_id: message.id, trace_id: traceId, attempt: run.attempt, index: index++, text };
      if (!log.publishChunk(sessionId, chunk, run)) throw new RunClosedError(traceId, run.attempt);
      if (grows) store(message);
    }
  }

  /** The message with one piece more. What is refused here is refused to the next piece, too. */
  function store(message: Growing): void {
    const data = { message: message.text, participant: speaker, chunks: [...message.chunks] };
    if (message.isStored) void log.grow(sessionId, message.id, { data }, run).catch(ignore);
    else void log.append(sessionId, [{ ...toDraft(message), data }], { run }).catch(ignore);
    message.isStored = true;
  }

  /** The last piece of a message that was stored while it grew. */
  function complete(message: Growing, metadata: JsonObject = {}): Promise<SessionEvent> {
    speaking = undefined;
    const chunks = message.chunks.length > 0 || message.text === '' ? message.chunks : [message.text];
    const data = { message: message.text, participant: speaker, chunks: [...chunks, null] };
    const grown = log.grow(sessionId, message.id, { data, metadata }, run);
    grown.catch(ignore);
    return grown;
  }

  function toDraft({ id, text }: Growing, metadata: JsonObject = {}): EventDraft {
    return {
      id,
      idIsFresh: true,
      source: 'ai_agent',
      kind: 'message',
      trace_id: traceId,
      data: { message: text, participant: speaker },
      metadata,
    };
  }

  return {
    say,
    voice,
    recall(events, { sayOnce }) {
      told = events;
      said = events.filter((event) => (sayOnce ? event.kind === 'message' : isGrowing(event)));
    },
    isFinished: () => finished || handedOver,
    closingDrafts(failure) {
      handedOver = rest !== undefined;
      if (rest && !failure) return [...rest.map(toTold), toReady()];
      const closing = [...(rest ?? []).map(toTold), ...closingStatuses(traceId, failure, ending.data)];
      if (!speaking) return closing;
      // In the same commit as what closes the run: both are queued in one go.
      if (speaking.isStored) void complete(speaking, { interrupted: true });
      else return [toDraft(speaking, { interrupted: true }), ...closing];
      return closing;
    },
  };
}

function ignore(): void {}

/** How a turn ends that was not finished: given up (`cancelled`, `ready`) or failed (`ready`, `error`). */
export function closingStatuses(
  traceId: string,
  failure: Failure | null,
  ending: JsonObject = completed,
): readonly EventDraft[] {
  const ready = statusDraft(traceId, 'ready', ending);
  if (!failure) return [statusDraft(traceId, 'cancelled'), ready];
  return [ready, statusDraft(traceId, 'error', { exception: failure.message, code: failure.code })];
}
