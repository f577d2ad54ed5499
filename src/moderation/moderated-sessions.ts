/**
 * Sessions in which what customers say is looked at before it is stored, by whichever way it comes: REST, `/api/chat`, a program that embeds
 * Colloquy. Whoever posts may ask for a stricter look than the server takes anyway, never for a laxer one.
 */
import type { MessageData } from '../event-log/event.ts';
import type { PostedEvent, Sessions } from '../session/sessions.ts';
import { type Moderated, type ModerationMode, type Moderator, strictestOf } from './moderator.ts';

export type ModeratedSessionsOptions = {
  readonly sessions: Sessions;
  readonly moderator: Pick<Moderator, 'moderate'>;
  /** How every customer's message is looked at, at least. */
  readonly minimum: ModerationMode | 'none';
};

/** The same sessions; `post` heeds `moderation`. What is looked at is stored in the order in which it came, however long each look takes. */
export function createModeratedSessions({
  sessions,
  moderator,
  minimum,
}: ModeratedSessionsOptions): Sessions {
  /** By session: when all messages before are stored, or refused. */
  const earlier = new Map<string, Promise<unknown>>();

  async function inOrder<Result>(sessionId: string, work: (before: Promise<unknown>) => Promise<Result>) {
    const before = earlier.get(sessionId) ?? Promise.resolve();
    const mine = work(before);
    const over = Promise.allSettled([before, mine]);
    earlier.set(sessionId, over);
    try {
      return await mine;
    } finally {
      if (earlier.get(sessionId) === over) earlier.delete(sessionId);
    }
  }

  return {
    ...sessions,

    async post(sessionId, event, options = {}) {
      const mode = strictestOf(minimum, options.moderation ?? 'none');
      const { data } = event;
      if (mode === 'none' || !isCustomersMessage(event) || !isMessage(data))
        return sessions.post(sessionId, event, options);
      return inOrder(sessionId, async (before) => {
        const { agentId } = await sessions.get(sessionId);
        const found = await moderator.moderate({ agentId, mode, text: data.message });
        await before;
        return sessions.post(sessionId, { ...event, data: { ...data, ...united(data, found) } }, options);
      });
    },
  };
}

function isCustomersMessage({ kind, source }: PostedEvent): boolean {
  return kind === 'message' && source === 'customer';
}

function isMessage(data: PostedEvent['data']): data is MessageData {
  return typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string';
}

/** What the program itself has flagged stays flagged. */
function united({ flagged = false, tags = [] }: MessageData, found: Moderated) {
  return { flagged: flagged || found.flagged, tags: [...new Set([...tags, ...found.tags])] };
}
