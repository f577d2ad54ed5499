import { describe, expect, it } from 'vitest';
import { toChatItems } from '../../src/web/state/chat-items.ts';
import { applyFrames, emptyLog } from '../../src/web/state/session-log.ts';
import type { Frame } from '../../src/web/wire.ts';
import { answered, asked, chunk, event, over, status, toolCalled } from '../support/web/frames.ts';

const items = (...frames: readonly Frame[]) => toChatItems(applyFrames(emptyLog, frames), 'Echo');

const question = [asked(0, 't', 'Hello'), status(1, 't', 'acknowledged'), status(2, 't', 'processing')];

describe('the chat', () => {
  it('shows what was said, and not how the turn went', () => {
    expect(items(...question, answered(3, 't', 'Good day'), over(4, 't'))).toMatchObject([
      { type: 'message', from: 'customer', name: 'Ann', text: 'Hello' },
      { type: 'message', from: 'agent', name: 'Echo', text: 'Good day', state: 'whole' },
    ]);
  });

  it('shows text that is being made as the message it will be', () => {
    const growing = items(...question, chunk('m', 't', 'Good'));
    const whole = items(...question, chunk('m', 't', 'Good'), answered(3, 't', 'Good day', { id: 'm' }));
    expect(growing.at(-1)).toMatchObject({ key: 'm', name: 'Echo', text: 'Good', state: 'growing' });
    expect(whole.at(-1)).toMatchObject({ key: 'm', text: 'Good day', state: 'whole' });
    expect(whole).toHaveLength(2);
  });

  it('marks text that was interrupted, and says no more of it', () => {
    const partial = answered(3, 't', 'Good', { metadata: { interrupted: true } });
    expect(items(...question, partial, status(4, 't', 'cancelled'), over(5, 't'))).toMatchObject([
      { text: 'Hello' },
      { text: 'Good', state: 'interrupted' },
    ]);
  });

  it('notes a turn that was given up before there was text', () => {
    expect(items(...question, status(3, 't', 'cancelled'), over(4, 't')).at(-1)).toMatchObject({
      type: 'note',
      text: 'Given up before there was an answer.',
    });
  });

  it('says of a turn that was given up behind its answer that it was interrupted, not that there is none', () => {
    const frames = [...question, answered(3, 't', 'Good day'), status(4, 't', 'cancelled'), over(5, 't')];
    expect(items(...frames)).toMatchObject([
      { text: 'Hello' },
      { text: 'Good day', state: 'whole' },
      { type: 'note', text: 'Interrupted after this.' },
    ]);
  });

  it('shows a person who answers for the agent', () => {
    const data = { message: 'May I help?', participant: { id: null, display_name: 'Eve' } };
    const person = event(0, 't', { kind: 'message', source: 'human_agent', data });
    expect(items(person)).toMatchObject([{ from: 'person', name: 'Eve' }]);
  });

  it('lists the sources of an answer, each once, whoever names them', () => {
    const section = { title: 'CKD', file: 'ckd.md', section: 'Symptoms', kind: 'summary', score: 1 };
    const sources = [
      section,
      section,
      { ...section, section: 'CKD' },
      'The handbook',
      { url: 'https://example.com' },
      { n: 1 },
    ];
    expect(items(answered(0, 't', 'Many', { metadata: { sources } }))[0]).toMatchObject({
      sources: [
        { name: 'CKD, Symptoms', place: 'ckd.md', link: null },
        { name: 'CKD', place: 'ckd.md', link: null },
        { name: 'The handbook', place: null, link: null },
        { name: 'https://example.com', place: 'https://example.com', link: 'https://example.com' },
        { name: '{"n":1}', place: null, link: null },
      ],
    });
  });

  it.each([
    ['https://example.com/a', 'https://example.com/a'],
    ['http://', null],
    ['javascript:alert(1)', null],
    ['//example.com', null],
    ['docs/https://example.com', null],
  ])('links a source that stands at %j to %j', (url, link) => {
    const metadata = { sources: [{ name: 'The handbook', url }] };
    expect(items(answered(0, 't', 'Many', { metadata }))[0]).toMatchObject({
      sources: [{ name: 'The handbook', place: url, link }],
    });
  });

  it('puts calls of tools that follow each other into one box, without what is meant for the engine', () => {
    const calls = [toolCalled(3, 't', 'price', { eur: 5 }), toolCalled(4, 't', 'stock', 7)];
    expect(items(...question, ...calls).at(-1)).toMatchObject({
      type: 'tools',
      calls: [
        { name: 'shop:price', arguments: { n: 3 }, result: { eur: 5 } },
        { name: 'shop:stock', arguments: { n: 4 }, result: 7 },
      ],
    });
  });

  it('keeps the calls of different turns apart', () => {
    expect(items(toolCalled(0, 't', 'price', 1), toolCalled(1, 'u', 'price', 2))).toHaveLength(2);
  });

  describe('when an answer failed', () => {
    const failure = status(4, 't', 'error', { exception: 'Error: no tea', code: 'AGENT_FAILED' });

    it('says why, and what can be tried again', () => {
      expect(items(...question, over(3, 't'), failure).at(-1)).toMatchObject({
        type: 'failure',
        code: 'AGENT_FAILED',
        message: 'Error: no tea',
        retryText: 'Hello',
      });
    });

    it('offers that no more once something else was said', () => {
      const frames = [...question, over(3, 't'), failure, asked(5, 'u', 'Never mind')];
      expect(items(...frames).find(({ type }) => type === 'failure')).toMatchObject({ retryText: null });
    });

    it('offers nothing where nobody had asked', () => {
      const outage = event(0, 'x', {
        kind: 'status',
        source: 'system',
        data: { status: 'error', data: { exception: 'gone', code: 'UPSTREAM_UNREACHABLE' } },
      });
      const recovered = event(1, 'y', {
        kind: 'custom',
        source: 'system',
        data: { type: 'upstream.recovered' },
      });
      expect(items(outage, recovered)).toMatchObject([
        { type: 'failure', retryText: null },
        { type: 'note' },
      ]);
    });

    it('shows one that says nothing of itself', () => {
      expect(items(status(0, 't', 'error')).at(-1)).toMatchObject({
        code: 'ERROR',
        message: 'The agent could not answer.',
      });
    });
  });

  it('says which messages wait for their turn', () => {
    expect(
      items(...question, asked(3, 'u', 'And another')).map((item) => 'isWaiting' in item && item.isWaiting),
    ).toEqual([false, true]);
  });

  it('keeps what belongs to a turn together, whatever was sent in between', () => {
    const texts = (...frames: readonly Frame[]) =>
      items(...frames).map((item) => 'text' in item && item.text);
    const before = [...question, asked(3, 'u', 'And another')];
    expect(texts(...before, chunk('m', 't', 'Good'))).toEqual(['Hello', 'Good', 'And another']);
    expect(texts(...before, answered(4, 't', 'Good day'), over(5, 't'), answered(6, 'u', 'Night'))).toEqual([
      'Hello',
      'Good day',
      'And another',
      'Night',
    ]);
  });

  it('keeps each row the same object until its event changes', () => {
    const log = applyFrames(emptyLog, question);
    const later = applyFrames(log, [answered(3, 't', 'Good day'), over(4, 't')]);
    expect(toChatItems(later, 'Echo')[0]).toBe(toChatItems(log, 'Echo')[0]);
  });

  it('shows nothing of events that are none of its business', () => {
    expect(items(event(0, 't', { kind: 'custom', source: 'customer_ui', data: { clicked: 1 } }))).toEqual([]);
  });
});
