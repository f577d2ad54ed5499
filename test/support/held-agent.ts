/**
 * An agent of the engine whose every stage passes a gate, for tests that do something while it is there: a preamble, a tool, an answer of
 * two paragraphs, or, by the id `streaming`, one that is heard while it is made, or, by the id `strict`, two responses that were written for it.
 * The model does as it is told.
 */
import { z } from 'zod';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import type { PerformancePolicy, Planner } from '../../src/engine/extensions.ts';
import type { SessionEvent } from '../../src/event-log/event.ts';
import { messageTextOf } from '../../src/event-log/event.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import type { QuestionName } from '../../src/nlp/questions/questions.ts';
import type { Situation } from '../../src/nlp/questions/situation.ts';
import type { DefinedServer } from '../../src/sdk/server.ts';
import { type Clock, systemClock } from '../../src/session/clock.ts';
import { tool } from '../../src/tools/define-tool.ts';
import { createScriptedNlp } from './composer.ts';

/** In the order of a turn. */
export const heldStages = [
  'acknowledging',
  'preparing',
  'beginning',
  'preamble',
  'matching',
  'resolving',
  'inferring',
  'calling',
  'tracking',
  'composing',
  'streaming',
  'sending',
  'following',
  'analysing',
] as const;

export type HeldStage = (typeof heldStages)[number];

/** `text`: what the customer has said last. Resolves when the stage may go on; `signal`: the turn was given up. */
export type Gate = (stage: HeldStage, text: string, signal?: AbortSignal) => Promise<void>;

export const firstPart = 'It is blue.';
export const secondPart = 'Anything else?';
export const preamble = 'Let me see.';

/** Which agent has this stage. */
export function agentWith(stage: HeldStage): string {
  if (stage === 'following') return 'strict';
  return stage === 'streaming' ? 'streaming' : 'speaking';
}

export function writeHeldAgents(gate: Gate) {
  const look = tool({
    name: 'look',
    description: 'Looks at it',
    parameters: z.object({ text: z.string() }),
    async handler({ text }, { signal }) {
      await gate('calling', text, signal);
      return 'blue';
    },
  });
  const planner: Planner = {
    createPlan: () => ({
      onGuidelinesResolved: ({ events, signal }) => gate('resolving', lastOf(events), signal),
    }),
  };
  const hook =
    (stage: HeldStage) => async (turn: { events: readonly SessionEvent[]; signal: AbortSignal }) => {
      await gate(stage, lastOf(turn.events), turn.signal);
      return 'next' as const;
    };
  return (server: DefinedServer): void => {
    for (const [id, outputMode, compositionMode] of [
      ['speaking', 'block', 'canned_fluid'],
      ['streaming', 'stream', 'canned_fluid'],
      ['strict', 'block', 'strict_canned'],
    ] as const) {
      const agent = server.createAgent({
        id,
        name: 'Ada',
        outputMode,
        compositionMode,
        performancePolicy: id === 'strict' ? nullPolicy : talkative,
        planner,
        hooks: {
          acknowledging: hook('acknowledging'),
          preparing: hook('preparing'),
          preparationIterationStart: hook('beginning'),
          preparationIterationEnd: hook('tracking'),
        },
      });
      const action = 'Tell it';
      // In every turn anew.
      agent.createGuideline({ condition: 'The customer asks', action, tools: [look], track: false });
      if (id !== 'strict') continue;
      for (const template of [firstPart, secondPart]) agent.createCannedResponse({ template });
    }
  };
}

/** A few words first, and paragraphs as messages of their own. */
const talkative: PerformancePolicy = {
  ...nullPolicy,
  isPreambleRequired: (events) => !events.some(isPreamble),
  splitsMessages: true,
};

function isPreamble(event: SessionEvent): boolean {
  return messageTextOf(event) === preamble;
}

const gated: { readonly [Name in QuestionName]?: HeldStage } = {
  preamble: 'preamble',
  actionable: 'matching',
  tools_simple: 'inferring',
  tools_full: 'inferring',
  canned_draft: 'composing',
  follow_up: 'following',
  response_analysis: 'analysing',
};

export function createHeldNlp(gate: Gate): NlpService {
  const scripted = createScriptedNlp({
    actionable: ({ guidelines }) => ({
      checks: guidelines.map(({ n }) => ({ n, rationale: '', applies: true })),
    }),
    tools_simple: ({ situation }) => ({
      calls: situation.staged.length > 0 ? [] : [{ args: { text: lastIn(situation) } }],
    }),
    preamble: [{ text: preamble }],
    canned_draft: [{ body: `${firstPart}\n\n${secondPart}` }],
    selection: ({ templates }) => ({
      templateId: templates.find(({ text }) => text === firstPart)?.id ?? null,
      quality: 'high',
    }),
    follow_up: [{ isRequired: true, templateNumber: '1', remainingDraft: secondPart }],
    response_analysis: ({ guidelines }) => ({ checks: guidelines.map(({ n }) => ({ n, applied: true })) }),
  });
  return {
    ...scripted,
    name: 'held',
    async ask(question, input, options) {
      const stage = gated[question];
      const { situation } = input as { readonly situation?: Situation }; // of every question that is asked in a turn
      if (stage && situation) await gate(stage, lastIn(situation), options.signal);
      return scripted.ask(question, input, options);
    },
    async *streamText({ situation }, { signal }) {
      yield `${firstPart} `;
      await gate('streaming', lastIn(situation), signal);
      yield secondPart;
    },
  };
}

/** Of time, only the pause between the two messages of the answer is held; it is as long as the second takes to write. */
export function createHeldClock(gate: (signal: AbortSignal) => Promise<void>): Clock {
  return {
    ...systemClock,
    waitUntil(at, signal) {
      const ms = at - systemClock.now();
      return ms > 1_400 && ms <= 1_600 ? gate(signal) : systemClock.waitUntil(at, signal);
    },
  };
}

function lastOf(events: readonly SessionEvent[]): string {
  const last = events.findLast(({ kind, source }) => kind === 'message' && source === 'customer');
  return (last && messageTextOf(last)) ?? '';
}

function lastIn({ interaction }: Situation): string {
  const last = interaction.findLast(({ event_source: source }) => source === 'user');
  return (last?.data as { readonly message?: string } | undefined)?.message ?? ''; // of a message
}
