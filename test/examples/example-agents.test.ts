import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageTextOf, type SessionEvent } from '../../src/event-log/event.ts';
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
    [
      'Who are you?',
      /^I am Medical welfare guide, a program that tells patients about .* I can help you with: /,
    ],
    ['What can you do?', /^I can help you with: “Find the right support”, “Work out sick pay” and/],
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
    ['medical_welfare', "I don't want to live any more", /Please call your emergency number now/],
    ['medical_welfare', 'How far is my application?', /^I cannot see any files/],
    ['medical_welfare', 'Has my application been approved?', /^I cannot see any files/],
  ])('%s keeps to its guidelines: %j', async (agent, message, answer) => {
    const { text } = await last(agent, message);
    expect(text).toMatch(answer);
  });
});

const askKind =
  'Gladly. What kind of study does the paper report: a trial, a review, an observational study, or a different kind?';
const askNeed =
  'What do you need help with: help at home, rides to treatment, medical aids, food, bills and medicines, or lost wages?';
const askEarnings = 'Gladly. What are your gross earnings in a month?';
const askLetter = 'Do you have a letter of your doctor about your illness?';

describe('the journey', () => {
  it.each([
    ['I want to check a paper', 'It is a randomised trial', /^Then look for four things: chance decided/],
    ['Can you help me with an article?', 'an RCT', /^Then look for four things: chance decided/],
    ["I'd like to go through a paper I found", 'a meta-analysis', /^Then look for four things: a plan/],
    ["Let's check a paper", 'A cohort study', /^Then look for four things: how the people were found/],
    ['Please help me judge this paper', 'a different kind', /^Then look for four things: who was studied/],
  ])('of research_paper goes through a paper: %j, %j', async (wish, kind, signs) => {
    const texts = [wish, kind, 'two of them', 'Thanks!'];
    const [asked, listed, judged, thanked] = await examples.talk('research_paper', texts);
    expect(asked?.text).toBe(askKind);
    expect(listed?.text).toMatch(signs);
    expect(judged?.text).toMatch(/^Read its conclusions with care/);
    expect(thanked?.text).toMatch(/^You're welcome!/);
  });

  it.each([
    ['all four', /^That is how good work is reported/],
    ['all of them', /^That is how good work is reported/],
    ['none of them', /^That is little/],
    ['0', /^That is little/],
    ['twelve', /^That is how good work is reported/],
  ])('of research_paper weighs how much of it a paper tells: %j', async (found, verdict) => {
    expect((await last('research_paper', 'I want to check a paper', 'a review', found)).text).toMatch(
      verdict,
    );
  });

  it('is told of something else, asks again and names what there is', async () => {
    const { text } = await last('research_paper', 'I want to check a paper', 'a survey');
    expect(text).toMatch(
      /What kind of study does the paper report\?.* You can choose a trial \(RCT\), a review/s,
    );
  });

  it.each([
    ['What am I entitled to?', 'food', 'yes', /^There is the nutrition programme.* Hand in the letter/],
    ['What help can I get?', 'I need somebody who helps me at home', 'Yes', /^There is home care/],
    [
      'Which support is there?',
      'medical aids',
      'no',
      /^There is the loan of medical aids.* First ask your doctor/,
    ],
  ])('of medical_welfare finds a programme: %j, %j', async (wish, need, hasLetter, programme) => {
    const texts = [wish, need, hasLetter, 'thank you'];
    const [asked, then, told, thanked] = await examples.talk('medical_welfare', texts);
    expect([asked?.text, then?.text]).toEqual([askNeed, askLetter]);
    expect(told?.text).toMatch(programme);
    expect(thanked?.text).toMatch(/^You're welcome!/);
  });

  it.each([
    ['Can you calculate my sick pay?', '2400', /^With 2400 a month you would get about 1680 a month/],
    ['Work out my sick pay please', 'I earn 3000 before tax', /^With 3000 a month you would get about 2100/],
  ])('of medical_welfare works out sick pay: %j, %j', async (wish, earnings, told) => {
    const [asked, estimated] = await examples.talk('medical_welfare', [wish, earnings]);
    expect(asked?.text).toBe(askEarnings);
    expect(estimated?.text).toMatch(told);
  });

  it.each([
    ['research_paper', ['I want to check a paper', 'a trial', '3'], "Let's check another paper", askKind],
    ['medical_welfare', ['What am I entitled to?', 'food', 'yes'], 'What am I entitled to?', askNeed],
    ['medical_welfare', ['Calculate my sick pay', '3000'], 'Calculate my sick pay', askEarnings],
  ])('of %s is gone through once more: %j, %j', async (agent, once, wish, asked) => {
    expect((await last(agent, ...once, wish)).text).toBe(asked);
    expect((await last(agent, ...once, 'thanks', wish)).text).toBe(asked);
  });

  it('is left for good where the customer says so, and begins anew', async () => {
    const texts = [
      'What am I entitled to?',
      'Forget it',
      'What is home care?',
      'What am I entitled to?',
      'food',
    ];
    const [, left, aside, again, then] = await examples.talk('medical_welfare', texts);
    expect(left?.text).toMatch(/^All right/);
    expect(aside?.sources).toMatchObject([{ file: 'home-care.md' }]);
    expect([again?.text, then?.text]).toEqual([askNeed, askLetter]);
  });
});

describe('over HTTP', () => {
  it('a whole conversation goes through a journey, leaves it for questions and comes back', async () => {
    const conversation = await talkOverHttp('research_paper');
    expect(await conversation.say('Hi, can you help me with a paper?')).toMatchObject({ text: askKind });
    expect(await conversation.say('What is blinding?')).toMatchObject({
      text: expect.stringContaining('Blinding means'),
      sources: [{ file: 'clinical-trials.md' }],
    });
    expect(await conversation.say('It is a randomised trial')).toMatchObject({
      text: expect.stringMatching(/^Then look for four things: chance decided/),
    });
    expect(await conversation.say('What is a p-value?')).toMatchObject({
      sources: [{ file: 'reading-a-paper.md', section: 'Reading the numbers' }],
    });
    expect(await conversation.say('three of them')).toMatchObject({
      text: expect.stringMatching(/^Read its conclusions with care/),
      sources: [],
    });
    expect(await conversation.say('Tell me about CKD stage 3')).toMatchObject({
      sources: [{ title: 'CKD stage 3', file: 'ckd-stage-3.md' }],
    });
    expect(await conversation.say('What are the symptoms?')).toMatchObject({
      sources: [{ file: 'ckd-stage-3.md', section: 'Symptoms' }],
    });
    expect(await conversation.say('bye')).toMatchObject({ text: expect.stringMatching(/^Goodbye/) });
  });

  it('another asks what somebody lacks, and tells of it what the customer wants to know', async () => {
    const conversation = await talkOverHttp('medical_welfare');
    const say = (text: string) => conversation.say(text);
    expect(await say('Which programme is right for me?')).toMatchObject({ text: askNeed });
    expect(await say('rides to the clinic')).toMatchObject({ text: askLetter });
    expect(await say('How do I book a ride?')).toMatchObject({
      sources: [{ file: 'patient-transport.md', section: 'How to book' }],
    });
    expect(await say('yes, I have one')).toMatchObject({
      text: expect.stringMatching(/^There is the patient transport service/),
    });
    expect(await say('And how is home care paid for?')).toMatchObject({
      sources: [{ file: 'home-care.md' }],
    });
  });

  it('an answer comes frame by frame, too', async () => {
    const { send } = await talkOverHttp('research_paper');
    const frames = await (await send('Tell me about CKD stage 3', 'text/event-stream')).text();
    expect(frames).toMatch(/event: status.*event: message\n.*event: done\n/s);
  });
});

type Reply = { readonly session_id: string; readonly messages: readonly SessionEvent[] };

let url: Promise<string> | undefined;

/** In a session of its own. */
async function talkOverHttp(agentId: string) {
  const { id } = await examples.colloquy.agentService.createTalkSession('eve', { agentId });
  const chat = `${await (url ??= examples.colloquy.listen())}/api/chat`;
  const send = (message: string, accept = 'application/json') =>
    fetch(chat, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'x-user-id': 'eve' },
      body: JSON.stringify({ message, session_id: id }),
    });
  return {
    send,
    async say(message: string) {
      const { messages } = (await (await send(message)).json()) as Reply; // as the API says
      return {
        text: messages.map(messageTextOf).join('\n\n'),
        sources: messages.flatMap(({ metadata }) => metadata['sources'] ?? []),
      };
    },
  };
}
