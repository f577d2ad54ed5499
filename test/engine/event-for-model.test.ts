import { describe, expect, it } from 'vitest';
import { eventForModel } from '../../src/engine/composing/event-for-model.ts';
import type { SessionEvent } from '../../src/event-log/event.ts';
import { readVectors } from '../support/vectors.ts';

type Event = Pick<SessionEvent, 'kind' | 'source' | 'data'>;
type Case = { readonly event: Event; readonly expected: unknown };

describe('an event as models see it', () => {
  it.each(readVectors<Case>('guideline-matching', 'event-for-model'))('$id $title', ({ event, expected }) => {
    expect(eventForModel(event)).toEqual(expected);
  });

  it.each([
    ['human_agent', 'human_service_agent'],
    ['ai_agent', 'ai_agent'],
    ['system', 'system-provided'],
  ] as const)('of the source %s is from %s', (source, event_source) => {
    const data = {
      message: 'hi',
      participant: { id: null, display_name: 'B' },
      draft: 'secret',
      tags: ['__preamble__'],
    };
    expect(eventForModel({ kind: 'message', source, data })).toEqual({
      event_kind: 'message',
      event_source,
      data: { participant: 'B', message: 'hi' },
    });
  });

  it('without its text where that was flagged, with the reasons', () => {
    const participant = { id: 'c', display_name: 'Bob' };
    const data = { message: 'foul words', participant, flagged: true, tags: ['hate', 'jailbreak'] };
    const shown = eventForModel({ kind: 'message', source: 'customer', data });
    expect(shown?.data).toEqual({ participant: 'Bob', censored: true, reasons: ['hate', 'jailbreak'] });
    const unflagged = eventForModel({
      kind: 'message',
      source: 'customer',
      data: { ...data, flagged: false },
    });
    expect(unflagged?.data).toEqual({ participant: 'Bob', message: 'foul words' });
  });

  it('is none where it only says what the agent is at', () => {
    const data = { status: 'typing', data: {} };
    expect(eventForModel({ kind: 'status', source: 'ai_agent', data })).toBeUndefined();
  });

  it('is no saying of the agent where a tool found it out, though the log says so', () => {
    const call = { tool_id: 's:t', arguments: {}, result: { data: null, metadata: {}, control: {} } };
    expect(eventForModel({ kind: 'tool', source: 'ai_agent', data: { tool_calls: [call, call] } })).toEqual({
      event_kind: 'tool',
      event_source: 'system-provided',
      data: {
        tool_calls: Array.from({ length: 2 }, () => ({ tool_id: 's:t', arguments: {}, result: null })),
      },
    });
  });

  it('has texts as they came, also those that look like templates', () => {
    const message = '{{ secret }} {% if a %} {0} %s ${x} \u2028 🙂';
    const data = { message, participant: { id: null, display_name: '{{ name }}' } };
    const shown = eventForModel({ kind: 'message', source: 'customer', data });
    expect(shown?.data).toEqual({ participant: '{{ name }}', message });
  });
});
