/**
 * Looks at what customers say before it is stored, so that models never see what was flagged. It never refuses a message. What could not be
 * checked counts as flagged: else whoever makes the check fail would be past it.
 */
import { ShuttingDownError } from '../errors.ts';
import type { Moderated, NlpService } from '../nlp/nlp.ts';
import type { Clock } from '../session/clock.ts';
import { ServiceFault } from '../tools/service-fault.ts';
import { withTimeLimit } from '../tools/time-limit.ts';

/** `auto`: as the provider of language understanding moderates. `paranoid`: that, and a guard against attempts to talk an agent out of its rules. */
export type ModerationMode = 'auto' | 'paranoid';

/** From the laxest to the strictest. */
export const moderationChoices = ['none', 'auto', 'paranoid'] as const satisfies readonly (
  | ModerationMode
  | 'none'
)[];

export function strictestOf(
  one: ModerationMode | 'none',
  other: ModerationMode | 'none',
): ModerationMode | 'none' {
  return moderationChoices.indexOf(one) > moderationChoices.indexOf(other) ? one : other;
}

export type ModerationRequest = {
  readonly agentId: string;
  readonly mode: ModerationMode;
  readonly text: string;
};

export type { Moderated };

export interface Moderator {
  /** Rejects with `ShuttingDownError` only. */
  moderate(request: ModerationRequest): Promise<Moderated>;
  /** Ends the checks under way. */
  close(): void;
}

/** Rejects where it cannot tell. */
export type Check = (text: string, options: { readonly signal: AbortSignal }) => Promise<Moderated>;

export type ModeratorOptions = {
  /** Of the agent. What it rejects with, is a check that failed. */
  readonly nlpOf: (agentId: string) => Promise<Pick<NlpService, 'name' | 'moderate'>>;
  /** Undefined: there is none, and `paranoid` is as `auto`. */
  readonly guard: Check | undefined;
  readonly clock: Clock;
  readonly logger: { warn(facts: object, message: string): void };
  /** Of each check. Default: 5 s. */
  readonly timeLimitMs?: number;
};

export function createModerator(options: ModeratorOptions): Moderator {
  const { nlpOf, guard, clock, logger, timeLimitMs = 5_000 } = options;
  const closing = new AbortController();
  const warned = new Set<string>();

  function checksFor({ agentId, mode }: ModerationRequest): readonly Check[] {
    if (mode === 'paranoid' && !guard) warnOnce('LAKERA_API_KEY is not set: jailbreaks are not looked for');
    return [byProviderOf(agentId), ...(mode === 'paranoid' && guard ? [guard] : [])];
  }

  function byProviderOf(agentId: string): Check {
    return async (text, about) => {
      const nlp = await nlpOf(agentId);
      if (nlp.moderate) return nlp.moderate(text, about);
      warnOnce(`the provider "${nlp.name}" does not moderate: what it would flag is not flagged`);
      return { flagged: false, tags: [] };
    };
  }

  async function run(check: Check, { agentId, mode, text }: ModerationRequest): Promise<Moderated> {
    const { signal } = closing;
    try {
      return await withTimeLimit({ clock, ms: timeLimitMs, signal }, (limited) =>
        check(text, { signal: limited }),
      );
    } catch (error) {
      signal.throwIfAborted();
      logger.warn(
        { agentId, mode, reason: reasonOf(error) },
        'a message could not be checked: it counts as flagged',
      );
      return { flagged: true, tags: [] };
    }
  }

  function warnOnce(message: string): void {
    if (warned.has(message)) return;
    warned.add(message);
    logger.warn({}, message);
  }

  return {
    async moderate(request) {
      const found = await Promise.all(checksFor(request).map((check) => run(check, request)));
      return {
        flagged: found.some(({ flagged }) => flagged),
        tags: [...new Set(found.flatMap(({ tags }) => tags))],
      };
    },
    close: () => closing.abort(new ShuttingDownError()),
  };
}

/** What others say of a failure may hold the message itself, which is nothing for the console. */
function reasonOf(error: unknown): string {
  if (error instanceof ServiceFault) return error.message;
  return error instanceof Error ? error.name : typeof error;
}
