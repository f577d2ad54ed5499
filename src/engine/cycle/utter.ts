/**
 * Saying something on request: what is asked for are guidelines made for this one answer. Nothing is matched, no tool is called, and
 * nothing is remembered. It stands beside the session's turns, so that its events are not fenced by a run.
 */
import type { Say, TurnEnding, TurnEvent, TurnVoice, UtterRequest } from '../../agents/agent-runner.ts';
import type { AgentRecord } from '../../entities/agents.ts';
import type { EventDraft, SessionEvent } from '../../event-log/event.ts';
import { type GuidelineMatch, matchedScore } from '../guideline.ts';
import { compose } from './answer.ts';
import { createComposerVoice } from './composer-voice.ts';
import type { EngineDeps } from './engine-deps.ts';
import { hook } from './hooks.ts';
import { loadContext, lookedAt } from './load-context.ts';
import { recallKnowledge } from './prepare.ts';
import { toFailure } from './turn-failure.ts';
import { createTurnWork, toStatus, type TurnWork } from './turn-work.ts';

/** Resolves with the first message; undefined: there was nothing to say. */
export async function utter(
  deps: EngineDeps,
  agent: AgentRecord,
  request: UtterRequest,
): Promise<SessionEvent | undefined> {
  const { sessionId, signal } = request;
  const told: SessionEvent[] = [];
  const voice = createFreeVoice(deps, request, (events) => void told.push(...events));
  const readEvents = () => deps.log.read(sessionId, { kinds: lookedAt, last: deps.historyLimit });
  const context = await loadContext(deps, { ...request, attempt: 1, agent, readEvents });
  const work = createTurnWork(
    deps,
    { voice, say: toSay(voice), history: { last: readEvents }, signal },
    context,
  );
  try {
    await recallKnowledge(work);
    work.applying = request.utterances.map(toMatch);
    work.learn({ ordinary: work.applying });
    await compose(work, createComposerVoice({ work, voice, onText() {}, signal }));
    await voice.end();
  } catch (error) {
    await fail(work, voice, error);
    throw error;
  }
  return told.find(({ kind }) => kind === 'message');
}

async function fail(work: TurnWork, voice: TurnVoice, error: unknown): Promise<void> {
  await voice.end();
  if (!(await hook(work, 'error', { error }))) return;
  const { code, message } = toFailure(error);
  await voice.emit([toStatus('error', { exception: message, code })]);
}

const rationales = {
  unspecified: 'An operator asked for it.',
  buy_time: 'An operator asked for it, to bridge the time until there is more to say.',
  follow_up: 'An operator asked for it, to follow up on what was said.',
} as const;

function toMatch({ action, rationale }: UtterRequest['utterances'][number], at: number): GuidelineMatch {
  return {
    guideline: {
      id: `<canrep-request-${at + 1}>`,
      condition: '',
      action,
      description: null,
      criticality: 'medium',
      priority: 0,
      track: false,
      compositionMode: null,
      labels: [],
      tags: [],
      metadata: {},
      transient: true,
    },
    score: matchedScore,
    rationale: rationales[rationale],
  };
}

/** Appends as it comes: there is no run that could be given up. */
function createFreeVoice(
  { log }: Pick<EngineDeps, 'log'>,
  { sessionId, traceId }: UtterRequest,
  onStored: (events: readonly SessionEvent[]) => void,
): TurnVoice {
  let ending: TurnEnding = { data: { stage: 'completed' } };
  let rest: readonly TurnEvent[] = [];

  async function append(events: readonly TurnEvent[]): Promise<readonly SessionEvent[]> {
    const stored = await log.append(
      sessionId,
      events.map((event): EventDraft => ({ ...event, source: 'ai_agent', trace_id: traceId })),
    );
    onStored(stored);
    return stored;
  }

  return {
    told: [],
    emit: append,
    describe(described) {
      ending = described;
    },
    commitTo(left) {
      rest = left;
    },
    async end() {
      const left = rest;
      rest = [];
      await append([...left, toStatus('ready', ending.data)]);
    },
    leave: async () => {},
  };
}

/** What is said on request is not worth streaming. */
function toSay(voice: TurnVoice): Say {
  return async (text) => {
    let whole = '';
    if (typeof text === 'string') whole = text;
    else for await (const piece of text) whole += piece;
    const [event] = await voice.emit([{ kind: 'message', data: { message: whole } }]);
    return event;
  };
}
