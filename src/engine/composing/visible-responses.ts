/** Which canned responses an agent has in a turn, and which of them were written for what applies. */
import { type CannedResponse, preambleTag } from '../../entities/collections/canned-response.ts';
import { guidelineTag } from '../../entities/collections/guideline.ts';
import { journeyNodeTag, journeyTag } from '../../entities/collections/journey.ts';
import { visibleTo } from '../../entities/visibility.ts';
import type { GuidelineMatch } from '../guideline.ts';
import type { TurnContext } from '../turn-context.ts';
import { matchesOf } from './message-input.ts';
import { fillTemplate, sendableResponses, type TemplateFields } from './template-fields.ts';
import type { ReadTemplate } from './template-reader.ts';

export function visibleResponses(turn: TurnContext): readonly CannedResponse[] {
  const { agent, knowledge, journeys } = turn;
  if (knowledge.cannedResponses.length === 0) return [];
  const alsoTags = [...journeys.map(({ id }) => journeyTag(id)), ...matchesOf(turn).map(tagOf)];
  return visibleTo(agent, knowledge.cannedResponses, { alsoTags });
}

export function isPreamble({ tags }: CannedResponse): boolean {
  return tags.includes(preambleTag);
}

/** Whether it was written for this guideline, or this state of a journey. */
export function isFor({ tags }: CannedResponse, match: GuidelineMatch): boolean {
  return tags.includes(tagOf(match));
}

function tagOf({ guideline: { id, journeyNode } }: GuidelineMatch): string {
  return journeyNode ? journeyNodeTag(journeyNode.nodeId) : guidelineTag(id);
}

/** Of what was written for a match, what can be said without asking a model, filled in. */
export function textsFor(
  turn: TurnContext,
  { fields, readTemplate }: { readonly fields: TemplateFields; readonly readTemplate: ReadTemplate },
): (match: GuidelineMatch) => readonly string[] {
  const visible = visibleResponses(turn).filter((response) => !isPreamble(response));
  const filled = (value: string): readonly string[] => {
    const template = readTemplate(value);
    if (!template || template.generativeFields.length > 0) return [];
    const rendered = fillTemplate(template, fields);
    return rendered.kind === 'text' && rendered.text.trim() !== '' ? [rendered.text] : [];
  };
  return (match) => {
    const own = visible.filter((response) => isFor(response, match));
    return sendableResponses(own, fields, readTemplate).flatMap(({ value }) => filled(value));
  };
}
