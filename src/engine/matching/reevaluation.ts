/** What is matched again after tools were looked at, because a relationship says that it depends on what they bring. */
import type { ToolId } from '../../tools/tool.ts';
import type { KnownJourney } from '../agent-knowledge.ts';
import type { EngineGuideline } from '../guideline.ts';
import type { Relation, RelationshipIndex } from '../relational-resolver/relationship-index.ts';
import type { ToolInsights } from '../turn-context.ts';

export type ReevaluationOptions = {
  readonly usable: readonly EngineGuideline[];
  readonly relationships: RelationshipIndex;
  /** Of the last iteration. */
  readonly evaluations: ToolInsights['evaluations'];
  readonly activeJourneys: readonly Pick<KnownJourney, 'id' | 'steps'>[];
};

/**
 * Each once. A guideline, if the tool ran. A step, if the tool ran or what it brings was there already: then the whole journey is looked at
 * again, if it is active.
 */
export function toReevaluate(options: ReevaluationOptions): readonly EngineGuideline[] {
  const evaluations = Map.groupBy(options.evaluations, ([toolId]) => toolId);
  const found = [...evaluations].flatMap(([toolId, ofTool]) =>
    afterTool(toolId, new Set(ofTool.map(([, evaluation]) => evaluation)), options),
  );
  return [...new Map(found.map((guideline) => [guideline.id, guideline])).values()];
}

type Evaluation = ToolInsights['evaluations'][number][1];

function afterTool(
  toolId: ToolId,
  evaluations: ReadonlySet<Evaluation>,
  { usable, relationships, activeJourneys }: ReevaluationOptions,
): readonly EngineGuideline[] {
  const sources = relationships
    .to('reevaluation', { type: 'tool', id: toolId })
    .flatMap((relation) => sourcesOf(relation, usable));
  return sources.flatMap((guideline) => {
    if (guideline.journeyNode === undefined) return evaluations.has('needs_to_run') ? guideline : [];
    const { journeyId } = guideline.journeyNode;
    const journey = activeJourneys.find(({ id }) => id === journeyId);
    return evaluations.has('cannot_run') ? [] : (journey?.steps ?? []);
  });
}

/** A step's guidelines have the id of its node, with that of the edge behind it. */
function sourcesOf({ source }: Relation, usable: readonly EngineGuideline[]): readonly EngineGuideline[] {
  const byId = usable.filter(({ id }) => id === source.id || id.startsWith(`${source.id}:`));
  if (byId.length > 0 || source.type === 'guideline') return byId;
  return usable.filter(({ tags }) => tags.includes(source.id));
}
