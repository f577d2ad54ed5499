/** A value for a template, out of what is known; nothing is made up. */
import type { Json } from '../../../event-log/event.ts';
import type { GeneratedFieldInput } from '../../questions/messages.ts';
import type { AnswerOf } from '../../questions/questions.ts';
import { humanised } from '../conditions/facts.ts';
import { toScene } from '../conditions/scene.ts';
import { coverageOf } from '../journeys/coverage.ts';
import { findArgument } from '../tools/find-argument.ts';
import { toWanted } from '../tools/parameter.ts';
import { sourcesFor, type Sources } from '../tools/sources.ts';
import { showData } from './show-data.ts';
import type { World } from '../world.ts';

export function answerGeneratedField(
  { situation, name }: GeneratedFieldInput,
  { now }: World,
): AnswerOf<'generated_field'> {
  const scene = toScene(situation);
  const label = humanised(name);
  const sources = sourcesFor('', scene);
  return {
    name,
    value: inKnown(label, sources) ?? inTerms(label, situation.terms) ?? inSaid(name, sources, now) ?? null,
  };
}

function inKnown(label: string, { known }: Sources): string | undefined {
  const same =
    known.find(([name]) => name.toLowerCase() === label) ?? known.find(([name]) => isAbout(label, name));
  const text = same && asText(same[1]);
  return text === '' ? undefined : text;
}

function isAbout(label: string, name: string): boolean {
  return coverageOf(label, name) >= 0.8 && coverageOf(name, label) >= 0.8;
}

function asText(value: Json): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? showData(value, '').replace(/\.$/, '') : String(value);
}

function inTerms(label: string, terms: GeneratedFieldInput['situation']['terms']): string | undefined {
  return terms.find(({ name, synonyms }) => [name, ...synonyms].some((each) => isAbout(label, each)))
    ?.description;
}

function inSaid(name: string, { said }: Sources, now: number): string | undefined {
  const wanted = toWanted(name, { type: 'string' }, { isRequired: false, terms: [] });
  for (const each of said) {
    const found = findArgument(wanted, each, {
      now,
      rivals: [],
      before: [],
      used: new Set(),
      isKnown: () => false,
    });
    if (found && 'value' in found) return found.value;
  }
  return undefined;
}
