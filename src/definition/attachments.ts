/**
 * What a program adds in code: functions, which are never stored and are there as long as the program runs. The engine reads them by the
 * ids of what they belong to.
 */
import type { AgentExtensions, EntityExtensions } from '../engine/extensions.ts';

export type Attachments = {
  /** By agent. What is absent is as the engine does it by itself. */
  readonly agents: ReadonlyMap<string, Partial<Omit<AgentExtensions, 'entities'>>>;
  /** By guideline, journey or journey's node: their ids never are the same. */
  readonly entities: ReadonlyMap<string, EntityExtensions>;
};

/** Of several programs: none adds to what another has defined. */
export function joinAttachments(all: readonly Attachments[]): Attachments {
  return {
    agents: new Map(all.flatMap(({ agents }) => [...agents])),
    entities: new Map(all.flatMap(({ entities }) => [...entities])),
  };
}
