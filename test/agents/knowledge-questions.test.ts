import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openKnowledgeBase, type KnowledgeBase } from '../../src/agents/knowledge/knowledge-base.ts';
import {
  clauseQuestions,
  directQuestions,
  followUpQuestions,
  heldOutQuestions,
  offTopicQuestions,
  paraphrasedQuestions,
  returningQuestions,
  strangersQuestions,
  unknownSubjectQuestions,
  type QuestionCase,
} from './knowledge-questions.ts';

const examples = join(import.meta.dirname, '../../src/examples');
const bases = new Map<string, KnowledgeBase>();

beforeAll(async () => {
  for (const agent of ['research_paper', 'medical_welfare'])
    bases.set(agent, await openKnowledgeBase(join(examples, agent)));
});

/** What was found, as it may stand in `expect`: the file and the section, and the file alone; `null` for nothing. */
function placesFound({ agent, ask, before = [] }: QuestionCase): readonly (string | null)[] {
  const [best] = bases.get(agent)!.search(ask, { context: before });
  if (!best) return [null];
  const file = best.file.replace(/\.md$/, '');
  return [`${file}#${best.section}`, file];
}

describe.each([
  ['that name their topic', directQuestions],
  ['in a stranger’s words', paraphrasedQuestions],
  ['that only the conversation explains', followUpQuestions],
  ['that return to an earlier topic', returningQuestions],
  ['of strangers', strangersQuestions],
  ['about something else', offTopicQuestions],
  ['that put an unknown subject into a known frame', unknownSubjectQuestions],
  ['of which one clause asks', clauseQuestions],
  ['of these kinds, held out', heldOutQuestions],
])('questions %s', (_, cases) => {
  it.each(cases.map((each) => [each.ask, each.before ?? [], each] as const))('%s %j', (ask, before, each) => {
    const wanted = new Set([each.expect].flat());
    expect(placesFound(each)).toSatisfy((found: readonly (string | null)[]) =>
      found.some((place) => wanted.has(place)),
    );
  });
});

it('is at least sixty questions, twenty of them off topic', () => {
  const known = [directQuestions, paraphrasedQuestions, followUpQuestions, returningQuestions].flat();
  expect(known.length).toBeGreaterThanOrEqual(60);
  expect(offTopicQuestions.length).toBeGreaterThanOrEqual(20);
});
