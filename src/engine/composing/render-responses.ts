/** Fills in canned responses. What a model must write for them is asked for at the same time; a response that stays incomplete drops out. */
import type { JsonObject } from '../../event-log/event.ts';
import type { Template } from '../../templates/syntax.ts';
import type { Candidate } from './canned-candidates.ts';
import type { Composing } from './composing.ts';
import { fillTemplate } from './template-fields.ts';

export type RenderedResponse = {
  readonly id: string;
  readonly shownId: string;
  readonly text: string;
  readonly signals?: readonly string[];
  readonly isForThis?: true;
  readonly metadata: JsonObject;
};

/** In their order. `GenerationFailure`. */
export async function renderResponses(
  work: Composing,
  candidates: readonly Candidate[],
): Promise<readonly RenderedResponse[]> {
  const rendered = await Promise.all(candidates.map((candidate) => render(work, candidate)));
  return rendered.flatMap((each) => each ?? []);
}

async function render(
  work: Composing,
  { value, ...about }: Candidate,
): Promise<RenderedResponse | undefined> {
  const template = work.readTemplate(value);
  if (!template) return undefined;
  const written = needsWriting(work, template) ? await writeFields(work, template) : {};
  const rendered = fillTemplate(template, work.fields, written);
  if (rendered.kind !== 'text' || rendered.text.trim() === '') return undefined;
  return { ...about, text: rendered.text };
}

/** A model is asked only where everything else is known. */
function needsWriting({ fields }: Composing, { undeclaredNames, generativeFields }: Template): boolean {
  const unknown = undeclaredNames.filter((name) => fields.read(name) === undefined);
  return generativeFields.length > 0 && unknown.length === 1 && unknown[0] === 'generative';
}

const temperature = 0.1;

async function writeFields(
  { ask, input }: Composing,
  { source, generativeFields }: Template,
): Promise<Readonly<Record<string, string | null>>> {
  const written = generativeFields.map(async (name) => {
    const { value } = await ask('generated_field', { ...input, name, template: source }, temperature);
    return [name, value ?? null] as const;
  });
  return Object.fromEntries(await Promise.all(written));
}
