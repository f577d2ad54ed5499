/**
 * A prompt, put together from named sections. The order of sections is here, whoever fills them in what order. What comes from users,
 * tools and stored texts is only ever added as data: JSON between tags, which no template looks at and no text can close.
 */
import type { Json } from '../../../event-log/event.ts';

/** What the operator says stands in the instructions, what the conversation brings in the material. */
export type Prompt = { readonly instructions: string; readonly material: string };

type Place = keyof Prompt;
type Section = { readonly place: Place; readonly title: string };

/** In this order. */
const sections = {
  role: { place: 'instructions', title: 'Role' },
  agent: { place: 'instructions', title: 'The agent' },
  task: { place: 'instructions', title: 'Task' },
  reading: { place: 'instructions', title: 'How to read the material' },
  examples: { place: 'instructions', title: 'Worked examples (of another conversation)' },
  answer: { place: 'instructions', title: 'Answer' },
  customer: { place: 'material', title: 'Customer' },
  variables: { place: 'material', title: 'What is known about the customer and the context' },
  glossary: { place: 'material', title: 'Glossary' },
  capabilities: { place: 'material', title: 'Capabilities' },
  journeys: { place: 'material', title: 'Journeys' },
  principles: { place: 'material', title: 'Principles' },
  guidelines: { place: 'material', title: 'Guidelines' },
  tools: { place: 'material', title: 'Tools' },
  staged: { place: 'material', title: 'Tool calls of this turn' },
  interaction: { place: 'material', title: 'Interaction' },
  now: { place: 'material', title: 'Time' },
  subject: { place: 'material', title: 'What is asked' },
} as const satisfies Record<string, Section>;

export type SectionName = keyof typeof sections;

const order = Object.keys(sections) as readonly SectionName[]; // the keys of a literal

/** Plain data; what is undefined is left out. */
export type PromptData = Json | undefined | readonly PromptData[] | { readonly [field: string]: PromptData };

/** Each call makes a new one. */
export type PromptBuilder = {
  /** Words of ours. */
  text(section: SectionName, text: string): PromptBuilder;
  /** Anything else. `tag`: what it is called in our words; unique in the prompt. */
  data(section: SectionName, tag: string, data: PromptData): PromptBuilder;
  /** Sections that nobody filled are left out. */
  build(): Prompt;
};

export function createPrompt(): PromptBuilder {
  return fromParts([]);
}

type Part = { readonly section: SectionName; readonly text: string };

function fromParts(parts: readonly Part[]): PromptBuilder {
  const add = (section: SectionName, text: string) => fromParts([...parts, { section, text }]);
  return {
    text: add,
    data: (section, tag, data) => add(section, `<${tag}>\n${writeData(data)}\n</${tag}>`),
    build: () => ({ instructions: write('instructions', parts), material: write('material', parts) }),
  };
}

function write(place: Place, parts: readonly Part[]): string {
  const written = order.flatMap((name) => {
    const texts = parts.filter(({ section }) => section === name).map(({ text }) => text);
    const { place: at, title } = sections[name];
    return at === place && texts.length > 0 ? [`# ${title}\n\n${texts.join('\n\n')}`] : [];
  });
  return written.join('\n\n');
}

/** JSON, the items of a list on lines of their own. */
export function writeData(data: PromptData): string {
  if (!Array.isArray(data) || data.length === 0) return toJsonText(data);
  return `[\n${data.map(toJsonText).join(',\n')}\n]`;
}

/** `<\/` is JSON for `</`: a text cannot end the section it stands in. */
function toJsonText(data: PromptData): string {
  return (JSON.stringify(data) ?? 'null').replaceAll('</', '<\\/');
}
