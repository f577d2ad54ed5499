/** Whose the examples are in a data folder: as any definition they are stored, kept up to date, and deleted when they are defined no more. */
import type { Definition } from '../definition/definition.ts';

export const exampleSource = 'colloquy-examples';

/** For servers that do without: what an earlier start of theirs has stored of the examples goes. */
export const noExamples: Definition = {
  source: exampleSource,
  documents: [],
  tools: [],
  attachments: { agents: new Map(), entities: new Map() },
};
