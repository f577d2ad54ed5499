/**
 * The whole server as a child process, with a model that is a script: every guideline applies, every tool is called as long as its call
 * is not among those it is shown (`CARELESS=1`: even then), and the answer is what the calls brought. `ANSWER_MS`: how long it takes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createColloquy } from '../../src/colloquy.ts';
import { loadSettings } from '../../src/config.ts';
import type { Json } from '../../src/event-log/event.ts';
import type { NlpService } from '../../src/nlp/nlp.ts';
import type { QuestionInputs } from '../../src/nlp/questions/questions.ts';
import { createScriptedNlp } from './composer.ts';

const answerMs = Number(process.env['ANSWER_MS'] ?? 0);
const isCareless = process.env['CARELESS'] === '1';

/** By its name nobody is kept company while it thinks. */
const nlp: NlpService = {
  ...createScriptedNlp(
    {
      actionable: ({ guidelines }) => ({
        checks: guidelines.map(({ n }) => ({ n, rationale: '', applies: true })),
      }),
      tools_full: (input) => ({
        calls: isKnown(input) ? [] : [{ isApplicable: true, alreadyStaged: false, arguments: [] }],
      }),
      tools_simple: (input) => ({ calls: isKnown(input) ? [] : [{ args: {} }] }),
      fluid_message: ({ situation }) => ({
        revisions: [{ content: situation.staged.map(({ data }) => toText(data)).join(' ') }],
      }),
      response_analysis: ({ guidelines }) => ({
        checks: guidelines.map(({ n }) => ({ n, applied: true })),
      }),
    },
    {
      onAsk: (question) => (question === 'fluid_message' ? delay(answerMs) : undefined),
    },
  ),
  name: 'offline',
};

const colloquy = await createColloquy({ settings: loadSettings(process.env, {}), nlp });
process.stdout.write(`The scripted server listens on ${await colloquy.listen()}\n`);

function isKnown({ candidate, situation }: QuestionInputs['tools_full']): boolean {
  return !isCareless && situation.staged.some(({ toolId }) => toolId === candidate.toolId);
}

function toText(data: Json): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}
