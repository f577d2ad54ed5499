import { describe, expect, it } from 'vitest';
import { parseDocument, type KnowledgeDocument } from '../../src/agents/knowledge/markdown-document.ts';

function textsOf({ sections }: KnowledgeDocument): Record<string, readonly string[]> {
  return Object.fromEntries(
    sections.map(({ heading, sentences }) => [heading, sentences.map(({ text }) => text)]),
  );
}

describe('a Markdown document', () => {
  it('is its front matter and its sections in whole sentences', () => {
    const document = parseDocument(
      'tea.md',
      `---
title: Green tea
kind: leaflet
aliases: [sencha, "matcha tea"]
synonyms:
  - cup = mug
note: A demo.
---
# Green tea

Tea is drunk hot. It is
made of leaves.

## Preparation

Heat the water.
`,
    );
    expect(document).toMatchObject({
      file: 'tea.md',
      title: 'Green tea',
      kind: 'leaflet',
      aliases: ['sencha', 'matcha tea'],
      synonyms: [['cup', 'mug']],
      note: 'A demo.',
    });
    expect(textsOf(document)).toEqual({
      'Green tea': ['Tea is drunk hot.', 'It is made of leaves.'],
      Preparation: ['Heat the water.'],
    });
  });

  it('needs no front matter: the first heading is its title', () => {
    expect(parseDocument('a.md', '# Green *tea*\n\nIt is hot.')).toMatchObject({
      title: 'Green tea',
      kind: 'document',
      aliases: [],
    });
  });

  it('needs no heading either: the file’s name is its title', () => {
    expect(parseDocument('drinks/green-tea.md', 'It is hot.').title).toBe('Green tea');
  });

  it('reads front matter as formatters lay it out', () => {
    const text = `---
title: 'Tea'
aliases:
  [
    sencha,
    matcha,
  ]
kind: leaflet
---
Hot.`;
    expect(parseDocument('a.md', text)).toMatchObject({
      title: 'Tea',
      aliases: ['sencha', 'matcha'],
      kind: 'leaflet',
    });
  });

  it('passes over keys that mean nothing here', () => {
    const text = '---\ntitle: Tea\ndate: 2026-01-01\nauthor:\n  name: Ada\ntags:\n  - x\n---\nHot.';
    expect(parseDocument('a.md', text).title).toBe('Tea');
  });

  it('reads Windows line ends and a byte order mark', () => {
    const document = parseDocument(
      'a.md',
      '\uFEFF---\r\ntitle: Tea\r\n---\r\n\r\nHot.\r\n\r\n## How\r\n\r\nBoil.\r\n',
    );
    expect(textsOf(document)).toEqual({ Tea: ['Hot.'], How: ['Boil.'] });
  });

  it('keeps list items and table rows as units of their own', () => {
    const document = parseDocument(
      'a.md',
      'You need:\n\n- a pot\n- water,\n  quite hot\n1. patience\n\n| a | b |\n|---|---|',
    );
    expect(document.sections[0]!.sentences).toEqual([
      { text: 'You need:', block: 0, marker: '' },
      { text: 'a pot', block: 1, marker: '- ' },
      { text: 'water, quite hot', block: 2, marker: '- ' },
      { text: 'patience', block: 3, marker: '1. ' },
      { text: 'a , b', block: 4, marker: '- ' },
    ]);
  });

  it('drops markup and comments, but not what only looks like markup', () => {
    const text =
      'See **the** [leaf](http://x.test/a_b) and `snake_case_name` <!-- not this --> at 3 * 4 * 5.';
    expect(textsOf(parseDocument('a.md', text))['A']).toEqual([
      'See the leaf and snake_case_name at 3 * 4 * 5.',
    ]);
  });

  it('sees no heading in a block of code', () => {
    expect(parseDocument('a.md', 'Text.\n\n```sh\n# not a heading\n```').sections).toHaveLength(1);
  });

  it('does not end a sentence after an abbreviation or inside a number', () => {
    const text = 'Drink tea, e.g. Sencha from Dr. Ito. It has 0.8 grams. "Really?" Yes! 3 cups.';
    expect(textsOf(parseDocument('a.md', text))['A']).toEqual([
      'Drink tea, e.g. Sencha from Dr. Ito.',
      'It has 0.8 grams.',
      '"Really?"',
      'Yes!',
      '3 cups.',
    ]);
  });

  it.each([
    ['nothing in it', '', 'it has no text'],
    ['headings only', '# A\n\n## B\n', 'it has no text'],
    ['front matter only', '---\ntitle: A\n---\n', 'it has no text'],
    ['front matter that is not closed', '---\ntitle: A\n\nText.', 'no closing "---"'],
    ['a line that is no pair', '---\ntitle: A\n???\n---\nText.', 'line 3: expected "key: value"'],
    ['an item without a key', '---\n- a\n---\nText.', 'line 2: expected "key: value"'],
    ['an item under a text', '---\ntitle: A\n- b\n---\nText.', 'line 3: expected'],
    ['a key twice', '---\ntitle: A\ntitle: B\n---\nText.', 'line 3: "title" is there twice'],
    ['a title that is a list', '---\ntitle: [a, b]\n---\nText.', '"title" must be text'],
    ['an empty title', '---\ntitle:\n---\nText.', '"title" must be text'],
    [
      'a list that is not closed',
      '---\ntitle: A\naliases: [a, b\n---\nText.',
      'line 3: the list has no closing "]"',
    ],
    ['a synonym of nothing', '---\nsynonyms: [tea]\n---\nText.', 'not "tea"'],
    ['half a synonym', '---\nsynonyms:\n  - tea =\n---\nText.', 'not "tea ="'],
  ])('is refused with %s', (_, text, reason) => {
    expect(() => parseDocument('a.md', text)).toThrow(reason);
  });
});
