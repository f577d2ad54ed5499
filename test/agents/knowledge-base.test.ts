import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnowledgeBase, openKnowledgeBase } from '../../src/agents/knowledge/knowledge-base.ts';
import { parseDocument } from '../../src/agents/knowledge/markdown-document.ts';
import { KnowledgeError } from '../../src/errors.ts';

const tea = `---
title: Green tea
kind: leaflet
aliases: [sencha]
synonyms: ["caffeine = stimulant"]
---
Green tea is made of leaves that are not fermented.

## Preparation

Pour on water of seventy degrees. Wait two minutes.

## Side effects

The caffeine may keep you awake.
`;
const cheese = `---
title: Alpine cheese
---
Alpine cheese is made of the milk of cows that spend summer in the mountains.

## Storage

Keep it in a cool cellar, wrapped in paper.
`;

const base = createKnowledgeBase([parseDocument('tea.md', tea), parseDocument('my cheese.md', cheese)]);

function sectionFor(question: string, ...context: string[]): string | undefined {
  return base.search(question, { context })[0]?.section;
}

describe('a knowledge base', () => {
  it('finds a topic by its title, by another name and in spite of a typing error', () => {
    expect(
      ['What is green tea?', 'sencha', 'What is senchha'].map((question) => sectionFor(question)),
    ).toEqual(['Green tea', 'Green tea', 'Green tea']);
  });

  it('finds a section by what it is about, by its words and by their synonyms', () => {
    expect(sectionFor('Does green tea have adverse effects?')).toBe('Side effects');
    expect(sectionFor('How many degrees must the water have?')).toBe('Preparation');
    expect(sectionFor('Is there a stimulant in it?')).toBe('Side effects');
  });

  it('tells where a passage comes from', () => {
    expect(base.search('Which side effects does sencha have?')[0]).toMatchObject({
      file: 'tea.md',
      title: 'Green tea',
      section: 'Side effects',
      kind: 'leaflet',
      score: 1,
      otherSections: ['Preparation'],
      sentences: [{ text: 'The caffeine may keep you awake.' }],
    });
  });

  it('answers both topics of a question that names two', () => {
    const titles = base.search('Is alpine cheese like green tea?').map(({ title }) => title);
    expect(titles.sort()).toEqual(['Alpine cheese', 'Green tea']);
    expect(base.search('Is alpine cheese like green tea?', { limit: 1 })).toHaveLength(1);
  });

  it('takes the topic from the conversation', () => {
    expect(sectionFor('Has it side effects?', 'Tell me about green tea')).toBe('Side effects');
    expect(sectionFor('more please', 'Tell me about green tea')).toBe('Preparation');
    expect(sectionFor('And its storage?', 'Tell me about green tea', 'And alpine cheese?')).toBe('Storage');
  });

  it('knows nothing of what its documents do not speak of', () => {
    expect(sectionFor('Who painted the Mona Lisa?')).toBeUndefined();
    expect(sectionFor('Is green paint cheaper than wallpaper?')).toBeUndefined();
    expect(sectionFor('What are the side effects?')).toBeUndefined();
  });

  it('knows nothing of what only shares a name with its documents', () => {
    expect(sectionFor('What is alpine cheese rust?')).toBeUndefined();
    expect(sectionFor('the storage of green tea')).toBe('Green tea');
    expect(sectionFor('the preparation of a butterfly')).toBeUndefined();
  });

  it.each([
    ['My cat snores, has green tea side effects?', 'Side effects'],
    ['Has green tea side effects, my cat snores?', 'Side effects'],
    ['I’m a plumber from Oslo and what are the side effects of green tea?', 'Side effects'],
    ['I drink green tea, who painted the Mona Lisa?', undefined],
    ['My cat has fleas, what are the side effects?', undefined],
    ['My aunt Gertrude, who knits, sings', undefined],
    ['For my parrot, how do I prepare it?', undefined],
  ])('answers the clause that asks: %j', (question, section) => {
    expect(sectionFor(question)).toBe(section);
  });

  it('gives the same passages every time', () => {
    const ask = () => base.search('And the side effects?', { context: ['Tell me about green tea'] });
    expect(ask()).toEqual(ask());
  });

  it('lists its topics, those a question is near to first', () => {
    expect(base.topics()).toEqual(['Green tea', 'Alpine cheese']);
    expect(base.topics('alpine flowers and cheese')[0]).toBe('Alpine cheese');
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['punctuation', '?!… "()[]{}'],
    ['a regular expression', '(a+)+$ [^x]*\\1 .*'],
    ['a pattern of the index', 'title:* AND OR ~2'],
    ['names of every object', '__proto__ constructor toString hasOwnProperty'],
    ['another script', '緑茶とは何ですか？'],
    ['emoji', '🍵🍵🍵'],
    ['a lone surrogate', '\uD83C tea? \uDF75'],
    ['combining marks', `te\u0301a${'\u0301'.repeat(1_000)}`],
    ['32,000 letters', 'a'.repeat(32_000)],
    ['32,000 letters of one stem after another', 'nationalization '.repeat(2_000)],
    ['32,000 characters of sentences', 'Green? '.repeat(4_571)],
    ['32,000 commas', `${','.repeat(31_990)} is it tea?`],
    ['thousands of clauses', `${'I say, and what is, '.repeat(1_500)}tea?`],
    ['a chain of one preposition', `${'tea of '.repeat(4_000)}tea`],
    ['32,000 spaces', `${' '.repeat(31_995)}tea?`],
    ['thousands of unknown words', Array.from({ length: 5_000 }, (_, n) => `w${n.toString(36)}x`).join(' ')],
  ])('takes %s as a question and as conversation', (_, text) => {
    expect(Array.isArray(base.search(text, { context: [text, 'green tea', text] }))).toBe(true);
    expect(base.search('What is green tea?', { context: Array(200).fill(text) })[0]?.title).toBe('Green tea');
  });

  it('finds the question at the end of a long message', () => {
    const story = 'Yesterday we walked through the woods and talked of nothing in particular. '.repeat(400);
    expect(sectionFor(`${story}What are the side effects of green tea?`)).toBe('Side effects');
  });
});

describe('a folder of knowledge', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colloquy-knowledge-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is read with the folders in it; other files and hidden ones are left alone', async () => {
    await mkdir(join(folder, 'drinks'));
    await mkdir(join(folder, '.hidden'));
    await writeFile(join(folder, 'drinks', 'tea.md'), tea);
    await writeFile(join(folder, 'cheese.MD'), cheese);
    await writeFile(join(folder, '.hidden', 'x.md'), 'Secret.');
    await writeFile(join(folder, 'notes.txt'), 'Not this.');
    const opened = await openKnowledgeBase(folder);
    expect(opened.topics()).toEqual(['Alpine cheese', 'Green tea']);
    expect(opened.search('green tea')[0]?.file).toBe('drinks/tea.md');
  });

  it.each([
    ['does not exist', async () => {}, 'nowhere', 'it does not exist'],
    ['is a file', () => writeFile(join(folder, 'file'), ''), 'file', 'it is not a folder'],
    ['is empty', () => mkdir(join(folder, 'empty')), 'empty', 'it has no .md files'],
  ])('that %s is one clear error', async (_, prepare, name, reason) => {
    await prepare();
    const place = join(folder, name);
    const opened = openKnowledgeBase(place);
    await expect(opened).rejects.toThrow(KnowledgeError);
    await expect(opened).rejects.toThrow(`The knowledge in ${place} cannot be used: ${reason}.`);
  });

  it.each([
    ['bad front matter', '---\ntitle\n---\nText.', 'line 2: expected "key: value"'],
    ['no text', '# Nothing more', 'it has no text'],
    ['bytes that are not UTF-8', Buffer.from([0x54, 0xff, 0xfe]), 'it is not UTF-8 text'],
  ])('names the file with %s', async (_, content, reason) => {
    await writeFile(join(folder, 'good.md'), tea);
    await writeFile(join(folder, 'wrong.md'), content);
    const opened = openKnowledgeBase(folder);
    await expect(opened).rejects.toThrow(join(folder, 'wrong.md'));
    await expect(opened).rejects.toThrow(reason);
  });
});
