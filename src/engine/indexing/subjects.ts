/** What there is to look into, as it is stored now: guidelines, and journeys with their steps. What needs nothing is not there. */
import type { DocumentReader, DocumentStore } from '../../documents/document-store.ts';
import {
  type Guideline,
  guidelineCollection,
  type ToolAssociation,
  toolAssociationCollection,
} from '../../entities/collections/guideline.ts';
import {
  journeyCollection,
  journeyEdgeCollection,
  journeyNodeCollection,
} from '../../entities/collections/journey.ts';
import { readGraph } from '../../entities/journey-graph.ts';
import { toolsOf } from '../../entities/tool-associations.ts';
import { JourneyNotFoundError } from '../../errors.ts';
import type { ToolId } from '../../tools/tool.ts';
import { type Findings, toStepWording, toWording } from './findings.ts';
import type { WholeJourney } from './found-out.ts';
import { type Wording, wordingId } from './finding.ts';
import { madeOfTools, propertiesOf, type Property } from './properties.ts';

/** One of a set of texts that are asked about by themselves. */
export type WordingTask = {
  readonly subject: 'guideline' | 'step';
  readonly wording: Wording;
  readonly properties: readonly Property[];
};

/** Guidelines that a program decides about itself need no words. */
export type IsExempt = (guidelineId: string) => boolean;

export function toGuidelineTask(
  guideline: Guideline,
  { toolIds, isExempt }: { readonly toolIds: readonly ToolId[]; readonly isExempt: IsExempt },
): WordingTask | undefined {
  if (!guideline.enabled || isExempt(guideline.id)) return undefined;
  const wording = toWording(guideline, toolIds);
  const properties = propertiesOf('guideline', wording, guideline.metadata);
  return properties.length > 0 ? { subject: 'guideline', wording, properties } : undefined;
}

export function toStepTasks({ nodes }: WholeJourney): readonly WordingTask[] {
  return nodes.flatMap((node) => {
    const wording = toStepWording(node);
    const properties = propertiesOf('step', wording, node.metadata);
    return properties.length > 0 ? [{ subject: 'step', wording, properties } as const] : [];
  });
}

/** Undefined: it is gone, or there is nothing to ask. */
export async function readGuidelineTask(
  documents: DocumentStore,
  guidelineId: string,
  isExempt: IsExempt,
): Promise<WordingTask | undefined> {
  return documents.transaction(async (tx) => {
    const guideline = await tx.get(guidelineCollection, guidelineId);
    if (!guideline) return undefined;
    const toolIds = (await toolsOf(tx, guidelineId)).map(({ toolId }) => toolId);
    return toGuidelineTask(guideline, { toolIds, isExempt });
  });
}

/** Undefined: it is gone. */
export async function readJourney(
  documents: DocumentStore,
  journeyId: string,
): Promise<WholeJourney | undefined> {
  try {
    return await documents.transaction((tx) => readGraph(tx, journeyId));
  } catch (error) {
    if (error instanceof JourneyNotFoundError) return undefined;
    throw error;
  }
}

/** Whether there is nothing to ask. What was made of descriptions of tools has to be looked at: they may have changed. */
export function isKnown({ subject, wording, properties }: WordingTask, findings: Findings): boolean {
  const found = findings.get(wordingId(subject, findings.by, wording))?.found ?? {};
  return properties.every((property) => Object.hasOwn(found, property) && !madeOfTools.includes(property));
}

/** Everything there is. */
export type Everything = {
  readonly associations: readonly ToolAssociation[];
  readonly guidelines: readonly { readonly id: string; readonly task: WordingTask }[];
  readonly journeys: readonly WholeJourney[];
};

/** In a few queries, however much there is. */
export async function readEverything(documents: DocumentReader, isExempt: IsExempt): Promise<Everything> {
  const { items: guidelines } = await documents.find(guidelineCollection);
  const { items: associations } = await documents.find(toolAssociationCollection);
  const { items: journeys } = await documents.find(journeyCollection);
  const { items: nodes } = await documents.find(journeyNodeCollection);
  const { items: edges } = await documents.find(journeyEdgeCollection);
  const toolsByGuideline = Map.groupBy(associations, ({ guidelineId }) => guidelineId);
  const nodesOf = Map.groupBy(nodes, ({ journeyId }) => journeyId);
  const edgesOf = Map.groupBy(edges, ({ journeyId }) => journeyId);
  return {
    associations,
    guidelines: guidelines.flatMap((guideline) => {
      const toolIds = (toolsByGuideline.get(guideline.id) ?? []).map(({ toolId }) => toolId);
      const task = toGuidelineTask(guideline, { toolIds, isExempt });
      return task ? [{ id: guideline.id, task }] : [];
    }),
    journeys: journeys.map((journey) => ({
      journey,
      nodes: nodesOf.get(journey.id) ?? [],
      edges: edgesOf.get(journey.id) ?? [],
    })),
  };
}

/** The texts of all of it: what was found about others may be forgotten. */
export function idsOf({ guidelines, journeys }: Everything, findings: Findings): ReadonlySet<string> {
  const tasks = [...guidelines.map(({ task }) => task), ...journeys.flatMap(toStepTasks)];
  const ofJourneys = journeys.map((journey) => findings.graphOf(journey).id);
  return new Set([...tasks.map((task) => wordingId(task.subject, findings.by, task.wording)), ...ofJourneys]);
}
