import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createComposer } from '../../src/engine/composing/composer.ts';
import { nullPolicy } from '../../src/engine/cycle/performance-policies.ts';
import {
  agentSaid,
  composerTurn,
  createRecordingVoice,
  createScriptedNlp,
  customerSays,
  noMatch,
  type NlpGiven,
  type RecordingVoice,
  type Script,
  textsOf,
  toShown,
  type TurnGiven,
  type VoiceGiven,
} from '../support/composer.ts';

const typing = { status: 'typing' };
const ready = { status: 'ready' };
const splitting = { policy: { ...nullPolicy, splitsMessages: true, followUpDelayMs: () => 750 } };

describe('an answer of a canned composer', () => {
  it('is committed to before its first part is sent, and its last part is left to the end of the turn', async () => {
    const seen: (readonly [emitted: readonly string[], rest: readonly string[]])[] = [];
    const { composed, voice } = compose('A\n\nB\n\nC', {
      onChange: ({ emitted, rest }) => void (rest && seen.push([textsOf(emitted), textsOf(rest)])),
    });
    expect(await composed).toEqual({ said: ['A', 'B', 'C'] });
    expect(seen[0]).toEqual([[], ['A', 'B', 'C']]);
    expect(seen.at(-1)).toEqual([['A', 'B'], ['C']]);
    expect(voice.rest?.map(toShown)).toEqual([{ message: 'C' }, ready]);
    expect(voice.emitted.at(-1)).toMatchObject({ data: typing });
    expect(voice.pauses).toHaveLength(2);
  });

  it('is one message, whatever its paragraphs, where nobody asks for more', async () => {
    const { composed } = compose(' A\n\nB ', {}, { extensions: {} });
    expect(await composed).toEqual({ said: ['A\n\nB'] });
  });

  it('carries in every part what it was made of', async () => {
    const cannedResponses = [{ id: 'r1', value: 'A\n\nB', metadata: { k: 'v' } }];
    const { composed, voice } = compose('D', {}, { cannedResponses });
    await composed;
    const origin = { draft: 'D', cannedResponses: [['r1', 'A\n\nB']], metadata: { k: 'v' } };
    expect(messagesOf(voice)).toEqual([
      { message: 'A', ...origin },
      { message: 'B', ...origin },
    ]);
  });

  it('is not sent again where an earlier attempt has sent it: each part counts once', async () => {
    const events = [
      agentSaid('A', { trace_id: 'an earlier turn' }),
      customerSays('B'),
      agentSaid('C', { data: { tags: ['__preamble__'] } }),
      agentSaid('D', { data: { chunks: ['D'] } }),
      agentSaid('E', { metadata: { interrupted: true } }),
      agentSaid('F'),
    ];
    const text = 'A\n\nB\n\nC\n\nD\n\nE\n\nF\n\nF';
    const { composed, voice } = compose(text, {}, { attempt: 2, events });
    expect(await composed).toEqual({ said: text.split('\n\n') });
    expect(textsOf(voice.all)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
    const first = compose(text, {}, { events });
    await first.composed;
    expect(textsOf(first.voice.all)).toHaveLength(7);
  });

  it('begins where an earlier attempt has stopped, and without a pause', async () => {
    const events = [customerSays('q'), agentSaid('A')];
    const { composed, voice } = compose('A\n\nB', {}, { attempt: 2, events });
    await composed;
    expect(voice.all.map(toShown)).toEqual([typing, { message: 'B' }, ready]);
    expect(voice.pauses).toEqual([]);
    const whole = compose('A', {}, { attempt: 2, events });
    expect(await whole.composed).toEqual({ said: ['A'] });
    expect(whole.voice.rest).toEqual([]);
  });
});

describe('hooks', () => {
  it('see every part before the first is sent', async () => {
    const { composed, voice } = compose('A\n\nB', {
      onChange: ({ hooked }) => void counts.push(hooked.length),
    });
    const counts: number[] = [];
    await composed;
    expect(new Set(counts.slice(1))).toEqual(new Set([2]));
    expect(voice.hooked).toEqual([
      ['messageGenerated', 'A'],
      ['messageGenerated', 'B'],
    ]);
  });

  it.each([
    ['A', [typing, ready], []],
    ['B', [typing, { message: 'A' }, ready, typing, ready], ['A']],
    ['C', [typing, { message: 'A' }, ready, typing, { message: 'B' }, ready, typing, ready], ['A', 'B']],
  ])(
    'that refuse %s end the answer there, and nothing else was ever committed to',
    async (part, events, said) => {
      const committed: (readonly string[])[] = [];
      const { composed, voice } = compose('A\n\nB\n\nC', {
        hook: async (_, payload) => payload !== part,
        onChange: ({ rest = [] }) => void committed.push(textsOf(rest)),
      });
      expect(await composed).toEqual({ said });
      expect(voice.all.map(toShown)).toEqual(events);
      expect(committed.flat()).not.toContain(part);
    },
  );

  it.each(['draftGenerated', 'messageGenerated'])(
    'that fail (%s) fail the answer before anything of it is sent, and no model is asked again',
    async (failing) => {
      const cannedResponses = [{ id: 'r1', value: 'A' }];
      const hook: VoiceGiven['hook'] = async (name) => {
        if (name === failing) throw new Error('of the hook');
        return true;
      };
      const { composed, voice, nlp } = compose('D', { hook }, { cannedResponses });
      await expect(composed).rejects.toThrow('of the hook');
      expect([textsOf(voice.all), voice.rest]).toEqual([[], undefined]);
      expect(nlp.asked.filter(({ question }) => question === 'canned_draft')).toHaveLength(1);
    },
  );
});

describe('an agent that cannot answer', () => {
  it('is silent, and says why to operators', async () => {
    const failure = new Error('third');
    const script = { canned_draft: [new Error('first'), new Error('second'), failure] };
    const { composed, voice } = compose('', {}, {}, { script });
    expect(await composed).toEqual({ said: [], gaveUp: failure });
    expect(voice.rest).toBeUndefined();
  });

  it('is merely silent when a model decided so', async () => {
    const script = { canned_draft: [new Error('busy'), { body: ' ' }, new Error('busy')] };
    const { composed } = compose('', {}, {}, { script });
    expect(await composed).toEqual({ said: [] });
  });

  it('tries everything again when the search for responses fails', async () => {
    let count = 0;
    const rank: NlpGiven['rank'] = async (_, candidates) => {
      if (count++ === 0) throw new Error('busy');
      return candidates.map(({ id }) => ({ id, score: 1 }));
    };
    const cannedResponses = [{ id: 'r1', value: 'A' }];
    const { composed } = compose('D', {}, { cannedResponses }, { rank });
    expect(await composed).toEqual({ said: ['A'] });
  });

  it('fails where the text that nothing fits cannot be had', async () => {
    const extensions = { noMatch: () => Promise.reject(new Error('of the program')) };
    const { composed, voice } = compose('D', {}, { ...strict, extensions });
    await expect(composed).rejects.toThrow('of the program');
    expect(voice.all).toEqual([]);
  });

  it('is silent where the text that nothing fits is blank', async () => {
    const { composed, voice } = compose('D', {}, { ...strict, extensions: { noMatch: () => ' ' } });
    expect(await composed).toEqual({ said: [] });
    expect(voice.all).toEqual([]);
  });
});

const strict = { agent: { compositionMode: 'strict_canned' } } as const;
const two = {
  ...strict,
  cannedResponses: [
    { id: 'r1', value: 'A' },
    { id: 'r2', value: 'B\n\nC', metadata: { k: 'v' } },
  ],
};
const other = { id: 'r3', value: 'Z' };
const manner = { agent: { compositionMode: 'composited_canned' }, cannedResponses: [other] } as const;
const wanted = { isRequired: true, templateNumber: '1', remainingDraft: 'rest' };

describe('a second response behind a strict answer', () => {
  it('comes after a pause, with what was left to say; the first is sent without waiting for it', async () => {
    const before: (readonly string[])[] = [];
    const { composed, voice, nlp } = compose('D', {}, two, {
      script: { follow_up: [wanted] },
      onAsk: (question) => void (question === 'follow_up' && before.push(textsOf(voice.emitted))),
    });
    expect(await composed).toEqual({ said: ['A', 'B', 'C'] });
    expect(before).toEqual([['A']]);
    expect(nlp.asked.at(-1)).toMatchObject({
      input: { draft: 'D', sent: 'A', templates: [{ id: '1', text: 'B\n\nC' }] },
      temperature: 0.1,
    });
    const origin = { draft: 'rest', cannedResponses: [['r2', 'B\n\nC']], metadata: { k: 'v' } };
    const second = [typing, { message: 'B', ...origin }, ready, typing, { message: 'C', ...origin }, ready];
    expect(voice.all.map(toShown).slice(-6)).toEqual(second);
    expect(textsOf(voice.rest ?? [])).toEqual(['C']);
    expect(voice.pauses).toEqual([0.75, expect.closeTo(1.52, 6)]);
  });

  it.each([
    ['is not needed', { ...wanted, isRequired: false }],
    ['is none of those there are', { ...wanted, templateNumber: '2' }],
    ['is not named', { isRequired: true }],
    ['cannot be decided on', new Error('busy')],
  ])('is not sent where it %s', async (_, answer) => {
    const { composed, voice } = compose('D', {}, two, { script: { follow_up: [answer] } });
    expect(await composed).toEqual({ said: ['A'] });
    expect(voice.rest).toEqual([]);
  });

  it('is not asked for where a hook has ended the answer', async () => {
    const hook: VoiceGiven['hook'] = async (name) => name !== 'messageGenerated';
    const cut = compose('D', { hook }, two);
    expect(await cut.composed).toEqual({ said: [] });
    expect(cut.nlp.asked.map(({ question }) => question)).toEqual(['canned_draft', 'selection']);
  });

  it('may follow the text that nothing fits', async () => {
    const script = { selection: [{ quality: 'low' }], follow_up: [wanted] };
    const { composed } = compose('D', {}, two, { script });
    expect(await composed).toEqual({ said: [noMatch, 'A'] });
  });

  it('is not sent again either', async () => {
    const events = [customerSays('q'), agentSaid('A'), agentSaid('B')];
    const given = { ...two, attempt: 2, events };
    const { composed, voice } = compose('D', {}, given, { script: { follow_up: [wanted] } });
    expect(await composed).toEqual({ said: ['A', 'B', 'C'] });
    expect(textsOf(voice.all)).toEqual(['C']);
  });
});

describe('an attempt after a crash', () => {
  const script = {
    canned_draft: [{ body: 'X' }],
    selection: [{ templateId: 'r3', quality: 'high' }],
    follow_up: [wanted],
  };

  it.each([
    ['paragraphs of a draft', 'A\n\nB\n\nC', {}],
    ['paragraphs in the manner of responses', 'D', manner],
    [
      'a strict answer with what follows',
      'D',
      { ...strict, cannedResponses: [...two.cannedResponses, other] },
    ],
  ])('says %s to their end, whatever a model would say now', async (_, draft, given) => {
    const recomposition = [{ text: 'A\n\nB\n\nC' }];
    const first = compose(draft, {}, given, { script: { follow_up: [wanted], recomposition } });
    await first.composed;
    const all = [...first.voice.all];
    const whole = textsOf(all);
    expect(whole).toEqual(['A', 'B', 'C']);
    // A message and its `ready` are one commit.
    const commits = [...all.keys()].filter((at) => all[at]?.kind !== 'message');
    const [begun, unbegun] = partition(
      commits.map((at) => all.slice(0, at + 1)),
      (told) => textsOf(told).length > 0,
    );
    const goOn = async (told: typeof all) =>
      (await compose('X', { told }, toAttempt(given, textsOf(told)), { script }).composed).said;
    expect(new Set(await Promise.all(begun.map(async (told) => (await goOn(told)).join())))).toEqual(
      new Set(['A,B,C']),
    );
    expect(await Promise.all(unbegun.map(async (told) => (await goOn(told))[0]))).not.toContain('A');
  });

  it('sends only what was not sent, and asks no model what to say', async () => {
    const first = compose('A\n\nB\n\nC');
    await first.composed;
    const told = first.voice.all.slice(0, 3);
    const { composed, voice, nlp } = compose('X', { told }, toAttempt({}, ['A']));
    await composed;
    const rest = [{ message: 'B' }, ready, typing, { message: 'C' }, ready];
    expect(voice.all.map(toShown)).toEqual(rest);
    expect(nlp.asked).toEqual([]);
    const cut = compose('X', { told: voice.all }, toAttempt({}, ['B', 'C']));
    expect(await cut.composed).toEqual({ said: ['X'] });
  });

  it('asks only what follows where the answer was sent, and nothing where a hook has ended it', async () => {
    const given = { ...strict, cannedResponses: [...two.cannedResponses, other] };
    const first = compose('D', {}, given);
    await first.composed;
    const { composed, nlp } = compose('X', { told: first.voice.all }, toAttempt(given, ['A']), { script });
    expect(await composed).toEqual({ said: ['A', 'B', 'C'] });
    expect(nlp.asked).toMatchObject([{ question: 'follow_up', input: { draft: 'D', sent: 'A' } }]);

    const hook: VoiceGiven['hook'] = async (_, payload) => payload !== 'B';
    const long = { ...strict, cannedResponses: [{ id: 'r1', value: 'A\n\nB' }, other] };
    const cut = compose('D', { hook }, long);
    await cut.composed;
    const again = compose('X', { told: cut.voice.all }, toAttempt(long, ['A']), { script });
    expect(await again.composed).toEqual({ said: ['A'] });
    expect(again.nlp.asked).toEqual([]);
  });

  it.each([
    { begun_answer: 'A' },
    { begun_answer: { text: 'A', metadata: {}, origin: null, texts: [1] } },
    { begun_answer: { text: 'A', metadata: {}, origin: { draft: 1 }, texts: ['A'] } },
  ])('does without what somebody has spoilt: %j', async (metadata) => {
    const told = [{ kind: 'status', data: { status: 'ready', data: {} }, metadata }] as const;
    const { composed } = compose('X', { told }, toAttempt({}, []));
    expect(await composed).toEqual({ said: ['X'] });
  });
});

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean) {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))] as const;
}

function toAttempt(given: TurnGiven, said: readonly string[]): TurnGiven {
  return { ...given, attempt: 2, events: [customerSays('q'), ...said.map((text) => agentSaid(text))] };
}

describe('a turn that is given up', () => {
  it.each(['canned_draft', 'selection', 'generated_field', 'recomposition'])(
    'during %s lets go at once, and nothing was committed to',
    async (during) => {
      const abort = new AbortController();
      const reason = new Error('given up');
      const { composed, voice, nlp } = compose(
        'D',
        {},
        {
          agent: { compositionMode: during === 'recomposition' ? 'composited_canned' : 'canned_fluid' },
          cannedResponses: [{ id: 'r1', value: 'A {{generative.a}}' }],
          signal: abort.signal,
        },
        {
          onAsk: (question) => (question === during ? new Promise(() => abort.abort(reason)) : undefined),
        },
      );
      await expect(composed).rejects.toBe(reason);
      expect(nlp.asked.at(-1)?.question).toBe(during);
      expect([textsOf(voice.all), voice.rest]).toEqual([[], undefined]);
    },
  );

  it.each(['rank', 'draftGenerated', 'messageGenerated'])(
    'lets go of what hangs (%s), and nothing was committed to',
    async (hanging) => {
      const abort = new AbortController();
      const hang = () => new Promise<never>(() => abort.abort(new Error('given up')));
      const { composed, voice } = compose(
        'D',
        { hook: async (name) => (name === hanging ? hang() : true) },
        { cannedResponses: [{ id: 'r1', value: 'A' }], signal: abort.signal },
        hanging === 'rank' ? { rank: hang } : {},
      );
      await expect(composed).rejects.toThrow('given up');
      expect(voice.rest).toBeUndefined();
    },
  );

  it('asks no model any more', async () => {
    const abort = new AbortController();
    const given = { signal: abort.signal };
    const { composed, nlp } = compose('D', { onChange: () => abort.abort(new Error('given up')) }, given);
    await expect(composed).rejects.toThrow('given up');
    expect(nlp.asked).toEqual([]);
  });

  it('has its answer when only a second response is open', async () => {
    const abort = new AbortController();
    const { composed, voice } = compose(
      'D',
      {},
      { ...two, signal: abort.signal },
      {
        onAsk: (question) => {
          if (question === 'follow_up') abort.abort(new Error('given up'));
        },
      },
    );
    expect(await composed).toEqual({ said: ['A'] });
    expect([textsOf(voice.emitted), voice.rest]).toEqual([['A'], []]);
  });

  it('at any moment has, with what was sent and what is committed to, nothing or the whole answer', async () => {
    const part = fc.constantFrom('A', 'B', 'one two three', '🙂', '{{ x }}');
    const parts = fc.array(part, { minLength: 1, maxLength: 5 });
    const given = fc.record({ answer: parts, followUp: fc.option(parts), abortAt: fc.nat(40) });
    await fc.assert(
      fc.asyncProperty(given, async ({ answer, followUp, abortAt }) => {
        const wholes = [[], answer, [...answer, ...(followUp ?? [])]].map((texts) => texts.join('\n\n'));
        const abort = new AbortController();
        let moment = 0;
        const look = (voice: RecordingVoice): void => {
          expect(wholes).toContain(textsOf(voice.all).join('\n\n'));
          if (++moment === abortAt) abort.abort(new Error('given up'));
        };
        const { composed, voice } = compose(
          'D',
          {
            onChange: look,
            pause: async () => {
              look(voice);
              abort.signal.throwIfAborted();
            },
          },
          {
            ...strict,
            signal: abort.signal,
            cannedResponses: [answer, followUp ?? ['other']].map((texts, at) => ({
              id: `r${at}`,
              value: `{% raw %}${texts.join('\n\n')}{% endraw %}`,
            })),
          },
          { script: { follow_up: [followUp ? wanted : {}] } },
        );
        const result = await composed.catch(() => undefined);
        const said = result?.said ?? [];
        expect(said).toEqual(textsOf(voice.all));
        const isWhole = said.join('\n\n') === wholes.at(-1);
        expect(isWhole || abort.signal.aborted).toBe(true);
      }),
    );
  });
});

function messagesOf({ all }: RecordingVoice): readonly object[] {
  return all.map(toShown).filter((event) => 'message' in event);
}

/** The draft; where there are responses, the first of them is chosen. Parts are messages of their own. */
function compose(
  draft: string,
  voiceGiven: VoiceGiven = {},
  given: TurnGiven = {},
  { script = {}, ...nlpGiven }: NlpGiven & { readonly script?: Script } = {},
) {
  const nlp = createScriptedNlp(
    {
      canned_draft: [{ body: draft }],
      selection: [{ templateId: given.cannedResponses?.[0]?.id, quality: 'high' }],
      recomposition: [{ text: 'RD' }],
      generated_field: [{ value: 'v' }],
      follow_up: [{}],
      ...script,
    },
    nlpGiven,
  );
  const voice = createRecordingVoice(voiceGiven);
  const turn = composerTurn({ extensions: splitting, ...given });
  return { composed: createComposer({ nlp }).compose(turn, voice), voice, nlp };
}
