/** The two agents that come with Colloquy, to try it with: knowledge agents over small folders of original texts. Demos, not advice. */
import { join } from 'node:path';
import type { LocalAgent } from './agent-runner.ts';
import { createKnowledgeAgent } from './knowledge-agent.ts';
import type { Pace } from './paced-chunks.ts';

/** `research_paper` and `medical_welfare`. */
export async function createExampleAgents(pace: Pace = {}): Promise<LocalAgent[]> {
  return Promise.all([
    createKnowledgeAgent({
      ...pace,
      id: 'research_paper',
      name: 'Research paper assistant',
      description:
        'Explains kidney disease and how to read its research, from a small demo collection. Not medical advice.',
      folder: folderOf('research_paper'),
    }),
    createKnowledgeAgent({
      ...pace,
      id: 'medical_welfare',
      name: 'Medical welfare guide',
      description:
        'Tells patients about the support programmes of an invented country, from a small demo collection.',
      folder: folderOf('medical_welfare'),
    }),
  ]);
}

/** Beside this file, in `src` and in `dist` alike. */
function folderOf(agentId: string): string {
  return join(import.meta.dirname, 'examples', agentId);
}
