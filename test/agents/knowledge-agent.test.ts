import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalAgent } from '../../src/agents/agent-runner.ts';
import { createKnowledgeAgent } from '../../src/agents/knowledge-agent.ts';
import { InvalidAgentError, KnowledgeError } from '../../src/errors.ts';
import type { Clock } from '../../src/session/clock.ts';
import { ask } from './agent-turn.ts';

const examples = join(import.meta.dirname, '../../src/examples');
let research: LocalAgent;

beforeAll(async () => {
  research = await createKnowledgeAgent({ id: 'papers', folder: join(examples, 'research_paper') });
});

describe('a knowledge agent', () => {
  it('explains a topic, then its symptoms, without being told the topic again', async () => {
    const first = await ask(research, 'Tell me about CKD stage 3');
    expect(first.text).toContain('an eGFR between 30 and 59');
    const second = await ask(research, 'What are the symptoms?', {
      before: ['Tell me about CKD stage 3', `agent: ${first.text}`],
    });
    expect(second.text).toContain('tiredness, swelling of hands and ankles');
    expect(second.metadata).toEqual({
      sources: [
        {
          title: 'CKD stage 3',
          file: 'ckd-stage-3.md',
          section: 'Symptoms',
          kind: 'textbook-style summary',
          score: 1,
        },
      ],
    });
  });

  it('answers in whole sentences of its texts and names the source at the end', async () => {
    const { text } = await ask(research, 'What is a normal eGFR?');
    const [answer, source] = text.split('\n\n');
    const document = await readFile(join(examples, 'research_paper', 'egfr.md'), 'utf8');
    expect(document.replace(/\s+/g, ' ')).toContain(answer);
    expect(source).toBe(
      'Source: eGFR and creatinine, “Normal values” (laboratory guide). Demo text, not medical advice.',
    );
  });

  it('says what else there is after the first words about a topic', async () => {
    expect((await ask(research, 'Tell me about CKD stage 3')).text).toContain(
      'Ask me for more on this: Symptoms, Causes, Diagnosis, Treatment, Diet, Outlook.',
    );
  });

  it('streams groups of words that together are the answer', async () => {
    const { chunks } = await ask(research, 'What is dialysis?');
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.every((chunk) => chunk.trim().split(/\s+/).length <= 7)).toBe(true);
    expect(chunks.slice(0, -1).every((chunk) => /\s$/.test(chunk))).toBe(true);
  });

  it('says that it does not know, and what it knows, the nearest first', async () => {
    const { text, metadata } = await ask(research, 'Can a transplant surgeon repair my vacuum cleaner?');
    expect(text).toMatch(
      /^I don't know: my sources say nothing that answers this\. They are about Kidney transplant; /,
    );
    expect(metadata).toEqual({ sources: [] });
  });

  it('does not take the topic of the conversation for an answer to everything', async () => {
    const { text } = await ask(research, 'What are the symptoms of measles?', {
      before: ['Tell me about CKD stage 3'],
    });
    expect(text).toMatch(/^I don't know/);
  });

  it.each([
    ['hi', 'Hello! I can tell you about '],
    ['Good morning!', 'Hello! '],
    ['hello, how are you?', 'Hello! '],
    ['thanks a lot', 'You are welcome.'],
    ['Ok, thank you very much', 'You are welcome.'],
    ['bye', 'Goodbye'],
    ['ok', 'Good. '],
    ['What can you do?', 'I answer questions from a small collection of texts'],
    ['can you help me?', 'I answer questions from a small collection of texts'],
  ])('has a short word for %j', async (message, beginning) => {
    const { text, metadata } = await ask(research, message, { before: ['Tell me about dialysis'] });
    expect(text.slice(0, beginning.length)).toBe(beginning);
    expect(metadata).toEqual({ sources: [] });
  });

  it('answers the question behind a greeting', async () => {
    expect((await ask(research, 'Hi! Thanks for your help. What is dialysis?')).text).toContain(
      'Dialysis cleans the blood',
    );
  });

  it('does not lose the topic over small talk and questions it cannot answer', async () => {
    const before = ['Tell me about anaemia', 'thanks!', 'Who won the cup?', 'ok'];
    expect((await ask(research, 'How is it treated?', { before })).text).toContain('Iron comes first');
  });

  it('takes no part of the topic from what agents said', async () => {
    const { text } = await ask(research, 'What are the symptoms?', { before: ['agent: CKD stage 3 is …'] });
    expect(text).toMatch(/^I don't know/);
  });

  it('reads a bounded part of a long conversation', async () => {
    const reads: number[] = [];
    const before = Array.from({ length: 200 }, (_, n) => (n % 2 ? 'agent: …' : 'What is dialysis?'));
    await ask(research, 'Does it hurt?', { before, onRead: (n) => reads.push(n) });
    expect(reads).toEqual([20]);
  });

  it('stops in the middle of an answer when the turn is over', async () => {
    const turn = new AbortController();
    const chunks: string[] = [];
    const asked = ask(research, 'What is dialysis?', {
      signal: turn.signal,
      onChunk: (chunk) => {
        chunks.push(chunk);
        if (chunks.length === 3) turn.abort(new Error('interrupted'));
      },
    });
    await expect(asked).rejects.toThrow('interrupted');
    expect(chunks).toHaveLength(3);
  });

  it('says nothing when the turn was over before it began', async () => {
    const chunks: string[] = [];
    const asked = ask(research, 'What is dialysis?', {
      signal: AbortSignal.abort(new Error('stopped')),
      onChunk: (chunk) => chunks.push(chunk),
    });
    await expect(asked).rejects.toThrow('stopped');
    expect(chunks).toEqual([]);
  });

  it('can take its time between chunks', async () => {
    let waits = 0;
    const clock: Clock = {
      now: () => 0,
      waitUntil: async () => {
        waits += 1;
      },
    };
    const slow = await createKnowledgeAgent({
      id: 'slow',
      folder: join(examples, 'research_paper'),
      chunkDelayMs: 20,
      clock,
    });
    const { chunks } = await ask(slow, 'What is dialysis?');
    expect(waits).toBe(chunks.length - 1);
  });

  it.each(['', '???', '🍵', 'a'.repeat(32_000), '(a+)+$', '\u0000'])(
    'has an answer to %.20j',
    async (message) => {
      expect((await ask(research, message)).text).toMatch(/^I don't know/);
    },
  );

  it('is refused when its folder or its id cannot be used', async () => {
    const folder = join(examples, 'research_paper');
    await expect(createKnowledgeAgent({ id: 'a', folder: join(folder, 'none') })).rejects.toThrow(
      KnowledgeError,
    );
    await expect(createKnowledgeAgent({ id: 'a b', folder })).rejects.toThrow(InvalidAgentError);
  });
});
