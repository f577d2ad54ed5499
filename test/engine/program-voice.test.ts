import { describe, expect, it } from 'vitest';
import type { TurnEvent, TurnVoice } from '../../src/agents/agent-runner.ts';
import { createProgramVoices } from '../../src/engine/cycle/program-voice.ts';
import type { EventDraft, SessionEvent } from '../../src/event-log/event.ts';
import { composerTurn, toShown } from '../support/composer.ts';

/** Voices of one turn. `told`: by an earlier attempt. `refuses`: the log has closed its run. */
function speaking({ told = [], refuses = false }: { told?: readonly TurnEvent[]; refuses?: boolean } = {}) {
  const emitted: TurnEvent[] = [];
  const appended: EventDraft[] = [];
  const voice = {
    told: told as readonly SessionEvent[],
    async emit(events: readonly TurnEvent[]) {
      if (refuses) throw new Error('closed');
      emitted.push(...events);
      return [];
    },
  };
  const voices = createProgramVoices({
    site: { voice: voice as unknown as TurnVoice },
    log: {
      async append(_sessionId, drafts) {
        appended.push(...drafts);
        return [];
      },
    },
    turn: composerTurn(),
  });
  return { voices, emitted, appended };
}

describe('what hooks and handlers say', () => {
  it('is in the name of the agent, and marked by who said it', async () => {
    const { voices, emitted } = speaking();
    const { emitMessage, emitCustom, emitStatus } = voices.of('preparing');
    await emitMessage('Hello');
    await emitCustom({ n: 1 });
    await emitStatus('processing', { stage: 'Looking' });
    expect(emitted.map(toShown)).toEqual([
      { message: 'Hello', metadata: { told_by: 'preparing' } },
      { n: 1, metadata: { told_by: 'preparing' } },
      { status: 'processing', stage: 'Looking' },
    ]);
    expect(emitted[0]?.data).toMatchObject({ participant: { id: 'a', display_name: 'Ada' } });
    expect(voices.count()).toBe(2);
  });

  it('is not said again where an earlier attempt has, by the same', async () => {
    const { voices, emitted } = speaking({
      told: [
        { kind: 'message', data: { message: 'Hello' }, metadata: { told_by: 'preparing' } },
        { kind: 'message', data: { message: 'Hello' }, metadata: {} },
      ],
    });
    await voices.of('acknowledged').emitMessage('Hi');
    await voices.of('preparing').emitMessage('Hello');
    await voices.of('preparing').emitMessage('One moment');
    expect(emitted.map(({ data }) => (data as { message: string }).message)).toEqual(['Hi', 'One moment']);
  });

  it('stands beside the run when the turn is over', async () => {
    const { voices, emitted, appended } = speaking();
    voices.end();
    await voices.of('messagesEmitted').emitMessage('Bye');
    expect(emitted).toEqual([]);
    expect(appended).toMatchObject([{ kind: 'message', source: 'ai_agent', trace_id: 'this turn' }]);
  });

  it('is refused where the turn was given up, and nobody needs to wait for it', async () => {
    const { voices } = speaking({ refuses: true });
    const told = voices.of('preparing').emitMessage('Hello');
    void voices.of('preparing').emitStatus('typing');
    await expect(told).rejects.toThrow('closed');
  });
});
