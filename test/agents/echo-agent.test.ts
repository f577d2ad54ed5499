import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEchoAgent } from '../../src/agents/echo-agent.ts';
import type { Clock } from '../../src/session/clock.ts';
import { ask } from './agent-turn.ts';

describe('the echo agent', () => {
  it('repeats the message after "echo: ", in five chunks', async () => {
    const { chunks, text } = await ask(createEchoAgent(), 'How do you do?');
    expect(text).toBe('echo: How do you do?');
    expect(chunks).toHaveLength(5);
  });

  it.each(['', 'a', '😀', '😀😀', 'a😀b😀'])('has five chunks, none empty, also for %j', async (message) => {
    const { chunks } = await ask(createEchoAgent(), message);
    expect(chunks).toHaveLength(5);
    expect(chunks).not.toContain('');
  });

  it('never cuts a character in two', async () => {
    const message = string({ unit: 'grapheme', maxLength: 60 });
    await assert(
      asyncProperty(message, async (message) => {
        const { chunks, text } = await ask(createEchoAgent(), message);
        expect(text).toBe(`echo: ${message}`);
        expect(chunks).toHaveLength(5);
        expect(chunks.every((chunk) => chunk !== '' && chunk.isWellFormed())).toBe(true);
      }),
    );
  });

  it('waits between chunks if told to, and stops at once when the turn is over', async () => {
    const turn = new AbortController();
    const waits: number[] = [];
    const clock: Clock = {
      now: () => 1_000,
      waitUntil: async (at, signal) => {
        waits.push(at);
        if (waits.length === 3) turn.abort(new Error('interrupted'));
        signal.throwIfAborted();
      },
    };
    const chunks: string[] = [];
    const asked = ask(createEchoAgent({ chunkDelayMs: 50, clock }), 'slowly', {
      signal: turn.signal,
      onChunk: (chunk) => chunks.push(chunk),
    });
    await expect(asked).rejects.toThrow('interrupted');
    expect(waits).toEqual([1_050, 1_050, 1_050]);
    expect(chunks).toHaveLength(3);
  });

  it('ends a wait of the real clock when the turn is over', async () => {
    const turn = new AbortController();
    const asked = ask(createEchoAgent({ chunkDelayMs: 3_600_000 }), 'x', {
      signal: turn.signal,
      onChunk: () => turn.abort(new Error('cancelled')),
    });
    await expect(asked).rejects.toThrow('cancelled');
  });
});
