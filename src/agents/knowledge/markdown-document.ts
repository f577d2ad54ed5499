/**
 * A Markdown file as the knowledge base sees it: what it is called, and its sections in whole sentences. Only what answers need is
 * understood (headings, paragraphs, lists, quotes, tables as lines); markup inside a line is dropped.
 */
import { parseFrontMatter, type FrontMatter } from './front-matter.ts';

/** A sentence, and how it is set: `block` counts the paragraphs and list items of its section, `marker` is a list item's bullet. */
export type Sentence = { readonly text: string; readonly block: number; readonly marker: string };

export type Section = {
  /** The document's title for the text before the first heading. */
  readonly heading: string;
  /** The headings above it, outermost first. */
  readonly parents: readonly string[];
  readonly sentences: readonly Sentence[];
};

export type KnowledgeDocument = Required<FrontMatter> & {
  /** Relative to the folder, with `/`. */
  readonly file: string;
  /** At least one, each with at least one sentence. */
  readonly sections: readonly Section[];
};

/** Throws an `Error` that says what is wrong, with the line where there is one. */
export function parseDocument(file: string, text: string): KnowledgeDocument {
  const { matter, body } = parseFrontMatter(text.replace(/^\uFEFF/, ''));
  const lines = body.replace(/<!--[\s\S]*?-->/g, '').split(/\r?\n/);
  const firstHeading = lines.find((line) => /^# +\S/.test(line));
  const title = matter.title ?? (firstHeading ? plainText(firstHeading.slice(2)) : titleFrom(file));
  const sections = toSections(lines, title);
  if (sections.length === 0) throw new Error('it has no text');
  return {
    file,
    title,
    kind: matter.kind ?? 'document',
    aliases: matter.aliases ?? [],
    synonyms: matter.synonyms ?? [],
    note: matter.note ?? '',
    sections,
  };
}

function titleFrom(file: string): string {
  const name = file.replace(/^.*\//, '').replace(/\.md$/i, '').replaceAll(/[-_]+/g, ' ');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

type OpenSection = { heading: string; parents: string[]; blocks: { marker: string; text: string }[] };

function toSections(lines: readonly string[], title: string): readonly Section[] {
  const sections: OpenSection[] = [{ heading: title, parents: [], blocks: [] }];
  const path: { level: number; heading: string }[] = [];
  let fenced = false;
  let paragraphOpen = false;
  for (const line of lines) {
    const section = sections.at(-1)!;
    if (/^\s*(```|~~~)/.test(line)) {
      fenced = !fenced;
      paragraphOpen = false;
      continue;
    }
    const heading = fenced ? null : /^(#{1,6})\s+(.+?)\s*#*$/.exec(line);
    if (heading) {
      paragraphOpen = false;
      const [level, text] = [heading[1]!.length, plainText(heading[2]!)];
      while (path.length > 0 && path.at(-1)!.level >= level) path.pop();
      if (level === 1 && sameText(text, title)) continue;
      sections.push({ heading: text, parents: path.map((above) => above.heading), blocks: [] });
      path.push({ level, heading: text });
      continue;
    }
    const block = fenced ? { marker: '', text: line.trim() } : blockOf(line);
    if (block.text === '') paragraphOpen = false;
    else if (block.marker !== '' || fenced || !paragraphOpen) {
      section.blocks.push(block);
      paragraphOpen = !fenced;
    } else section.blocks.at(-1)!.text += ` ${block.text}`;
  }
  return sections.map(closeSection).filter((section) => section.sentences.length > 0);
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function blockOf(line: string): { marker: string; text: string } {
  if (/^\s*([-*_]\s*){3,}$/.test(line) || /^\s*\|?[\s:|-]+\|?\s*$/.test(line))
    return { marker: '', text: '' };
  const item = /^\s*(?:[-*+]|(\d{1,9}[.)]))\s+(.*)$/.exec(line);
  if (item) return { marker: item[1] ? `${item[1]} ` : '- ', text: plainText(item[2]!) };
  if (/^\s*\|.*\|\s*$/.test(line))
    return { marker: '- ', text: plainText(line.replace(/^\s*\||\|\s*$/g, '').replaceAll('|', ', ')) };
  return { marker: '', text: plainText(line.replace(/^\s*(>\s?)+/, '')) };
}

/** Text without emphasis, links, images, code marks and tags. */
function plainText(markdown: string): string {
  return markdown
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<\/?[A-Za-z][^>]*>/g, '')
    .replace(/(\*\*|__|`+)(?=\S)(.*?\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}])([*_])(?=\S)(.*?\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\s+/g, ' ')
    .trim();
}

function closeSection({ heading, parents, blocks }: OpenSection): Section {
  const sentences = blocks.flatMap(({ marker, text }, block) =>
    sentencesOf(text).map((sentence, index) => ({
      text: sentence,
      block,
      marker: index === 0 ? marker : '',
    })),
  );
  return { heading, parents, sentences };
}

/** Splits after `. ! ?` before a capital, a digit or a quotation mark, but not after "e.g." and its like. */
function sentencesOf(text: string): readonly string[] {
  const ends = /(?<=[.!?]['"”’)]?)\s+(?=["“‘'(]?[\p{Lu}\p{N}])/u;
  const sentences: string[] = [];
  for (const part of text.split(ends)) {
    const previous = sentences.at(-1);
    if (
      previous !== undefined &&
      /(?:\b(?:e\.g|i\.e|approx|Dr|Mr|Mrs|Ms|Prof|vs|no|No|cf|etc|al)|\b\p{Lu})\.$/u.test(previous)
    )
      sentences[sentences.length - 1] = `${previous} ${part}`;
    else if (part !== '') sentences.push(part);
  }
  return sentences;
}
