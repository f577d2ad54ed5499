/** What can be defined in code, without the server it is for: the same with `createServer` and for the examples that come with Colloquy. */
import type { Definition } from '../definition/definition.ts';
import { createAgent, type AgentOptions, type DefinedAgent } from './agent.ts';
import {
  createCannedResponse,
  type CannedResponseOptions,
  type DefinedCannedResponse,
} from './canned-response.ts';
import { createCustomer, type CustomerOptions, type DefinedCustomer } from './customer.ts';
import type { Draft } from './draft.ts';
import { createTag, type DefinedTag, type TagOptions } from './tag.ts';

/** Every method that creates throws `InvalidDefinitionError` where it is called. */
export type Defining = {
  createAgent(options: AgentOptions): DefinedAgent;
  /** A name alone is enough. */
  createTag(options: TagOptions | string): DefinedTag;
  createCustomer(options: CustomerOptions): DefinedCustomer;
  /** For what it is attached to (`cannedResponses`), else for every agent. */
  createCannedResponse(options: CannedResponseOptions): DefinedCannedResponse;
  /** What was defined so far, for `createColloquy({ definitions })` or `defineConfig({ definitions })`. */
  define(): Definition;
};

export function createDefining(draft: Draft): Defining {
  return {
    createAgent: (given) => createAgent(draft, given),
    createTag: (given) => createTag(draft, given),
    createCustomer: (given) => createCustomer(draft, given),
    createCannedResponse: (given) => createCannedResponse(draft, {}, given),
    define: () => draft.toDefinition(),
  };
}
