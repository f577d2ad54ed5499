import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import { messageTextOf, type SessionEvent } from '../../src/event-log/event.ts';
import { createExampleDefinition } from '../../src/examples/example-definition.ts';
import { createServer } from '../../src/sdk/server.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { type Examples, startExamples } from '../support/examples.ts';

const folder = join(import.meta.dirname, '../../src/examples');
let examples: Examples;

beforeAll(async () => {
  examples = await startExamples();
});
afterAll(() => examples[Symbol.asyncDispose]());

const last = async (agentId: string, ...texts: readonly string[]) =>
  (await examples.talk(agentId, texts)).at(-1)!; // there is one for each text

describe('the example agents', () => {
  it('are a research paper assistant and a medical welfare guide, beside echo', () => {
    expect(examples.colloquy.agents.list().map(({ id, name }) => [id, name])).toEqual([
      ['research_paper', 'Research paper assistant'],
      ['echo', 'Echo'],
      ['medical_welfare', 'Medical welfare guide'],
    ]);
  });

  it.each(['research_paper', 'medical_welfare'])(
    '%s has twelve short texts or more, each a demo',
    async (id) => {
      const files = await readdir(join(folder, id));
      expect(files.length).toBeGreaterThanOrEqual(12);
      for (const file of files) {
        const text = await readFile(join(folder, id, file), 'utf8');
        expect(text).toMatch(/^note: Demo text/m);
        expect(text).toMatch(/^kind: \S/m);
        expect(text.split(/\s+/).length).toBeLessThan(450);
      }
    },
  );

  it('explain a topic, then its symptoms, without being told the topic again, and name their sources', async () => {
    const [first, second] = await examples.talk('research_paper', [
      'Tell me about CKD stage 3',
      'What are the symptoms?',
    ]);
    expect(first?.text).toContain('an eGFR between 30 and 59');
    expect(second?.text).toMatch(
      /tiredness, swelling of hands and ankles.*\n\nSource: CKD stage 3, “Symptoms”\. Demo text, not medical advice\.$/s,
    );
    expect(second?.sources).toEqual([
      {
        title: 'CKD stage 3',
        file: 'ckd-stage-3.md',
        section: 'Symptoms',
        kind: 'textbook-style summary',
        score: 1,
      },
    ]);
  });

  it('quote all that a question names', async () => {
    const { sources } = await last('research_paper', 'Dialysis or a transplant?');
    expect(sources.map(({ title }) => title)).toEqual(['Kidney transplant', 'Dialysis']);
  });

  it('say that they do not know, and what they can do', async () => {
    const { text, sources } = await last('research_paper', 'Who won the world cup?');
    expect(text).toMatch(
      /^I'm sorry, I don't have an answer to that\. I can help you with: .*“Explain kidney disease”/,
    );
    expect(sources).toEqual([]);
  });

  it.each([
    ['hello', /^Hello! /],
    ['thanks a lot', /^You're welcome!/],
    ['bye', /^Goodbye/],
    ['What can you do?', /^I can help you with: “Work out sick pay” and “Find the right support”/],
  ])('have a short word for %j', async (message, words) => {
    const { text, sources } = await last('medical_welfare', message);
    expect(text).toMatch(words);
    expect(sources).toEqual([]);
  });

  it.each([
    [
      'research_paper',
      'I have chest pain and cannot breathe',
      /^This can be an emergency\. Please call your emergency number now\.$/,
    ],
    [
      'research_paper',
      'I would like a second opinion on what my doctor said',
      /^Only a doctor who knows you can tell/,
    ],
    ['research_paper', 'Who wrote these texts?', /^My texts were written for this demonstration/],
    ['medical_welfare', 'I want to kill myself', /Please call your emergency number now/],
    ['medical_welfare', 'How far is my application?', /^I cannot see any files/],
  ])('%s keeps to its guidelines: %j', async (agent, message, answer) => {
    const { text } = await last(agent, message);
    expect(text).toMatch(answer);
  });
});

describe('the journey', () => {
  it.each([
    ['It is a randomised trial', /^Then look for four things: chance decided/],
    ['a review', /^Then look for four things: a plan/],
    ['something else', /^Then look for four things: who was studied/],
  ])('of research_paper goes through a paper: %j', async (kind, signs) => {
    const texts = ['I want to check a paper', kind, 'two of them', 'Thanks!'];
    const [asked, listed, judged, thanked] = await examples.talk('research_paper', texts);
    expect(asked?.text).toBe('Gladly. What kind of study does the paper report?');
    expect(listed?.text).toMatch(signs);
    expect(judged?.text).toMatch(/^The less it tells, the more carefully/);
    expect(thanked?.text).toMatch(/^You're welcome!/);
  });

  it('is left for a question, and taken up again', async () => {
    const texts = ['I want to check a paper', 'What is blinding?', 'It is a randomised trial'];
    const [, aside, listed] = await examples.talk('research_paper', texts);
    expect(aside?.text).toContain('Blinding means');
    expect(aside?.sources).toMatchObject([{ file: 'clinical-trials.md' }]);
    expect(listed?.text).toMatch(/^Then look for four things: chance decided/);
  });

  it('of medical_welfare works out sick pay', async () => {
    const [asked, told] = await examples.talk('medical_welfare', ['Can you calculate my sick pay?', '2400']);
    expect(asked?.text).toBe('Gladly. What are your gross earnings in a month?');
    expect(told?.text).toMatch(/^With 2400 a month you would get about 1680 a month/);
  });
});

describe('over HTTP', () => {
  it('an answer is there at once, or frame by frame, with its sources', async () => {
    const url = await examples.colloquy.listen();
    const ask = (accept: string) =>
      fetch(`${url}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, 'x-user-id': 'eve' },
        body: JSON.stringify({ message: 'Tell me about CKD stage 3', intent: 'research_paper' }),
      });
    const { messages } = (await (await ask('application/json')).json()) as {
      messages: readonly SessionEvent[];
    };
    expect(messages.map(messageTextOf)).toEqual([expect.stringContaining('CKD stage 3 means')]);
    expect(messages[0]?.metadata['sources']).toMatchObject([
      { title: 'CKD stage 3', file: 'ckd-stage-3.md' },
    ]);
    const frames = await (await ask('text/event-stream')).text();
    expect(frames).toMatch(/event: status.*event: message\n.*event: done\n/s);
  });
});

describe('the examples are there', () => {
  const ids = ({ colloquy }: Examples) => colloquy.agents.list().map(({ id }) => id);

  it('beside agents that are given, where their definition is asked for', async () => {
    const definitions = [await createExampleDefinition({ without: ['research_paper'] })];
    await using server = await startExamples({ agents: [createEchoAgent({ id: 'parrot' })], definitions });
    expect(ids(server)).toEqual(['parrot', 'medical_welfare']);
  });

  it('but for one that lives on another server', async () => {
    const upstreams = [{ id: 'research_paper', upstream: { url: 'http://127.0.0.1:9', agentId: 'there' } }];
    await using server = await startExamples({ upstreams });
    expect(ids(server)).toEqual(['research_paper', 'echo', 'medical_welfare']);
    expect(server.colloquy.agents.get('research_paper')).toHaveProperty('upstream');
  });

  it('as long as nobody brings agents: then what is stored of them goes', async () => {
    await using data = await createDataFolder();
    const settings = { dataDir: data.path };
    const own = createServer();
    own.createAgent({ id: 'clinic', name: 'Clinic' });
    const starts = [{}, { agents: [createEchoAgent()] }, {}, { definitions: [own.define()] }];
    const seen: (readonly string[])[] = [];
    for (const options of starts) {
      await using server = await startExamples({ ...options, settings });
      seen.push(ids(server));
    }
    const all = ['research_paper', 'echo', 'medical_welfare'];
    expect(seen).toEqual([all, ['echo'], all, ['clinic']]);
  });
});
