import { takeSpans } from '../support/spans.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { NlpError } from '../../src/errors.ts';
import { createLogScopes } from '../../src/telemetry/log-scopes.ts';
import type { Attributes } from '../../src/telemetry/telemetry.ts';
import { createTelemetry } from '../../src/telemetry/tracing.ts';

const traceId = '0123456789abcdef0123456789abcdef';

function setUp() {
  const scopes = createLogScopes();
  const measured: [string, number, Attributes][] = [];
  const telemetry = createTelemetry({
    scopes,
    measures: [
      {
        duration: (name, ms, attributes = {}) => void measured.push([name, ms, attributes]),
        count: (name, amount, attributes = {}) => void measured.push([name, amount, attributes]),
      },
    ],
  });
  return { scopes, measured, telemetry };
}

beforeEach(() => void takeSpans());

describe('spans', () => {
  it('are parts of what they were begun in, also across waits, and of nothing where a trace begins', async () => {
    const { telemetry } = setUp();
    await telemetry.span('outer', { a: 1 }, async () => {
      await wait(1);
      await telemetry.span('inner', {}, () => wait(1));
      const turn = telemetry.begin('turn', { traceId, attributes: { b: true } });
      turn.within(() => telemetry.span('part', {}, () => {}));
      turn.end({ attributes: () => ({ c: 'later' }) });
    });
    expect(takeSpans()).toMatchObject([
      { path: 'outer › inner' },
      { path: 'turn › part' },
      { path: 'turn', attributes: { b: true, c: 'later' } },
      { path: 'outer', attributes: { a: 1 } },
    ]);
  });

  it('end with the work, and pass on what comes of it', async () => {
    const { telemetry } = setUp();
    expect(telemetry.span('plain', {}, () => 7)).toBe(7);
    expect(await telemetry.span('awaited', {}, async () => 8)).toBe(8);
    const failure = new NlpError('m', 'it was not JSON');
    await expect(telemetry.span('rejected', {}, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(() =>
      telemetry.span('thrown', {}, () => {
        throw new TypeError('a private matter');
      }),
    ).toThrow(TypeError);
    expect(takeSpans()).toMatchObject([
      { name: 'plain', failure: undefined },
      { name: 'awaited', failure: undefined },
      { name: 'rejected', failure: failure.message, attributes: { 'error.type': 'NLP_FAILED' } },
      { name: 'thrown', failure: 'TypeError', attributes: { 'error.type': 'TypeError' } },
    ]);
  });

  it('hold the events of their work', async () => {
    const { telemetry } = setUp();
    telemetry.event('nowhere', () => {
      throw new Error('nobody wants to know');
    });
    await telemetry.span('work', {}, async () => {
      await wait(1);
      telemetry.event('found', () => ({ id: 'g1' }));
      telemetry.event('over');
    });
    const [work] = takeSpans();
    expect(work?.events).toEqual([
      { name: 'found', attributes: { id: 'g1' } },
      { name: 'over', attributes: {} },
    ]);
  });
});

describe('measurements', () => {
  it('are told to everybody who listens', () => {
    const { telemetry, measured } = setUp();
    telemetry.duration('gen', 12, { 'model.name': 'm' });
    telemetry.count('input_tokens', 3);
    expect(measured).toEqual([
      ['gen', 12, { 'model.name': 'm' }],
      ['input_tokens', 3, {}],
    ]);
  });
});

describe('scopes of the log', () => {
  it('say where in which trace one is, and nothing outside', async () => {
    const { telemetry, scopes } = setUp();
    expect(scopes.current()).toEqual({});
    const turn = telemetry.begin('process', { traceId });
    await turn.within(async () => {
      expect(scopes.current()).toEqual({ traceId, turnMs: expect.any(Number) });
      await telemetry.span('guideline_matcher', {}, async () => {
        await telemetry.scope('actionable', async () => {
          await wait(1);
          expect(scopes.current()).toMatchObject({ traceId, scope: '[Matcher][actionable]' });
        });
        await telemetry.span('of no interest to the log', {}, async () => {
          expect(scopes.current()).toMatchObject({ scope: '[Matcher]' });
        });
      });
      expect(scopes.current()).not.toHaveProperty('scope');
    });
    expect(scopes.current()).toEqual({});
  });
});
