/**
 * Everything that was found out, in memory and on disk, and how entities look with it. Looking costs no question and waits for nothing:
 * what was not found yet is not there, and an engine works without.
 */
import type { Documents, DocumentStore } from '../../documents/document-store.ts';
import type { JourneyNode } from '../../entities/collections/journey.ts';
import { openLiveCollection } from '../../entities/live-collection.ts';
import type { JsonObject } from '../../event-log/event.ts';
import type { ToolId } from '../../tools/tool.ts';
import type { EngineGuideline } from '../guideline.ts';
import { isSame } from '../knowledge/derived.ts';
import { toJourneyGraph, type JourneyGraph } from '../journeys/journey-graph.ts';
import { projectJourney } from '../journeys/projection.ts';
import { asText } from '../journeys/step-metadata.ts';
import { journeyContent } from './ask-journey.ts';
import {
  type Finding,
  findingCollection,
  type FindingFields,
  findingId,
  type Wording,
  wordingId,
} from './finding.ts';
import { fromFoundJson, withStep } from './found-journey.ts';
import type { FoundOut, WholeJourney } from './found-out.ts';

export interface Findings extends FoundOut {
  /** Whose findings these are. */
  readonly by: string;
  get(id: string): Finding | undefined;
  /** Keeps what is there already, unless the tools it was made of have changed. */
  add(id: string, finding: Omit<FindingFields, 'by'>): Promise<void>;
  /** Those made before that time (ISO 8601), of texts that nobody has any more. How many there were. */
  forget(options: { readonly before: string; readonly except: ReadonlySet<string> }): Promise<number>;
  /** A journey's, with those of its steps, as a question is asked about it. */
  graphOf(journey: WholeJourney): { readonly graph: JourneyGraph; readonly id: string };
}

/** `by`: `finderOf` a provider. Opened with `findingCollection`. */
export async function openFindings({
  documents,
  by,
}: {
  readonly documents: DocumentStore;
  readonly by: string;
}): Promise<Findings> {
  const live = await openLiveCollection(documents, findingCollection);
  const mergeGuideline = createMerge<EngineGuideline>();
  const mergeNode = createMerge<JourneyNode>();
  const wholes = new WeakMap<object, Whole>();

  function withSteps({ nodes }: WholeJourney): readonly JourneyNode[] {
    return nodes.map((node) => {
      const finding = live.get(wordingId('step', by, toStepWording(node)));
      return finding ? mergeNode(node, finding) : node;
    });
  }

  function graphOf(stored: WholeJourney): Whole {
    const { journey, edges } = stored;
    const stepped = withSteps(stored);
    const madeOf = [...stepped, ...edges];
    const known = wholes.get(journey);
    if (known && isSame(known.madeOf, madeOf)) return known;
    const graph = toJourneyGraph(projectJourney({ ...stored, nodes: stepped }));
    const { title, description } = journey;
    const id = findingId('journey', by, journeyContent({ title, description, graph }));
    const whole: Whole = { madeOf, graph, id, stepped, nodes: stepped, finding: undefined };
    wholes.set(journey, whole);
    return whole;
  }

  return {
    by,
    get version() {
      return live.version;
    },
    get: (id) => live.get(id),
    graphOf,

    guideline(guideline, toolIds) {
      const finding = live.get(wordingId('guideline', by, toWording(guideline, toolIds)));
      if (!finding) return guideline;
      return mergeGuideline(guideline, finding) as typeof guideline; // nothing but its metadata has changed
    },

    journey(stored) {
      const whole = graphOf(stored);
      const finding = live.get(whole.id);
      if (whole.finding !== finding) {
        whole.finding = finding;
        whole.nodes = finding ? withWhole(stored, whole, finding) : whole.stepped;
      }
      return isSame(whole.nodes, stored.nodes) ? stored : { ...stored, nodes: whole.nodes };
    },

    add: (id, finding) => documents.transaction((tx) => store(tx, id, { ...finding, by })),

    async forget({ before, except }) {
      const old = live.list().filter((finding) => !except.has(finding.id) && finding.creationUtc < before);
      await documents.transaction(async (tx) => {
        for (const { id } of old) await tx.delete(findingCollection, id);
      });
      return old.length;
    },
  };
}

/** A guideline whose own metadata say what to do, is asked about with that. */
export function toWording(
  { condition, action, metadata }: Pick<EngineGuideline, 'condition' | 'action' | 'metadata'>,
  toolIds: readonly ToolId[],
): Wording {
  return { condition, action: asText(metadata['internal_action']) ?? action, toolIds };
}

export function toStepWording({ action, tools, metadata }: JourneyNode): Wording {
  return { condition: '', action: asText(metadata['internal_action']) ?? action, toolIds: tools };
}

/** What its authors say, stays. The same finding gives the very same thing. */
function createMerge<Thing extends { readonly metadata: JsonObject }>(): (
  thing: Thing,
  finding: Finding,
) => Thing {
  const known = new WeakMap<Thing, { readonly finding: Finding; readonly merged: Thing }>();
  return (thing, finding) => {
    const before = known.get(thing);
    if (before?.finding === finding) return before.merged;
    const merged = { ...thing, metadata: { ...finding.found, ...thing.metadata } };
    known.set(thing, { finding, merged });
    return merged;
  };
}

/** What was made of a journey, as long as it, its steps and edges are the same. */
type Whole = {
  readonly madeOf: readonly unknown[];
  readonly graph: JourneyGraph;
  readonly id: string;
  /** With what was found about each by itself. */
  readonly stepped: readonly JourneyNode[];
  /** Also with what was found about the whole: `finding`. */
  nodes: readonly JourneyNode[];
  finding: Finding | undefined;
};

function withWhole(
  stored: WholeJourney,
  { graph, stepped }: Whole,
  { found }: Finding,
): readonly JourneyNode[] {
  const journey = fromFoundJson(found);
  const indexes = new Map(
    [...graph.guidelines.values()].map(({ journeyNode }) => [journeyNode.nodeId, journeyNode.index]),
  );
  const own = new Map(stored.nodes.map(({ id, metadata }) => [id, metadata]));
  return stepped.map((node) => {
    const index = indexes.get(node.id);
    return index === undefined
      ? node
      : withStep(node, { index, own: own.get(node.id) ?? {}, found: journey });
  });
}

async function store(tx: Documents, id: string, finding: FindingFields): Promise<void> {
  const updated = await tx.update(findingCollection, id, (known) => ({
    ...known,
    tools: finding.tools ?? known.tools,
    found: finding.subject === 'journey' ? finding.found : { ...known.found, ...finding.found },
  }));
  if (!updated) await tx.insert(findingCollection, id, finding);
}
