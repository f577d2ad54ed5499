/**
 * What a program adds to an agent in code: hooks, a planner, a manner of keeping the customer company, retrievers, handlers and matchers.
 * None of it is stored; it is there as long as the program runs.
 */
import type { EventStatus, Json, JsonObject, SessionEvent } from '../event-log/event.ts';
import type { ToolResult } from '../tools/tool.ts';
import type { GuidelineMatch } from './guideline.ts';
import type { Inference, ToolCall } from './stages.ts';
import type { StagedResult, TurnContext } from './turn-context.ts';

/** `next`: the next hook is asked. `resolve`: no other is asked, and all is well. `bail`: no other is asked, and what the hook is for does not happen. */
export type HookResult = 'next' | 'resolve' | 'bail';

/** What each hook is given besides the turn. */
export type HookPayloads = {
  /** A bail: the failure is not told. */
  readonly error: { readonly error: unknown };
  /** A bail ends the turn without a word, here and in the next two. The hook must tell the customer itself. */
  readonly acknowledging: undefined;
  readonly acknowledged: undefined;
  readonly preparing: undefined;
  /** A bail: enough is known, here and in the next one. */
  readonly preparationIterationStart: undefined;
  readonly preparationIterationEnd: undefined;
  /** A bail ends the turn when guidelines were matched. */
  readonly generatingPreamble: undefined;
  /** A bail: these words are not said. */
  readonly preambleGenerated: { readonly text: string };
  /** A bail ends the turn when guidelines were matched. */
  readonly preambleEmitted: undefined;
  /** A bail ends the turn without a word. */
  readonly generatingMessages: undefined;
  /** A bail: the draft is sent as it is. */
  readonly draftGenerated: { readonly text: string };
  /** A bail: this and the other parts of the answer are not sent. */
  readonly messageGenerated: { readonly text: string };
  /** Its result does not matter. */
  readonly messagesEmitted: undefined;
};

export type HookName = keyof HookPayloads;

/**
 * How the program's own functions are heard: in the agent's name, in order, as part of the turn. Messages and custom events that an earlier
 * attempt at the turn has told are not told again.
 */
export type ProgramVoice = {
  readonly emitMessage: (text: string) => Promise<void>;
  /** `ready` with `{ stage: 'completed' }` tells that the turn is over: for hooks that end it. */
  readonly emitStatus: (status: EventStatus, data?: JsonObject) => Promise<void>;
  /** For front ends. Not null, and not empty. */
  readonly emitCustom: (data: Json) => Promise<void>;
};

/** Only a promise: of an async function that may also answer at once TypeScript forgets which words it says. */
export type Hook<Name extends HookName> = (
  turn: TurnContext,
  payload: HookPayloads[Name],
  voice: ProgramVoice,
) => Promise<HookResult>;

/** In order. */
export type Hooks = { readonly [Name in HookName]?: readonly Hook<Name>[] };

/** How the customer is kept company while the agent works. Milliseconds. */
export interface PerformancePolicy {
  /** Between a preamble and the status behind it. */
  processingDelayMs(): number;
  /** Until it is said that matching takes long; null: never. */
  extendedDelayMs(): number | null;
  /** Before a message that follows another. */
  followUpDelayMs(): number;
  preambleDelayMs(): number;
  /** `events`: of the session, oldest first. */
  isPreambleRequired(events: readonly SessionEvent[]): boolean;
  /** Whether paragraphs are messages of their own. */
  readonly splitsMessages: boolean;
}

/** Watches over one turn. */
export interface Plan {
  /** Asked at the end of each iteration. */
  needsAdditionalIteration?(turn: TurnContext): boolean | Promise<boolean>;
  /** Before relationships are looked at; may change the list. */
  onGuidelinesMatched?(
    matches: readonly GuidelineMatch[],
  ): readonly GuidelineMatch[] | Promise<readonly GuidelineMatch[]>;
  onGuidelinesResolved?(turn: TurnContext): void | Promise<void>;
  /** Which of the calls are made, in which order. */
  onToolsInferred?(inference: Inference): readonly ToolCall[] | Promise<readonly ToolCall[]>;
  onToolsCalled?(results: readonly StagedResult[]): void | Promise<void>;
}

export interface Planner {
  createPlan(turn: TurnContext): Plan | Promise<Plan>;
}

/** What a retriever has found: data, and with it whatever a tool can bring. Undefined: nothing. */
export type Retrieved = Partial<Omit<ToolResult, 'control'>> | undefined;

/** Begins when the turn does. The function it may answer with is called when everything is known. */
export type Retriever = {
  readonly id: string;
  readonly retrieve: (turn: TurnContext) => Promise<Retrieved | ((turn: TurnContext) => Promise<Retrieved>)>;
};

/** Called at its moment, while the turn waits. What it throws, the turn fails with. */
export type TurnHandler = (turn: TurnContext, voice: ProgramVoice) => void | Promise<void>;

/** Of a guideline, a journey or a journey's node. */
export type EntityExtensions = {
  /** Decides, in place of a model, whether a guideline applies. A failure is a no. */
  readonly matcher?: (
    turn: TurnContext,
  ) => Promise<{ readonly matched: boolean; readonly rationale: string }>;
  /** It applies, and the answer is about to be made. */
  readonly onSelected?: readonly TurnHandler[];
  /** The answer was sent. */
  readonly onMessage?: readonly TurnHandler[];
  /** Values for templates, where it applies. */
  readonly responseFields?: readonly ((turn: TurnContext) => Promise<JsonObject>)[];
  /** Where it applies. */
  readonly retrievers?: readonly Retriever[];
};

export type AgentExtensions = {
  readonly hooks: Hooks;
  readonly planner: Planner;
  readonly policy: PerformancePolicy;
  /** Words that bridge the time: how they sound, and what else to know. */
  readonly preamble: { readonly examples?: readonly string[]; readonly instructions?: readonly string[] };
  readonly retrievers: readonly Retriever[];
  /** By id of the guideline, journey or node. */
  readonly entities: ReadonlyMap<string, EntityExtensions>;
  /** What is said where nothing that may be said fits. */
  readonly noMatch: (turn: TurnContext) => string | Promise<string>;
};
