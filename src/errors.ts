/**
 * Every error a caller can meet, one class per cause. `http/problem.ts` is the only place that turns them into answers;
 * anything else thrown is a bug and becomes a 500 that says nothing. `docs/errors.md` lists every code, and a test compares both ways.
 */

/** A failure with a stable code that a caller can act on. */
export abstract class DomainError extends Error {
  /** Stable, upper case. */
  abstract readonly code: string;
  /** HTTP status. */
  abstract readonly status: number;
  /** The same for every occurrence. */
  abstract readonly title: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean = false;
  /** What else the answer says, beside the fields of every error. */
  readonly members: Readonly<Record<string, string>> = {};
  override get name(): string {
    return this.constructor.name;
  }
}

export class SessionNotFoundError extends DomainError {
  readonly code = 'SESSION_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Session not found';
  constructor(sessionId: string) {
    super(`There is no session "${sessionId}", or it belongs to another customer.`);
  }
}

export class EventNotFoundError extends DomainError {
  readonly code = 'EVENT_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Event not found';
  constructor(sessionId: string, eventId: string) {
    super(`Session "${sessionId}" has no event "${eventId}".`);
  }
}

export class AgentNotFoundError extends DomainError {
  readonly code = 'AGENT_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Agent not found';
  constructor(agentId: string) {
    super(`There is no agent "${agentId}".`);
  }
}

export class SessionIdTakenError extends DomainError {
  readonly code = 'SESSION_ID_TAKEN';
  readonly status = 409;
  readonly title = 'Session id taken';
  constructor(sessionId: string) {
    super(`A session "${sessionId}" exists already.`);
  }
}

export class RunClosedError extends DomainError {
  readonly code = 'RUN_CLOSED';
  readonly status = 409;
  readonly title = 'Run closed';
  constructor(runId: string, attempt: number) {
    super(`Attempt ${attempt} of run "${runId}" was given up; the log takes nothing more from it.`);
  }
}

export class TurnInProgressError extends DomainError {
  readonly code = 'TURN_IN_PROGRESS';
  readonly status = 409;
  readonly title = 'Turn in progress';
  override readonly retryable = true;
  constructor(sessionId: string) {
    super(`Session "${sessionId}" is answering a message and takes no other until it is done.`);
  }
}

export class TurnOverError extends DomainError {
  readonly code = 'TURN_OVER';
  readonly status = 409;
  readonly title = 'Turn over';
  constructor(traceId: string) {
    super(`The turn "${traceId}" is over and was not cancelled.`);
  }
}

export class QueueFullError extends DomainError {
  readonly code = 'QUEUE_FULL';
  readonly status = 429;
  readonly title = 'Queue full';
  override readonly retryable = true;
  constructor(sessionId: string, limit: number) {
    super(`Session "${sessionId}" has ${limit} messages waiting for an answer and takes no more.`);
  }
}

export class LogUnavailableError extends DomainError {
  readonly code = 'LOG_UNAVAILABLE';
  readonly status = 503;
  readonly title = 'Log unavailable';
  override readonly retryable = true;
  constructor(reason: string) {
    super(`The event log could not be written (${reason}); nothing was stored.`);
  }
}

export class DataFolderInUseError extends DomainError {
  readonly code = 'DATA_FOLDER_IN_USE';
  readonly status = 503;
  readonly title = 'Data folder in use';
  constructor(folder: string) {
    super(`Another process owns the data folder ${folder}.`);
  }
}

export class DataFolderError extends DomainError {
  readonly code = 'DATA_FOLDER_UNUSABLE';
  readonly status = 503;
  readonly title = 'Data folder unusable';
  constructor(folder: string, reason: string) {
    super(`The data folder ${folder} cannot be used: ${reason}.`);
  }
}

export class DuplicateAgentError extends DomainError {
  readonly code = 'AGENT_ID_TAKEN';
  readonly status = 409;
  readonly title = 'Agent id taken';
  constructor(agentId: string) {
    super(`Two agents have the id "${agentId}"; every agent needs its own.`);
  }
}

export class InvalidAgentError extends DomainError {
  readonly code = 'AGENT_INVALID';
  readonly status = 422;
  readonly title = 'Agent invalid';
  constructor(agentId: string, reason: string) {
    super(`The agent "${agentId}" cannot be used: ${reason}.`);
  }
}

export class KnowledgeError extends DomainError {
  readonly code = 'KNOWLEDGE_UNUSABLE';
  readonly status = 503;
  readonly title = 'Knowledge unusable';
  /** `place`: the folder, or the file and line. */
  constructor(place: string, reason: string) {
    super(`The knowledge in ${place} cannot be used: ${reason}.`);
  }
}

export class ShuttingDownError extends DomainError {
  readonly code = 'SHUTTING_DOWN';
  readonly status = 503;
  readonly title = 'Shutting down';
  override readonly retryable = true;
  constructor() {
    super('The server is shutting down; ask again when it is back.');
  }
}

export class TurnNotFoundError extends DomainError {
  readonly code = 'TURN_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Turn not found';
  constructor(sessionId: string, traceId: string) {
    super(`Session "${sessionId}" has no turn "${traceId}".`);
  }
}

export class LoopbackOnlyError extends DomainError {
  readonly code = 'LOOPBACK_ONLY';
  readonly status = 403;
  readonly title = 'Loopback only';
  constructor() {
    super('Only programs on the machine of the server may do this, and not through a proxy.');
  }
}

export class EventIdTakenError extends DomainError {
  readonly code = 'EVENT_ID_TAKEN';
  readonly status = 409;
  readonly title = 'Event id taken';
  constructor(sessionId: string, eventId: string) {
    super(`Session "${sessionId}" has an event "${eventId}" already.`);
  }
}

export class TooManySessionsError extends DomainError {
  readonly code = 'TOO_MANY_SESSIONS';
  readonly status = 429;
  readonly title = 'Too many sessions';
  constructor(limit: number) {
    super(`This customer has ${limit} sessions and can have no more; delete one first.`);
  }
}

export class IntentMismatchError extends DomainError {
  readonly code = 'INTENT_MISMATCH';
  readonly status = 409;
  readonly title = 'Intent mismatch';
  constructor(sessionId: string, agentId: string, intent: string) {
    super(`Session "${sessionId}" talks to agent "${agentId}", not to "${intent}".`);
  }
}

export class InvalidMessageError extends DomainError {
  readonly code = 'INVALID_MESSAGE';
  readonly status = 422;
  readonly title = 'Invalid message';
  constructor(what: string) {
    super(`The message ${what}.`);
  }
}

export class DocumentsUnavailableError extends DomainError {
  readonly code = 'DOCUMENTS_UNAVAILABLE';
  readonly status = 503;
  readonly title = 'Documents unavailable';
  override readonly retryable = true;
  constructor(reason: string) {
    super(`Agents, customers and the like could not be written (${reason}); nothing was stored.`);
  }
}

export class IdTakenError extends DomainError {
  readonly code = 'ID_TAKEN';
  readonly status = 422;
  readonly title = 'Id taken';
  /** `noun`: what it would have been, e.g. `customer`. */
  constructor(noun: string, id: string) {
    super(`The ${noun} "${id}" exists already.`);
  }
}

export class ValueTakenError extends DomainError {
  readonly code = 'VALUE_TAKEN';
  readonly status = 422;
  readonly title = 'Value taken';
  constructor(noun: string, field: string, value: string) {
    super(`There is a ${noun} with the ${field} "${value}" already.`);
  }
}

export class CustomerNotFoundError extends DomainError {
  readonly code = 'CUSTOMER_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Customer not found';
  constructor(customerId: string) {
    super(`There is no customer "${customerId}".`);
  }
}

export class GuestCustomerError extends DomainError {
  readonly code = 'GUEST_CUSTOMER';
  readonly status = 422;
  readonly title = 'Guest customer';
  constructor() {
    super('The guest is always there and cannot be deleted.');
  }
}

export class TagNotFoundError extends DomainError {
  readonly code = 'TAG_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Tag not found';
  constructor(tagId: string) {
    super(`There is no tag "${tagId}".`);
  }
}

export class TagNotAttachedError extends DomainError {
  readonly code = 'TAG_NOT_ATTACHED';
  readonly status = 404;
  readonly title = 'Tag not attached';
  constructor(noun: string, id: string, tagId: string) {
    super(`The ${noun} "${id}" does not have the tag "${tagId}".`);
  }
}

export class ConfiguredAgentError extends DomainError {
  readonly code = 'AGENT_CONFIGURED';
  readonly status = 409;
  readonly title = 'Agent configured';
  constructor(agentId: string) {
    super(`The agent "${agentId}" comes from the program's configuration; it is changed there.`);
  }
}

export class MidTurnError extends DomainError {
  readonly code = 'MID_TURN';
  readonly status = 422;
  readonly title = 'In the middle of a turn';
  constructor(from: number, begin: number) {
    super(
      `Events cannot be deleted from offset ${from} on: it is in the middle of a turn, which begins at offset ${begin}.`,
    );
  }
}

export class ManualModeError extends DomainError {
  readonly code = 'MANUAL_MODE';
  readonly status = 422;
  readonly title = 'Manual mode';
  constructor(sessionId: string) {
    super(
      `Session "${sessionId}" is in mode manual, in which the agent does not speak; set mode auto first.`,
    );
  }
}

export class NothingToAnswerError extends DomainError {
  readonly code = 'NOTHING_TO_ANSWER';
  readonly status = 422;
  readonly title = 'Nothing to answer';
  constructor(sessionId: string) {
    super(`The customer of session "${sessionId}" has said nothing yet that the agent could answer.`);
  }
}

export class AskNotSupportedError extends DomainError {
  readonly code = 'ASK_NOT_SUPPORTED';
  readonly status = 422;
  readonly title = 'Asking not supported';
  constructor(agentId: string) {
    super(`The agent "${agentId}" lives on another server and can only be asked there.`);
  }
}

export class TurnGivenUpError extends DomainError {
  readonly code = 'TURN_GIVEN_UP';
  readonly status = 409;
  readonly title = 'Turn given up';
  override readonly retryable = true;
  constructor(sessionId: string) {
    super(`The turn that session "${sessionId}" was asked for was given up before it began.`);
  }
}

export class OffsetBeyondEndError extends DomainError {
  readonly code = 'OFFSET_BEYOND_END';
  readonly status = 422;
  readonly title = 'Offset beyond the end';
  constructor(sessionId: string, offset: number, last: number) {
    super(
      last < 0
        ? `Session "${sessionId}" has no events yet, and so none at offset ${offset}.`
        : `Session "${sessionId}" has no event at offset ${offset}; its last is ${last}.`,
    );
  }
}

export class GuidelineNotFoundError extends DomainError {
  readonly code = 'GUIDELINE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Guideline not found';
  constructor(guidelineId: string) {
    super(`There is no guideline "${guidelineId}".`);
  }
}

export class ToolAssociationNotFoundError extends DomainError {
  readonly code = 'TOOL_ASSOCIATION_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Tool association not found';
  constructor(guidelineId: string, toolId: string) {
    super(`The guideline "${guidelineId}" does not use the tool "${toolId}".`);
  }
}

export class RelationshipNotFoundError extends DomainError {
  readonly code = 'RELATIONSHIP_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Relationship not found';
  constructor(relationshipId: string) {
    super(`There is no relationship "${relationshipId}".`);
  }
}

export class RelationshipCycleError extends DomainError {
  readonly code = 'RELATIONSHIP_CYCLE';
  readonly status = 422;
  readonly title = 'Relationship cycle';
  constructor(kind: string, source: string, target: string) {
    super(`A ${kind} from "${source}" to "${target}" would close a circle: there is a way back already.`);
  }
}

export class InvalidRelationshipError extends DomainError {
  readonly code = 'RELATIONSHIP_INVALID';
  readonly status = 422;
  readonly title = 'Relationship invalid';
  constructor(reason: string) {
    super(`The relationship cannot be: ${reason}.`);
  }
}

export class JourneyNotFoundError extends DomainError {
  readonly code = 'JOURNEY_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Journey not found';
  constructor(journeyId: string) {
    super(`There is no journey "${journeyId}".`);
  }
}

export class JourneyNodeNotFoundError extends DomainError {
  readonly code = 'JOURNEY_NODE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Journey node not found';
  constructor(journeyId: string, nodeId: string) {
    super(`The journey "${journeyId}" has no node "${nodeId}".`);
  }
}

export class JourneyEdgeNotFoundError extends DomainError {
  readonly code = 'JOURNEY_EDGE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Journey edge not found';
  constructor(journeyId: string, edgeId: string) {
    super(`The journey "${journeyId}" has no edge "${edgeId}".`);
  }
}

export class InvalidJourneyError extends DomainError {
  readonly code = 'JOURNEY_INVALID';
  readonly status = 422;
  readonly title = 'Journey invalid';
  constructor(journeyId: string, reason: string) {
    super(`The journey "${journeyId}" cannot be: ${reason}.`);
  }
}

export class TermNotFoundError extends DomainError {
  readonly code = 'TERM_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Term not found';
  constructor(termId: string) {
    super(`There is no term "${termId}".`);
  }
}

export class ContextVariableNotFoundError extends DomainError {
  readonly code = 'CONTEXT_VARIABLE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Context variable not found';
  constructor(variableId: string) {
    super(`There is no context variable "${variableId}".`);
  }
}

export class ContextValueNotFoundError extends DomainError {
  readonly code = 'CONTEXT_VALUE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Context value not found';
  constructor(variableId: string, key: string) {
    super(`The context variable "${variableId}" has no value for "${key}".`);
  }
}

export class InvalidFreshnessRulesError extends DomainError {
  readonly code = 'FRESHNESS_RULES_INVALID';
  readonly status = 422;
  readonly title = 'Freshness rules invalid';
  constructor(rules: string, reason: string) {
    super(`freshness_rules: "${rules}" is no cron expression (${reason}).`);
  }
}

export class CapabilityNotFoundError extends DomainError {
  readonly code = 'CAPABILITY_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Capability not found';
  constructor(capabilityId: string) {
    super(`There is no capability "${capabilityId}".`);
  }
}

export class CannedResponseNotFoundError extends DomainError {
  readonly code = 'CANNED_RESPONSE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Canned response not found';
  constructor(responseId: string) {
    super(`There is no canned response "${responseId}".`);
  }
}

export class InvalidTemplateError extends DomainError {
  readonly code = 'TEMPLATE_INVALID';
  readonly status = 422;
  readonly title = 'Template invalid';
  constructor(template: string, reason: string) {
    super(`value: "${template}" is no template (${reason}).`);
  }
}

export class ServiceNotFoundError extends DomainError {
  readonly code = 'SERVICE_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Service not found';
  constructor(serviceName: string) {
    super(`There is no tool service "${serviceName}".`);
  }
}

export class ServiceUnavailableError extends DomainError {
  readonly code = 'SERVICE_UNAVAILABLE';
  readonly status = 503;
  readonly title = 'Service unavailable';
  override readonly retryable = true;
  constructor(serviceName: string, reason: string) {
    super(`The tool service "${serviceName}" cannot be asked: ${reason}.`);
  }
}

export class ToolNotFoundError extends DomainError {
  readonly code = 'TOOL_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Tool not found';
  constructor(toolId: string) {
    super(`There is no tool "${toolId}".`);
  }
}

export class InvalidToolArgumentsError extends DomainError {
  readonly code = 'TOOL_ARGUMENTS_INVALID';
  readonly status = 422;
  readonly title = 'Tool arguments invalid';
  constructor(toolId: string, reason: string) {
    super(`The tool "${toolId}" cannot be called so: ${reason}.`);
  }
}

export class ToolFailedError extends DomainError {
  readonly code = 'TOOL_FAILED';
  readonly status = 502;
  readonly title = 'Tool failed';
  constructor(toolId: string, reason: string) {
    super(`The tool "${toolId}" failed: ${reason}.`);
  }
}

export class InvalidDefinitionError extends DomainError {
  readonly code = 'DEFINITION_INVALID';
  readonly status = 422;
  readonly title = 'Definition invalid';
  /** `what`: the entity, as its author knows it: `the guideline "asks for a refund"`. */
  constructor(what: string, reason: string) {
    super(`${what[0]?.toUpperCase()}${what.slice(1)} cannot be defined so: ${reason}.`);
  }
}

export class NlpError extends DomainError {
  readonly code = 'NLP_FAILED';
  readonly status = 502;
  readonly title = 'Language model failed';
  override readonly retryable = true;
  /** `provider`: as `NlpService.name`. */
  constructor(provider: string, reason: string) {
    super(`The language model of ${provider} gave no usable answer: ${reason}.`);
  }
}

export class EvaluationNotFoundError extends DomainError {
  readonly code = 'EVALUATION_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Evaluation not found';
  constructor(evaluationId: string) {
    super(`There is no evaluation "${evaluationId}".`);
  }
}

/** Parlant's "utterance": it needs an engine that follows guidelines. */
export class GuidelinesNotSupportedError extends DomainError {
  readonly code = 'GUIDELINES_NOT_SUPPORTED';
  readonly status = 422;
  readonly title = 'Guidelines not supported';
  constructor(agentId: string) {
    super(`\`guidelines\`: the agent "${agentId}" follows none; ask it to speak without them.`);
  }
}

export class NothingSaidError extends DomainError {
  readonly code = 'NOTHING_SAID';
  readonly status = 504;
  readonly title = 'Nothing said';
  constructor(agentId: string) {
    super(`The agent "${agentId}" had nothing to say to that.`);
  }
}

export class VoiceNotConfiguredError extends DomainError {
  readonly code = 'VOICE_NOT_CONFIGURED';
  readonly status = 503;
  readonly title = 'Voice not configured';
  /** The settings that are missing. */
  constructor(missing: readonly string[]) {
    super(`There are no voice sessions on this server: set ${missing.join(', ')} (docs/voice.md).`);
  }
}

export class FlowNotFoundError extends DomainError {
  readonly code = 'FLOW_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Flow not found';
  constructor(flowId: string) {
    super(`There is no flow "${flowId}", or it belongs to another organisation.`);
  }
}

export class InvalidFlowError extends DomainError {
  readonly code = 'FLOW_INVALID';
  readonly status = 422;
  readonly title = 'Flow invalid';
  constructor(flowId: string, reason: string) {
    super(`The flow "${flowId}" cannot be used: ${reason}.`);
  }
}

export class VoiceSessionNotFoundError extends DomainError {
  readonly code = 'VOICE_SESSION_NOT_FOUND';
  readonly status = 404;
  readonly title = 'Voice session not found';
  constructor(sessionId: string) {
    super(`There is no voice session "${sessionId}", or it belongs to another user.`);
  }
}

export class VoiceSessionOverError extends DomainError {
  readonly code = 'SESSION_OVER';
  readonly status = 409;
  readonly title = 'Session over';
  override readonly members: DomainError['members'];
  /** `status`: `failed` or `ended`. */
  constructor(sessionId: string, status: string) {
    super(`The voice session "${sessionId}" is over: it has ${status}.`);
    this.members = { sessionId, sessionStatus: status };
  }
}

export class RoleNotAllowedError extends DomainError {
  readonly code = 'ROLE_NOT_ALLOWED';
  readonly status = 403;
  readonly title = 'Role not allowed';
  constructor(role: string) {
    super(`The caller may not join this room as ${role}.`);
  }
}

export class BadCallbackTokenError extends DomainError {
  readonly code = 'BAD_CALLBACK_TOKEN';
  readonly status = 401;
  readonly title = 'Bad callback token';
  constructor() {
    super('The token is missing, forged, expired, or of another voice session.');
  }
}

export class BadAgentEventError extends DomainError {
  readonly code = 'BAD_EVENT';
  readonly status = 400;
  readonly title = 'Bad event';
  constructor(reason: string) {
    super(`The agent's event cannot be taken: ${reason}.`);
  }
}

export class BadWebhookSignatureError extends DomainError {
  readonly code = 'BAD_WEBHOOK_SIGNATURE';
  readonly status = 401;
  readonly title = 'Bad webhook signature';
  constructor() {
    super('The webhook is not signed by the LiveKit server that is configured.');
  }
}

/** A voice session that has failed before its request was answered. */
abstract class VoiceStartError extends DomainError {
  readonly status = 502;
  override readonly members: DomainError['members'];
  /** `message`: what LiveKit or the worker said, null where they said nothing. */
  constructor(sessionId: string, message: string | null) {
    super(message ?? 'The voice session has failed.');
    this.members = { sessionId };
  }
}

export class LiveKitUnavailableError extends VoiceStartError {
  readonly code = 'LIVEKIT_UNAVAILABLE';
  readonly title = 'LiveKit unavailable';
  override readonly retryable = true;
}

export class LiveKitTimeoutError extends VoiceStartError {
  readonly code = 'LIVEKIT_TIMEOUT';
  readonly title = 'LiveKit timed out';
  override readonly retryable = true;
}

export class LiveKitUnreachableError extends VoiceStartError {
  readonly code = 'LIVEKIT_UNREACHABLE';
  readonly title = 'LiveKit unreachable';
  override readonly retryable = true;
}

export class LiveKitAuthError extends VoiceStartError {
  readonly code = 'LIVEKIT_AUTH';
  readonly title = 'LiveKit refuses the key';
}

export class LiveKitRejectedError extends VoiceStartError {
  readonly code = 'LIVEKIT_REJECTED';
  readonly title = 'LiveKit rejects the call';
}

/** For every other reason, which the session's `failure` names. */
export class VoiceSessionFailedError extends VoiceStartError {
  readonly code = 'VOICE_SESSION_FAILED';
  readonly title = 'Voice session failed';
}
