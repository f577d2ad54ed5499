/**
 * One call: asks the server for it, joins its room, and waits for the agent. That the agent is ready comes by the session's events and by
 * the room, whichever is first. Its own time limit is the page's alone: the server keeps its deadline, and if it says why, that is shown.
 */
import { createApi, UnreachableError } from '../api.ts';
import { openStream } from '../connection/resuming-stream.ts';
import { headersOf, type Identity } from '../identity.ts';
import type { JoinedRoom } from './voice-room.ts';
import type { StatusChange, VoiceStart } from './voice-wire.ts';
import { toWords } from './voice-words.ts';

export type CallState = {
  readonly at: 'calling' | 'waiting' | 'ready' | 'over';
  /** Where it stands, or why it is over. */
  readonly words: string;
  /** Why the user is not heard; null: they are, or will be. */
  readonly muteWords: string | null;
  /** The conversation, once the agent is ready. */
  readonly talkSessionId: string | null;
};

export type Call = { hangUp(): void };

export type CallOptions = {
  readonly identity: Identity;
  readonly flowId: string;
  readonly onChange: (state: CallState) => void;
};

const READY_WITHIN_MS = 30_000;

const silence = { muteWords: null, talkSessionId: null } as const;

export function startCall({ identity, flowId, onChange }: CallOptions): Call {
  const api = createApi(identity);
  const given = new AbortController();
  let state: CallState = { at: 'calling', words: 'Calling …', ...silence };
  let isTooLate = false;
  let sessionId: string | undefined;
  let room: JoinedRoom | undefined;
  const timer = setTimeout(tooLate, READY_WITHIN_MS);
  onChange(state);
  void run();
  return {
    hangUp() {
      end('You have hung up.');
      giveUp();
    },
  };

  async function run(): Promise<void> {
    try {
      const start = await api.callFlow(flowId);
      sessionId = start.sessionId;
      if (state.at === 'over') return giveUp();
      change({ at: 'waiting', words: 'Waiting for the agent …' });
      follow(start);
      await join(start);
    } catch (error) {
      end(reasonOf(error));
      giveUp();
    }
  }

  async function join(start: VoiceStart): Promise<void> {
    const { joinRoom } = await import('./voice-room.ts');
    const joined = await joinRoom(start, { onReady: ready, onLeft: () => end('The call is over.') }).catch(
      (error: unknown) => {
        throw new Error(`The room cannot be joined: ${messageOf(error)}`);
      },
    );
    if (state.at === 'over') return joined.leave();
    room = joined;
    await joined.speak().catch(() => {
      change({ muteWords: 'Your microphone cannot be used: you hear the agent, and it does not hear you.' });
    });
  }

  function follow({ sessionId: id }: VoiceStart): void {
    let lastId: string | undefined;
    const stream = openStream({
      url: `/api/voice-sessions/${encodeURIComponent(id)}/events`,
      headers: headersOf(identity),
      lastEventId: () => lastId,
      onMessages(messages) {
        for (const message of messages) {
          lastId = message.id ?? lastId;
          take(toStatusChange(message));
        }
      },
      onState() {},
    });
    given.signal.addEventListener('abort', () => stream.close());
  }

  /** The server knows why; but what became of the session when this page had given up is nobody's business. */
  function take(changed: StatusChange | undefined): void {
    if (changed?.to === 'ready') return ready();
    if (changed?.to !== 'failed' && changed?.to !== 'ended') return;
    const { failure } = changed;
    if (!isTooLate || failure?.code === 'ready_deadline')
      end(failure ? toWords(failure) : 'The call is over.');
    given.abort();
  }

  function ready(): void {
    if (state.at === 'ready') return;
    if (state.at === 'over') return giveUp();
    clearTimeout(timer);
    change({ at: 'ready', words: 'Agent ready' });
    void learnConversation();
  }

  async function learnConversation(): Promise<void> {
    const session = await api.voiceSession(sessionId ?? '').catch(() => undefined);
    if (session) change({ talkSessionId: session.talkSessionId });
  }

  function tooLate(): void {
    isTooLate = true;
    end('No agent was ready within 30 seconds.');
  }

  function end(words: string): void {
    clearTimeout(timer);
    change({ at: 'over', words, muteWords: null });
    void room?.leave();
  }

  /** Nobody wants it any more, nor hears what becomes of it. */
  function giveUp(): void {
    given.abort();
    if (sessionId !== undefined) void api.endCall(sessionId).catch(() => {});
  }

  function change(to: Partial<CallState>): void {
    if (given.signal.aborted) return;
    state = { ...state, ...to };
    onChange(state);
  }
}

/** Of a message of the stream; undefined for all others. */
function toStatusChange({ data }: { readonly data: string }): StatusChange | undefined {
  const envelope = JSON.parse(data) as {
    readonly data?: { readonly type?: string; readonly data?: unknown };
  }; // docs/events.md
  return envelope.data?.type === 'voice.session.status' ? (envelope.data.data as StatusChange) : undefined;
}

/** What is wrong with LiveKit, in the words of a call that failed later. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const code = error instanceof UnreachableError ? error.code?.toLowerCase() : undefined;
  return code?.startsWith('livekit_') ? toWords({ code, reason: null, message }) : message;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
