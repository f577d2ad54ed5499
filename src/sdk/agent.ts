/** Agents, as programs write them, with all they know. */
import { z } from 'zod';
import {
  agentCollection,
  agentTag as toAgentTag,
  messageOutputModes,
  type CompositionMode,
  type MessageOutputMode,
} from '../entities/collections/agent.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { agentFunctionsShape, toAgentAttachments, type AgentFunctions } from './agent-functions.ts';
import type { AgentScope } from './agent-scope.ts';
import {
  createCannedResponse,
  type CannedResponseOptions,
  type DefinedCannedResponse,
} from './canned-response.ts';
import { createCapability, type CapabilityOptions, type DefinedCapability } from './capability.ts';
import { checkOptions, named } from './check-options.ts';
import { definedId, type Draft } from './draft.ts';
import {
  attachTool,
  createGuideline,
  createObservation,
  type DefinedGuideline,
  type GuidelineScope,
} from './guideline.ts';
import type { GuidelineOptions, ObservationOptions, ToolAttachment } from './guideline-options.ts';
import { createJourney, type DefinedJourney, type JourneyOptions } from './journey.ts';
import { choice, chosenId, compositionMode, name, statement, text, things, whole } from './options.ts';
import { createHasRetrievers, type HasRetrievers } from './retriever.ts';
import { toTagIds, type DefinedTag } from './tag.ts';
import { createTerm, type DefinedTerm, type TermOptions } from './term.ts';
import { createVariable, type DefinedVariable, type VariableOptions } from './variable.ts';

export type AgentOptions = AgentFunctions & {
  /** At most 100 characters. */
  readonly name: string;
  /** Who it is and how it behaves. */
  readonly description?: string;
  /** How freely it words its answers; default `canned_fluid`: a canned response where one fits, else its own words. */
  readonly compositionMode?: CompositionMode;
  /** `stream`: messages grow while they are made, only with `canned_fluid`; default `block`. */
  readonly outputMode?: MessageOutputMode;
  /** How often it may use tools and think again before it answers; default 3. */
  readonly maxEngineIterations?: number;
  /** The language provider that answers for it, as `NLP` names them: `anthropic`, `openai/gpt-…`; default: the server's. */
  readonly nlp?: string;
  readonly tags?: readonly DefinedTag[];
  /** What requests name it by; default: made of the name. */
  readonly id?: string;
};

/** Every method throws `InvalidDefinitionError` where it is called. */
export type DefinedAgent = HasRetrievers & {
  readonly kind: 'agent';
  readonly id: string;
  readonly name: string;
  createGuideline(options: GuidelineOptions): DefinedGuideline;
  /** A guideline that does nothing by itself: for `disambiguate`, `dependOn`, tools, or to begin journeys. */
  createObservation(options: ObservationOptions): DefinedGuideline;
  /** An observation that has a tool. */
  attachTool(options: ToolAttachment): DefinedGuideline;
  createJourney(options: JourneyOptions): DefinedJourney;
  createTerm(options: TermOptions): DefinedTerm;
  createVariable(options: VariableOptions): DefinedVariable;
  createCapability(options: CapabilityOptions): DefinedCapability;
  createCannedResponse(options: CannedResponseOptions): DefinedCannedResponse;
};

const schema = z.strictObject({
  ...agentFunctionsShape,
  name: name({ max: 100 }),
  description: text().optional(),
  compositionMode: compositionMode.optional(),
  outputMode: choice(messageOutputModes).optional(),
  maxEngineIterations: whole.min(1, 'must be at least 1').optional(),
  nlp: statement({ max: 500 }).optional(),
  tags: things.optional(),
  id: chosenId.optional(),
} satisfies Record<keyof AgentOptions, z.ZodType>);

/** Throws `InvalidDefinitionError`. */
export function createAgent(draft: Draft, options: AgentOptions): DefinedAgent {
  const what = named('agent', (options as Partial<AgentOptions> | undefined)?.name); // not checked yet
  checkOptions(what, schema, options);
  const {
    name,
    compositionMode = 'canned_fluid',
    outputMode = 'block',
    id = definedId('agent', name),
  } = options;
  if (outputMode === 'stream' && compositionMode !== 'canned_fluid') {
    throw new InvalidDefinitionError(what, 'its outputMode is stream, which only canned_fluid agents can');
  }
  const attached = toAgentAttachments(options, { what, compositionMode });
  draft.add(agentCollection, {
    id,
    what,
    fields: {
      name,
      description: options.description ?? null,
      maxEngineIterations: options.maxEngineIterations ?? 3,
      compositionMode,
      messageOutputMode: outputMode,
      ...(options.nlp !== undefined && { nlp: options.nlp }),
      tags: toTagIds(draft, options.tags ?? [], what),
    },
  });
  draft.attachments.addAgent(id, attached);
  return toHandle(draft, { id, name, what });
}

type Made = Pick<DefinedAgent, 'id' | 'name'> & { readonly what: string };

function toHandle(draft: Draft, { id, name, what }: Made): DefinedAgent {
  const agentTag = toAgentTag(id);
  const scope: AgentScope = { agentId: id, agentTag };
  const guidelines: GuidelineScope = { ownerId: id, tags: [agentTag] };
  return draft.handle({
    kind: 'agent',
    id,
    name,
    ...createHasRetrievers(draft, { kind: 'agent', id }, what),
    createGuideline: (options) => createGuideline(draft, guidelines, options),
    createObservation: (options) => createObservation(draft, guidelines, options),
    attachTool: (options) => attachTool(draft, guidelines, options),
    createJourney: (options) => createJourney(draft, scope, options),
    createTerm: (options) => createTerm(draft, scope, options),
    createVariable: (options) => createVariable(draft, scope, options),
    createCapability: (options) => createCapability(draft, scope, options),
    createCannedResponse: (options) => createCannedResponse(draft, { ownerTag: agentTag }, options),
  } satisfies DefinedAgent);
}
