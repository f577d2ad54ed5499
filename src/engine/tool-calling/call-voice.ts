/**
 * How a tool is heard before it has a result. What an earlier attempt at the same call has said is not said again; what the log refuses
 * ends the turn, whatever the tool makes of it.
 */
import type { TurnEvent } from '../../agents/agent-runner.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { ToolContext } from '../../tools/tool.ts';
import { toMessage } from '../composing/turn-events.ts';
import type { TurnContext } from '../turn-context.ts';

/** In the metadata of what a tool says: the id of the call. */
export const saidByKey = 'tool_call_id';

export type CallVoice = {
  /** The tool's. */
  readonly emitters: Required<Pick<ToolContext, 'emitMessage' | 'emitStatus' | 'emitCustom'>>;
  /** With what the log refused something. */
  throwIfRefused(): void;
};

export type CallVoiceOptions = {
  readonly turn: TurnContext;
  readonly callId: string;
  /** How many messages and custom events earlier attempts have told. */
  readonly toldBefore: number;
  readonly emit: (events: readonly TurnEvent[]) => Promise<unknown>;
  readonly logger: { warn(facts: object, message: string): void };
};

/** What a tool may say of the turn. When it begins, fails and ends, only the turn says. */
const statuses: ReadonlySet<string> = new Set(['processing', 'typing']);

export function createCallVoice({ turn, callId, toldBefore, emit, logger }: CallVoiceOptions): CallVoice {
  let repeated = toldBefore;
  let refusal: { readonly error: unknown } | undefined;

  function tell(event: TurnEvent): Promise<void> {
    const telling = emit([event]).then(
      () => {},
      (error: unknown) => {
        refusal ??= { error };
        throw error;
      },
    );
    // A tool need not wait for what it says.
    telling.catch(() => {});
    return telling;
  }

  async function tellOnce(event: TurnEvent): Promise<void> {
    if (repeated === 0) return tell({ ...event, metadata: { [saidByKey]: callId } });
    repeated -= 1;
  }

  async function tellStatus(status: string, data: JsonObject): Promise<void> {
    if (statuses.has(status)) return tell({ kind: 'status', data: { status, data } });
    logger.warn({ callId, status }, 'a tool told a status that only a turn can tell: it is left out');
  }

  return {
    emitters: {
      emitMessage: (text) => tellOnce(toMessage(turn, text)),
      emitCustom: (data) => tellOnce({ kind: 'custom', data }),
      emitStatus: tellStatus,
    },
    throwIfRefused() {
      if (refusal) throw refusal.error;
    },
  };
}
