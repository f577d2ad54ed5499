/** An agent that does things in code: hooks, a planner, a matcher, fields, handlers, retrievers. docs/hooks.md explains them. */
import {
  createKnowledgeRetriever,
  createServer,
  type DefinedServer,
  MATCH_ALWAYS,
  type ServerOptions,
} from '../../src/index.ts';

export type HotelOptions = ServerOptions & {
  /** Of Markdown files. */
  readonly folder: string;
  /** Where today's menu is. */
  readonly menuUrl: string;
};

export async function createHotel({ folder, menuUrl, ...options }: HotelOptions): Promise<DefinedServer> {
  const server = createServer(options);
  const agent = server.createAgent({
    name: 'Grand Hotel',
    hooks: {
      // A flagged message is answered here, and no model is asked (docs/moderation.md).
      async acknowledged({ events }, _payload, { emitMessage, emitStatus }) {
        const { flagged } = (events.at(-1)?.data ?? {}) as { flagged?: boolean };
        if (!flagged) return 'next';
        await emitMessage('Let us stay polite.');
        await emitStatus('ready', { stage: 'completed' });
        return 'bail';
      },
      // Every word is looked at before it is sent.
      async messageGenerated(_turn, { text }) {
        return /\bfree of charge\b/i.test(text) ? 'bail' : 'next';
      },
    },
    planner: {
      createPlan(turn) {
        return {
          // Before relationships are looked at.
          onGuidelinesMatched: (matches) => matches.filter(({ score }) => score > 5),
          // Which calls are made, in which order. Here of each tool one:
          onToolsInferred: ({ calls }) => [...new Map(calls.map((call) => [call.toolId, call])).values()],
          onToolsCalled: (results) => console.log(turn.traceId, results.length),
          // Asked at the end of each iteration, where nothing else calls for another.
          needsAdditionalIteration: ({ iteration }) => iteration < 2,
        };
      },
    },
    performancePolicy: 'null',
    noMatch: 'I have to ask a colleague about that.',
  });

  // Always, and not because a model thinks so.
  agent.createGuideline({ matcher: MATCH_ALWAYS, action: 'Call the guest by name' });

  // What is said is written here, when breakfast ends is found out here.
  agent.createGuideline({
    condition: 'The guest asks about breakfast',
    action: 'Tell when breakfast is served today',
    cannedResponses: [agent.createCannedResponse({ template: 'Breakfast is served until {{until}} today.' })],
    responseFields: () => ({ until: [0, 6].includes(new Date().getDay()) ? '11' : '10' }),
    onMessage: (turn) => console.log(`${turn.customerId} was told about breakfast`),
  });

  const menu = agent.createGuideline({
    condition: 'The guest asks what there is to eat',
    action: 'Tell what is on the menu',
  });
  menu.attachRetriever(async ({ signal }) => {
    const response = await fetch(menuUrl, { signal });
    return { data: await response.text() };
  }, 'menu');

  // A folder of Markdown files: passages that answer the guest's last message, with their sources.
  agent.attachRetriever(await createKnowledgeRetriever({ folder }), 'handbook');
  return server;
}
