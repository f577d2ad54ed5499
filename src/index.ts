/** The public API, name by name: what a program that embeds Colloquy, or writes an agent for it, may rely on. A test pins it. */
export { type Colloquy, type ColloquyOptions, createColloquy, ListenError } from './colloquy.ts';
export {
  type Config,
  defaultSettings,
  defineConfig,
  loadSettings,
  type Settings,
  SettingsError,
  type SettingsInput,
} from './config.ts';

export { type AgentDefinition, type Answer, defineAgent, type Question } from './agents/custom-agent.ts';
export { createEchoAgent, type EchoOptions } from './agents/echo-agent.ts';
export { createKnowledgeAgent } from './agents/knowledge-agent.ts';
export {
  createKnowledgeRetriever,
  type KnowledgeRetriever,
  type KnowledgeRetrieverOptions,
} from './agents/knowledge/knowledge-retriever.ts';
export type { Agent, AgentDirectory, AgentRunner, AgentTurn, History, Say } from './agents/agent-runner.ts';
export { createExampleDefinition, type ExampleOptions } from './examples/example-definition.ts';

export type { Definition } from './definition/definition.ts';
export type {
  Hook,
  HookName,
  HookPayloads,
  HookResult,
  PerformancePolicy,
  Plan,
  Planner,
  ProgramVoice,
  Retrieved,
  TurnHandler,
} from './engine/extensions.ts';
export type { TurnContext } from './engine/turn-context.ts';
export type { AgentOptions, DefinedAgent } from './sdk/agent.ts';
export type { CannedResponseOptions, DefinedCannedResponse } from './sdk/canned-response.ts';
export type { CapabilityOptions, DefinedCapability } from './sdk/capability.ts';
export type { CustomerOptions, DefinedCustomer } from './sdk/customer.ts';
export type { DefinedGuideline } from './sdk/guideline.ts';
export type { GuidelineOptions, ObservationOptions, ToolAttachment } from './sdk/guideline-options.ts';
export type { DefinedJourney, JourneyOptions } from './sdk/journey.ts';
export type { AgentHooks } from './sdk/hooks.ts';
export { MATCH_ALWAYS, type Matched, type Matcher } from './sdk/matcher.ts';
export type { Relatable } from './sdk/relating.ts';
export type { LastRetrieval, Retriever } from './sdk/retriever.ts';
export { createServer, type DefinedServer, type ServerOptions } from './sdk/server.ts';
export { allOf, anyOf, type DefinedTag, PREAMBLE, type TagGroup, type TagOptions } from './sdk/tag.ts';
export type { DefinedTerm, TermOptions } from './sdk/term.ts';
export type { ToolReference } from './sdk/tool-shelf.ts';
export {
  END_JOURNEY,
  type EndOfJourney,
  type ForkOptions,
  type JourneyState,
  type Transition,
  type TransitionOptions,
} from './sdk/transition-options.ts';
export type { DefinedVariable, ValueOwner, VariableOptions } from './sdk/variable.ts';
export { type ChoiceProvider, type LocalTool, tool, type ToolOptions } from './tools/define-tool.ts';
export { toolResult, type ToolResultParts } from './tools/tool-result.ts';
export type { OwnToolService } from './tools/connect-tool-service.ts';
export type { OwnToolServices } from './tools/own-services.ts';
export type { ToolContext } from './tools/tool.ts';

export type {
  EventDraft,
  EventKind,
  EventSource,
  EventStatus,
  Json,
  JsonObject,
  MessageData,
  Participant,
  SessionEvent,
  StatusData,
} from './event-log/event.ts';
export type {
  EventFilter,
  NewSession,
  SessionPage,
  SessionPatch,
  SessionQuery,
} from './event-log/event-log.ts';
export type { Chunk, Frame, StateFrame, TurnFrame } from './event-log/frame.ts';
export type {
  InterruptionPolicy,
  LifecycleState,
  SessionMode,
  SessionRecord,
  UpstreamPosition,
  UpstreamTurn,
} from './event-log/session-record.ts';
export type { UpstreamAgentConfig } from './agents/upstream-agents.ts';
export type { Clock } from './session/clock.ts';
export type { PostedEvent, Sessions, SessionState, TurnState } from './session/sessions.ts';
export type { AgentService, TalkSettings, TurnRequest } from './talk/agent-service.ts';
export type { TurnResult, TurnStream } from './talk/turn-stream.ts';
export type { FlowConfig } from './voice/flows.ts';

export { StartError } from './start-error.ts';
export {
  AgentNotFoundError,
  AskNotSupportedError,
  BadAgentEventError,
  BadCallbackTokenError,
  BadWebhookSignatureError,
  CannedResponseNotFoundError,
  CapabilityNotFoundError,
  ConfiguredAgentError,
  ContextValueNotFoundError,
  ContextVariableNotFoundError,
  CustomerNotFoundError,
  DataFolderError,
  DataFolderInUseError,
  DocumentsUnavailableError,
  DomainError,
  DuplicateAgentError,
  EvaluationNotFoundError,
  EventIdTakenError,
  EventNotFoundError,
  FlowNotFoundError,
  GuestCustomerError,
  GuidelinesNotSupportedError,
  GuidelineNotFoundError,
  IdTakenError,
  IntentMismatchError,
  InvalidAgentError,
  InvalidDefinitionError,
  InvalidFlowError,
  InvalidFreshnessRulesError,
  InvalidJourneyError,
  InvalidMessageError,
  InvalidRelationshipError,
  InvalidTemplateError,
  InvalidToolArgumentsError,
  JourneyEdgeNotFoundError,
  JourneyNodeNotFoundError,
  JourneyNotFoundError,
  KnowledgeError,
  LiveKitAuthError,
  LiveKitRejectedError,
  LiveKitTimeoutError,
  LiveKitUnavailableError,
  LiveKitUnreachableError,
  LogUnavailableError,
  LoopbackOnlyError,
  ManualModeError,
  MidTurnError,
  NothingSaidError,
  NothingToAnswerError,
  NlpError,
  OffsetBeyondEndError,
  QueueFullError,
  RelationshipCycleError,
  RelationshipNotFoundError,
  RoleNotAllowedError,
  RunClosedError,
  ServiceNotFoundError,
  ServiceUnavailableError,
  SessionIdTakenError,
  SessionNotFoundError,
  ShuttingDownError,
  TagNotAttachedError,
  TagNotFoundError,
  TermNotFoundError,
  TooManySessionsError,
  ToolAssociationNotFoundError,
  ToolFailedError,
  ToolNotFoundError,
  TurnGivenUpError,
  TurnInProgressError,
  TurnNotFoundError,
  TurnOverError,
  ValueTakenError,
  VoiceNotConfiguredError,
  VoiceSessionFailedError,
  VoiceSessionNotFoundError,
  VoiceSessionOverError,
} from './errors.ts';
