/** Reads templates, each text once: the same responses are looked at in every turn. By text, so that a changed one is read anew. */
import { InvalidTemplateError } from '../../errors.ts';
import { parseTemplate } from '../../templates/parse-template.ts';
import type { Template } from '../../templates/syntax.ts';

/** Undefined: it is none. Tools may hand over any text. */
export type ReadTemplate = (value: string) => Template | undefined;

/** `kept`: how many are remembered; then it begins anew. */
export function createTemplateReader({ kept = 10_000 }: { readonly kept?: number } = {}): ReadTemplate {
  const read = new Map<string, Template | undefined>();
  return (value) => {
    if (read.has(value)) return read.get(value);
    if (read.size >= kept) read.clear();
    const template = readOrNothing(value);
    read.set(value, template);
    return template;
  };
}

function readOrNothing(value: string): Template | undefined {
  try {
    return parseTemplate(value);
  } catch (error) {
    if (error instanceof InvalidTemplateError) return undefined;
    throw error;
  }
}
