/** What is stored of a guideline: when something holds, what the agent then does. */
import type { Collection } from '../../documents/collection.ts';
import type { Stored } from '../../documents/document-store.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { ToolId } from '../../tools/tool.ts';
import type { CompositionMode } from './agent.ts';

export const criticalities = ['low', 'medium', 'high'] as const;
export type Criticality = (typeof criticalities)[number];

export type GuidelineFields = {
  /** When it applies; may be empty: then only a matcher of the program's own can say so. */
  readonly condition: string;
  /** What to do. Null or empty: an observation. */
  readonly action: string | null;
  /** Background, shown with the action. */
  readonly description: string | null;
  /** For people. */
  readonly title: string | null;
  readonly criticality: Criticality;
  readonly priority: number;
  /** A disabled one does not exist for the engine. */
  readonly enabled: boolean;
  /** False: never counted as applied already. */
  readonly track: boolean;
  /** May tighten the agent's mode for one answer. */
  readonly compositionMode: CompositionMode | null;
  /** Given to the session when it is matched. */
  readonly labels: readonly string[];
  /** Ids, also `agent:<id>` and `journey:<id>`. None: every agent sees it. */
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
};

/** What a guideline is that nothing is said of but its condition. */
export const guidelineDefaults = {
  action: null,
  description: null,
  title: null,
  criticality: 'medium',
  priority: 0,
  enabled: true,
  track: true,
  compositionMode: null,
  labels: [],
  tags: [],
  metadata: {},
} as const satisfies Omit<GuidelineFields, 'condition'>;

export type Guideline = Stored<GuidelineFields>;

export const guidelineCollection: Collection<GuidelineFields> = {
  name: 'guidelines',
  noun: 'guideline',
  members: ['tags'],
};

/** The tag that stands for a guideline. */
export function guidelineTag(guidelineId: string): string {
  return `guideline:${guidelineId}`;
}

/** That a guideline may run a tool; the id is made of both. */
export type ToolAssociationFields = { readonly guidelineId: string; readonly toolId: ToolId };

export type ToolAssociation = Stored<ToolAssociationFields>;

export const toolAssociationCollection: Collection<ToolAssociationFields> = {
  name: 'tool_associations',
  noun: 'tool association',
  indexed: ['guidelineId', 'toolId'],
};
