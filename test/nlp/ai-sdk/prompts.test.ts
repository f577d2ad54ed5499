import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { WireSchema } from '../../../src/nlp/ai-sdk/prompts/answer-shape.ts';
import { streamedText } from '../../../src/nlp/ai-sdk/prompts/answering.ts';
import type { Prompt } from '../../../src/nlp/ai-sdk/prompts/prompt-builder.ts';
import { createPrompt } from '../../../src/nlp/ai-sdk/prompts/prompt-builder.ts';
import { prompts, toPrompt } from '../../../src/nlp/ai-sdk/prompts/prompts.ts';
import { answerSchemas, questionNames, type QuestionName } from '../../../src/nlp/questions/questions.ts';
import { sampleAnswers, sampleInputs } from '../../support/nlp-samples.ts';

const at = { now: Date.UTC(2030, 11, 31, 23, 59, 59) };

describe.each(questionNames)('the prompt of %s', (question) => {
  it('shows everything of what is asked, to the letter', () => {
    const prompt = toPrompt(question, sampleInputs[question], at);
    expect(textsOf(sampleInputs[question]).filter((text) => !holds(prompt, text))).toEqual([]);
  });

  it('has data that parses, and that no text of a user ends', () => {
    const { instructions, material } = toPrompt(question, sampleInputs[question], at);
    const sections = [...`${instructions}\n${material}`.matchAll(/^<(\w+)>\n([^]*?)\n<\/\1>$/gm)];
    const tags = sections.map(([, tag]) => tag);
    expect(tags.length).toBeGreaterThan(0);
    expect(new Set(tags).size).toBe(tags.length);
    for (const [, , data = ''] of sections) expect(() => JSON.parse(data) as unknown).not.toThrow();
  });

  it('explains every field of the answer, and no other', () => {
    const { schema, instructions } = toPrompt(question, sampleInputs[question], at);
    const fields = fieldsOf(schema);
    expect(new Set(fields)).toEqual(new Set(fieldsOfZod(question)));
    for (const field of fields) expect(instructions).toContain(`${JSON.stringify(field)}:`);
  });

  it('asks for an answer that strict providers can be held to', () => {
    expect(looseParts(toPrompt(question, sampleInputs[question], at).schema)).toEqual([]);
  });

  it('has examples that are answers', () => {
    const { examples = [] } = prompts[question](sampleInputs[question] as never); // of that question
    for (const { answer } of examples) expect(answerSchemas[question].safeParse(answer).success).toBe(true);
    expect(answerSchemas[question].safeParse(sampleAnswers[question]).success).toBe(true);
  });
});

describe('a prompt', () => {
  it('for running text shows the same, and asks for nothing but the text', () => {
    const prompt = streamedText(sampleInputs.canned_draft, at);
    expect(textsOf(sampleInputs.canned_draft).filter((text) => !holds(prompt, text))).toEqual([]);
    expect(prompt.instructions).toMatch(/Write the message and nothing else/);
  });

  it('leaves out what there is nothing to say about', () => {
    const { situation } = sampleInputs.recomposition;
    const bare = { ...situation, terms: [], variables: [], capabilities: [], staged: [], interaction: [] };
    const { instructions, material } = toPrompt(
      'recomposition',
      { ...sampleInputs.recomposition, situation: bare },
      at,
    );
    expect(instructions + material).not.toMatch(/# (Glossary|Capabilities|Tool calls|What is known)/);
    expect(material).toContain('Nothing was said yet.');
  });

  it('says that a journey begins only where it does', () => {
    const beginning = toPrompt('next_step', sampleInputs.next_step, at);
    const later = toPrompt('next_step', { ...sampleInputs.next_step, isBeginning: false }, at);
    expect(beginning.instructions).toContain('The journey begins with this answer');
    expect(later.instructions).not.toContain('The journey begins with this answer');
  });

  it('tells the time of a conversation', () => {
    const time = 'It is Tuesday, 2030-12-31 23:59 (UTC).';
    expect(toPrompt('tools_full', sampleInputs.tools_full, at).material).toContain(time);
    expect(streamedText(sampleInputs.canned_draft, at).material).toContain(time);
    expect(toPrompt('continuous', sampleInputs.continuous, at).material).not.toContain('It is');
  });

  it('holds words to choose from to the letter, others only as examples', () => {
    const chosen = toPrompt('preamble', { ...sampleInputs.preamble, mustBeExample: true }, at);
    expect(chosen.instructions).toContain('write it to the letter');
    expect(toPrompt('preamble', sampleInputs.preamble, at).instructions).not.toContain(
      'write it to the letter',
    );
  });

  it('has its sections in one order, whoever filled them first', () => {
    const built = createPrompt().text('subject', 'S').text('guidelines', 'G').text('task', 'T').build();
    expect(built).toEqual({
      instructions: '# Task\n\nT',
      material: '# Guidelines\n\nG\n\n# What is asked\n\nS',
    });
  });

  it('keeps data whole, also where it looks like the end of its section', () => {
    const { material } = createPrompt().data('subject', 'x', ['</x>', '${1}', '{{2}}']).build();
    expect(material).toBe('# What is asked\n\n<x>\n[\n"<\\/x>",\n"${1}",\n"{{2}}"\n]\n</x>');
  });
});

/** But for what tells a model nothing: ids that nothing refers to, when a tool was made, a score that is always the same. */
function textsOf(input: unknown, field = ''): readonly string[] {
  if (['creationUtc', 'score', 'overlap', 'metadata'].includes(field)) return [];
  if (typeof input === 'string') return /^(agent|customer|journey)-id$/.test(input) ? [] : [input];
  if (typeof input === 'number') return [String(input)];
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([key, value]) => textsOf(value, Array.isArray(input) ? field : key));
}

function holds({ instructions, material }: Prompt, text: string): boolean {
  const written = JSON.stringify(text).slice(1, -1).replaceAll('</', '<\\/');
  return instructions.includes(written) || material.includes(written);
}

function fieldsOf(schema: WireSchema): readonly string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([field, each]) => [field, ...fieldsOf(each)]);
  return [...own, ...(schema.items ? fieldsOf(schema.items) : [])];
}

/** Of a record: what the sample asks for. */
function fieldsOfZod(question: QuestionName): readonly string[] {
  const text = JSON.stringify(z.toJSONSchema(answerSchemas[question]));
  const fields: string[] = [];
  JSON.parse(text, (key, value: { readonly properties?: object } | null) => {
    if (value?.properties && key !== 'properties') fields.push(...Object.keys(value.properties));
    return value;
  });
  const asked: Partial<Record<QuestionName, readonly string[]>> = {
    low_criticality: ['1', '2'],
    tools_simple: ['days', 'extras'],
  };
  return [...fields, ...(asked[question] ?? [])];
}

/** What OpenAI and Anthropic refuse: fields that may be absent or unknown, and parts without a type. */
function looseParts(schema: WireSchema, path = '$'): readonly string[] {
  const { properties, items, required, additionalProperties, type, anyOf, description } = schema;
  if (items) return looseParts(items, `${path}[]`);
  if (properties) {
    const isStrict = additionalProperties === false && String(required) === String(Object.keys(properties));
    const parts = Object.entries(properties).flatMap(([field, each]) => looseParts(each, `${path}.${field}`));
    return isStrict ? parts : [path, ...parts];
  }
  return (type ?? anyOf) && description ? [] : [path];
}
