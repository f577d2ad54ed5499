/** Passages that say where they come from were found for the question: they are told as they stand, with their sources. */
import { describe, expect, it } from 'vitest';
import { createOfflineNlp } from '../../../src/nlp/offline/offline-nlp.ts';
import type { MessageInput } from '../../../src/nlp/questions/messages.ts';

const passage = {
  source: 'Care of house plants',
  section: 'Light',
  text: 'Ferns grow best in shade.',
  note: '',
};
const told = 'Ferns grow best in shade.\n\nSource: Care of house plants, “Light”.';

type Given = {
  readonly said: readonly string[];
  readonly found?: readonly object[];
  readonly action?: string;
};

/** The last of what is said is the customer's; they take turns. */
async function answerTo({ said, found = [passage], action }: Given): Promise<string | undefined> {
  const last = said.length - 1;
  const guideline = { n: '1', condition: 'Always', description: null, rationale: '', score: 10 };
  const input = {
    situation: {
      agent: { id: 'agent', name: 'Agent', description: null },
      customer: { id: 'guest', name: 'Guest' },
      interaction: said.map((message, at) => ({
        event_kind: 'message',
        event_source: (last - at) % 2 === 0 ? 'user' : 'ai_agent',
        data: { participant: '', message },
      })),
      terms: [],
      variables: [],
      capabilities: [],
      staged: found.length === 0 ? [] : [{ toolId: 'retriever:plants', arguments: {}, data: [...found] }],
    },
    journeys: [],
    principles: [],
    guidelines: action === undefined ? [] : [{ ...guideline, action }],
    missing: [],
    invalid: [],
  } as unknown as MessageInput; // as much of it as an answer without a model looks at
  const options = { signal: AbortSignal.timeout(5_000), temperature: 0 };
  const { answer } = await createOfflineNlp().ask('fluid_message', input, options);
  return answer.revisions?.[0]?.content;
}

describe('passages with a source', () => {
  it('are told though they have no word in common with the question', async () => {
    expect(await answerTo({ said: ['Why do its leaves turn brown?'] })).toBe(told);
  });

  it('are told in answer to a question of the agent, too', async () => {
    expect(await answerTo({ said: ['Which plant is it about?', 'The one in my hall'] })).toBe(told);
  });

  it('are not told to who only thanks', async () => {
    expect(await answerTo({ said: ['Ferns like shade.', 'thank you!'] })).toMatch(/welcome/);
  });

  it('stand back where a guideline has something to say, and nothing was asked', async () => {
    const said = ['Would you like advice?', 'It stands in my hall'];
    expect(await answerTo({ said, action: 'Say that we are glad to hear it' })).not.toContain('Ferns');
  });

  it('are told in a paragraph of their own, before a question', async () => {
    const said = ['What is the size of the pot?', 'Why do its leaves turn brown?'];
    expect(await answerTo({ said, action: 'Ask for the size of the pot' })).toBe(
      `${told}\n\nWhat is the size of the pot?`,
    );
  });

  it('are not told to who wants to stop', async () => {
    expect(await answerTo({ said: ['Ferns like shade.', 'stop'] })).toMatch(/^All right/);
  });

  it('are not made up', async () => {
    expect(await answerTo({ said: ['Why do its leaves turn brown?'], found: [] })).toMatch(
      /don't have an answer/,
    );
  });
});
