/** The whole server as a child process, with one agent of the engine: a guideline with a tool, a journey, responses. It needs no model. */
import { z } from 'zod';
import { createColloquy } from '../../src/colloquy.ts';
import { loadSettings } from '../../src/config.ts';
import { createServer } from '../../src/sdk/server.ts';
import { END_JOURNEY } from '../../src/sdk/transition-options.ts';
import { tool } from '../../src/tools/define-tool.ts';

const server = createServer();
const agent = server.createAgent({ id: 'library', name: 'Library' });
agent.createTerm({ name: 'loan', description: 'A book taken home', synonyms: ['borrowed book'] });
const find = tool({
  name: 'find_loan',
  description: 'Looks up how a loan stands',
  parameters: z.object({ number: z.number().meta({ description: 'The number of the loan' }) }),
  handler: ({ number }) => ({ number, due: 'Friday' }),
});
agent.createGuideline({
  condition: 'The reader asks about a loan',
  action: 'Say when it is due',
  tools: [find],
});
agent.createGuideline({
  condition: 'The reader asks when the library is open',
  action: 'Tell the opening hours',
  cannedResponses: [agent.createCannedResponse({ template: 'We are open from nine to five.' })],
});
const card = agent.createJourney({
  title: 'Get a card',
  description: 'Makes a card for the library',
  conditions: ['The reader wants a card'],
});
const name = card.initialState.transitionTo({ chatState: 'Ask for the name' });
const done = name.target.transitionTo({
  condition: 'The reader has told the name',
  chatState: 'Say that the card is ready',
});
done.target.transitionTo({ state: END_JOURNEY });

const colloquy = await createColloquy({
  settings: loadSettings(process.env, {}),
  definitions: [server.define()],
});
process.stdout.write(`The library listens on ${await colloquy.listen()}\n`);
