/** Findings as sentences for people: guidelines are named by id and condition. */
import type { EngineGuideline } from '../guideline.ts';
import type { EntityName, Finding } from './situation.ts';

/** Undefined: nothing is known of it but the id. */
export type GuidelineById = (id: string) => EngineGuideline | undefined;

export function toReason(finding: Finding, guidelineById: GuidelineById): string {
  const list = toList(finding.counterparts, guidelineById);
  if (finding.kind === 'deprioritized') return toReasonOfDefeat(finding, list);
  if (finding.kind === 'entailed') return `It follows from ${list}.`;
  if (finding.kind === 'unmet_dependency_all') return `It needs ${list}, which is not active.`;
  return `It needs one of these, and none is active: ${list}.`;
}

function toReasonOfDefeat(finding: Extract<Finding, { kind: 'deprioritized' }>, list: string): string {
  if (finding.by === 'number')
    return `Its priority is ${finding.own}, and ${finding.best} is active: ${list}.`;
  if (finding.by === 'dependency') return `It needs ${list}, which gives way to something else.`;
  return `It gives way to ${list}.`;
}

const mostNames = 5;

function toList(entities: readonly EntityName[], guidelineById: GuidelineById): string {
  const names = entities.slice(0, mostNames).map((entity) => toName(entity, guidelineById));
  const more = entities.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

const mostCharacters = 80;

/** `guideline:g1 "the customer asks about prices"` */
function toName(entity: EntityName, guidelineById: GuidelineById): string {
  if (!entity.startsWith('guideline:')) return entity;
  const condition = guidelineById(entity.slice('guideline:'.length))?.condition;
  if (!condition) return entity;
  const isLong = condition.length > mostCharacters;
  return `${entity} "${isLong ? `${condition.slice(0, mostCharacters)}…` : condition}"`;
}
