/** The questions that the examples' texts must answer, and those that they cannot, asked as customers ask them. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  clauseQuestions,
  directQuestions,
  followUpQuestions,
  heldOutQuestions,
  offTopicQuestions,
  paraphrasedQuestions,
  type QuestionCase,
  returningQuestions,
  strangersQuestions,
  unknownSubjectQuestions,
} from '../agents/knowledge-questions.ts';
import { type Examples, startExamples } from '../support/examples.ts';

// Some hundred turns, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let examples: Examples;

beforeAll(async () => {
  examples = await startExamples({ settings: { sessionsPerCustomer: 1_000 } });
});
afterAll(() => examples[Symbol.asyncDispose]());

/** Undefined: it was answered as it should be. */
async function wrongIn({ agent, ask, before = [], expect: expected }: QuestionCase) {
  const said = await examples.talk(agent, [...before, ask]);
  const { text, sources } = said.at(-1)!; // the question itself is said
  const [best] = sources;
  const file = best?.file.replace(/\.md$/, '');
  const found = best ? [`${file}#${best.section}`, file] : [isHonest(text) ? null : text];
  const wanted = new Set<unknown>([expected].flat());
  return found.some((place) => wanted.has(place)) ? undefined : { ask, before, expected, found, text };
}

function isHonest(text: string): boolean {
  return /^(?:I'm sorry, I (?:don't|do not) have an answer|All right\. Is there anything else)/.test(text);
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
  it('are answered from the right place, or not at all', async () => {
    const wrong = await Promise.all(cases.map(wrongIn));
    expect(wrong.filter((each) => each !== undefined)).toEqual([]);
  });
});
