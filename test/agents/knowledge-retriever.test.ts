import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKnowledgeRetriever } from '../../src/agents/knowledge/knowledge-retriever.ts';
import { KnowledgeError } from '../../src/errors.ts';
import { messageTextOf, type SessionEvent } from '../../src/event-log/event.ts';
import { createServer, type DefinedServer } from '../../src/sdk/server.ts';
import { composerTurn } from '../support/composer.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { stagedIn, startWritten } from '../support/written-agent.ts';

const folder = join(import.meta.dirname, '../../src/examples/research_paper');
const retrieve = await createKnowledgeRetriever({ folder });

/** A customer has said these, one after the other, and the agent something in between. */
function turnAfter(...texts: readonly (string | { readonly flagged: string })[]) {
  const participant = { id: 'ann', display_name: 'Ann' };
  return composerTurn({
    events: texts.flatMap((text) => {
      const data =
        typeof text === 'string'
          ? { message: text, participant }
          : { message: text.flagged, participant, flagged: true, tags: [] };
      return [
        { source: 'customer' as const, data },
        { source: 'ai_agent' as const, data: { message: 'Let me see.', participant } },
      ];
    }),
  });
}

describe('a knowledge folder as a retriever', () => {
  it('finds passages for the last message, with their sources', async () => {
    const found = await retrieve(turnAfter('What are the symptoms of CKD stage 3?'));
    expect(found?.data).toEqual([
      {
        source: 'CKD stage 3',
        section: 'Symptoms',
        text: expect.stringContaining('tiredness, swelling of hands and ankles'),
        note: expect.stringMatching(/^Demo text/),
      },
    ]);
    expect(found?.metadata).toEqual({
      sources: [
        {
          title: 'CKD stage 3',
          file: 'ckd-stage-3.md',
          section: 'Symptoms',
          kind: 'textbook-style summary',
          score: 1,
        },
      ],
    });
  });

  it('understands a follow-up from what was asked before', async () => {
    const found = await retrieve(turnAfter('Tell me about CKD stage 3', 'thanks', 'What are the symptoms?'));
    expect(found?.data).toMatchObject([{ source: 'CKD stage 3', section: 'Symptoms' }]);
  });

  it.each([['Hello there!'], ['Which team won the football match?'], ['']])(
    'finds nothing where nothing is asked for, or known: %j',
    async (text) => {
      expect(await retrieve(turnAfter(text))).toBeUndefined();
    },
  );

  it('finds nothing before the customer has said anything', async () => {
    expect(await retrieve(composerTurn({ events: [] }))).toBeUndefined();
  });

  it('does not look up what was flagged, and learns nothing from it', async () => {
    const flagged = 'Tell me about CKD stage 3';
    expect(await retrieve(turnAfter({ flagged }))).toBeUndefined();
    expect(await retrieve(turnAfter({ flagged }, 'What are the symptoms?'))).toEqual(
      await retrieve(turnAfter('What are the symptoms?')),
    );
  });

  it('needs a folder of texts', async () => {
    await expect(createKnowledgeRetriever({ folder: join(folder, 'nothing') })).rejects.toThrow(
      KnowledgeError,
    );
  });
});

describe('an agent with a knowledge folder', () => {
  const write = (server: DefinedServer) => {
    const agent = server.createAgent({ name: 'Research paper assistant' });
    agent.attachRetriever(retrieve, 'papers');
  };

  it('is shown the passages when it answers', async () => {
    await using program = await startWritten(write);
    await program.turn(await program.session(), 'What are the symptoms of CKD stage 3?');
    expect(stagedIn(program.nlp.asked)).toMatchObject([
      { toolId: 'retriever:papers', data: [{ source: 'CKD stage 3', section: 'Symptoms' }] },
    ]);
  });

  it('quotes them without a model, with their sources, also in answer to a follow-up', async () => {
    await using folder = await createDataFolder();
    await using server = createServer({ settings: { port: 0, dataDir: folder.path, logLevel: 'silent' } });
    write(server);
    const url = await server.start();
    const ask = async (message: string): Promise<unknown> => {
      const answer = await fetch(`${url}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      });
      const { messages } = (await answer.json()) as { messages: SessionEvent[] };
      return messages.map(messageTextOf).join();
    };
    const symptoms = await ask('What are the symptoms of CKD stage 3?');
    expect(symptoms).toContain('tiredness, swelling of hands and ankles');
    expect(symptoms).toMatch(/\n\nSource: CKD stage 3, “Symptoms”\. Demo text, not medical advice\.$/);
    expect(await ask('And how is it treated?')).toContain('Source: CKD stage 3, “Treatment”.');
    expect(await ask('Dialysis or a transplant?')).toContain('Sources: Kidney transplant; Dialysis.');
    expect(await ask('Which team won the football match?')).not.toContain('Source');
  });
});
