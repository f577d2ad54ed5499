/**
 * The lines between `---` and `---` at the top of a document. A small part of YAML is understood: `key: text`, `key: [a, b]`, and
 * a list of `- item` lines. Keys that mean nothing here (dates, tags of a site generator) are passed over.
 */

export type FrontMatter = {
  /** Default: the first `#` heading, else the file's name. */
  readonly title?: string;
  /** What kind of source it is, as the answer names it; default `document`. */
  readonly kind?: string;
  /** Other names of the topic: a question that uses one names the topic. */
  readonly aliases?: readonly string[];
  /** Groups of words that mean the same in the whole folder, written `kidney = renal`. */
  readonly synonyms?: readonly (readonly string[])[];
  /** Said after the source, e.g. that a text is no advice. */
  readonly note?: string;
};

type Value = string | readonly string[];

/** Throws an `Error` that names the line. */
export function parseFrontMatter(text: string): { readonly matter: FrontMatter; readonly body: string } {
  const lines = text.split(/\r?\n/);
  if (lines[0]?.trimEnd() !== '---') return { matter: {}, body: text };
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end === -1) throw new Error('its front matter has no closing "---"');
  return {
    matter: toMatter(parseLines(joinLists(lines.slice(1, end)))),
    body: lines.slice(end + 1).join('\n'),
  };
}

/** Puts a `[list]` that runs over several lines into its first one; the others stay, empty, so that line numbers hold. */
function joinLists(lines: readonly string[]): readonly string[] {
  const joined = [...lines];
  let open: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (
      open === undefined &&
      /^[A-Za-z][\w-]*:\s*(\[[^\]]*)?$/.test(line.trimEnd()) &&
      opensList(lines, index)
    )
      open = index;
    else if (open !== undefined) {
      joined[open] = `${joined[open]!.trimEnd()} ${line.trim()}`;
      joined[index] = '';
    }
    if (open !== undefined && line.trimEnd().endsWith(']')) open = undefined;
  }
  return joined;
}

function opensList(lines: readonly string[], index: number): boolean {
  return lines[index]!.includes('[') || lines[index + 1]?.trimStart().startsWith('[') === true;
}

function parseLines(lines: readonly string[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  let key: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const pair = /^([A-Za-z][\w-]*):(?:\s+(.*))?$/.exec(line.trimEnd());
    const item = /^\s*-\s+(.+)$/.exec(line);
    if (pair) {
      key = pair[1]!;
      if (values.has(key)) throw new Error(`line ${index + 2}: "${key}" is there twice`);
      values.set(key, parseValue(pair[2] ?? '', index + 2));
    } else if (item && key !== undefined && isList(values.get(key))) {
      values.set(key, [...itemsOf(values.get(key)), unquoted(item[1]!)]);
    } else if (key === undefined || known.has(key) || !/^\s/.test(line)) {
      throw new Error(
        `line ${index + 2}: expected "key: value" or "- item", found "${line.trim().slice(0, 60)}"`,
      );
    }
  }
  return values;
}

const known: ReadonlySet<string> = new Set(['title', 'kind', 'aliases', 'synonyms', 'note']);

function itemsOf(value: Value | undefined): readonly string[] {
  return typeof value === 'object' ? value : [];
}

/** Whether `- item` lines may follow: nothing stood after the key, or items came already. */
function isList(value: Value | undefined): boolean {
  return value === '' || Array.isArray(value);
}

function parseValue(text: string, line: number): Value {
  if (!text.startsWith('[')) return unquoted(text);
  if (!text.endsWith(']')) throw new Error(`line ${line}: the list has no closing "]"`);
  return text
    .slice(1, -1)
    .split(',')
    .map(unquoted)
    .filter((item) => item !== '');
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  return /^"(.*)"$|^'(.*)'$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

function toMatter(values: ReadonlyMap<string, Value>): FrontMatter {
  const synonyms = listOf(values, 'synonyms')?.map(toGroup);
  return Object.fromEntries(
    Object.entries({
      title: textOf(values, 'title'),
      kind: textOf(values, 'kind'),
      note: textOf(values, 'note'),
      aliases: listOf(values, 'aliases'),
      synonyms,
    }).filter(([, value]) => value !== undefined),
  );
}

function textOf(values: ReadonlyMap<string, Value>, key: string): string | undefined {
  const value = values.get(key);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new Error(`"${key}" must be text`);
  return value;
}

function listOf(values: ReadonlyMap<string, Value>, key: string): readonly string[] | undefined {
  const value = values.get(key);
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? [value] : value;
}

function toGroup(line: string): readonly string[] {
  const group = line.split('=').map((name) => name.trim());
  if (group.length < 2 || group.includes(''))
    throw new Error(`a line of "synonyms" is "one = another", not "${line}"`);
  return group;
}
