import { describe, expect, it } from 'vitest';
import { applyFrames, emptyLog } from '../../src/web/state/session-log.ts';
import { activityOf, turnOf } from '../../src/web/state/turn.ts';
import type { Frame } from '../../src/web/wire.ts';
import { asked, chunk, event, over, status } from '../support/web/frames.ts';

const activity = (...frames: readonly Frame[]) => activityOf(applyFrames(emptyLog, frames));
const isBusy = (...frames: readonly Frame[]) => turnOf(applyFrames(emptyLog, frames).events).isBusy;

describe('what the agent does', () => {
  it.each([
    ['', []],
    ['', [asked(0, 't', 'Hello')]],
    ['Read your message', [status(1, 't', 'acknowledged')]],
    ['Thinking', [status(1, 't', 'processing')]],
    ['Interpreting', [status(1, 't', 'processing', { stage: 'Interpreting' })]],
    ['Writing', [status(1, 't', 'typing')]],
    ['Writing', [status(1, 't', 'processing'), chunk('m', 't', 'Go')]],
    ['Thinking', [status(1, 't', 'processing'), chunk('m', 't', '')]],
    ['Stopping', [status(1, 't', 'processing'), status(2, 't', 'cancelled')]],
    ['', [status(1, 't', 'processing'), over(2, 't')]],
  ] as const)('is called "%s"', (words, frames) => {
    expect(activity(...frames)).toBe(words);
  });

  it('goes on after a `ready` that ends nothing', () => {
    expect(isBusy(status(1, 't', 'processing'), status(2, 't', 'ready'))).toBe(true);
  });

  it('is over when it failed', () => {
    expect(isBusy(status(1, 't', 'processing'), over(2, 't'), status(3, 't', 'error'))).toBe(false);
  });

  it('goes on while the server reports that another one is away', () => {
    const outage = event(2, 'x', { kind: 'status', source: 'system', data: { status: 'error', data: {} } });
    expect(isBusy(status(1, 't', 'processing'), outage)).toBe(true);
  });

  it('is shown in words of its own for a status that is not known', () => {
    const unknown = event(1, 't', {
      kind: 'status',
      source: 'ai_agent',
      data: { status: 'pondering', data: {} },
    });
    expect(activity(unknown)).toBe('Thinking');
  });
});
