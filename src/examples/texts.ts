/** The folders of texts beside this file, as retrievers. */
import { join } from 'node:path';
import type { KnowledgeRetriever } from '../agents/knowledge/knowledge-retriever.ts';

/** Read with the first question: it takes some 50 ms, and a server that nobody asks has 4 MB less. */
export function textsOf(agentId: string): KnowledgeRetriever {
  let reading: Promise<KnowledgeRetriever> | undefined;
  return async (turn) => {
    reading ??= read(join(import.meta.dirname, agentId));
    const retrieve = await reading;
    return retrieve(turn);
  };
}

async function read(folder: string): Promise<KnowledgeRetriever> {
  const { createKnowledgeRetriever } = await import('../agents/knowledge/knowledge-retriever.ts');
  return createKnowledgeRetriever({ folder });
}
