import { expect, it } from 'vitest';
import type { HookResult } from '../../src/engine/extensions.ts';
import { runHookChain } from '../../src/engine/hooks/hook-chain.ts';
import { readVectors } from '../support/vectors.ts';

type Case = {
  readonly results: readonly HookResult[];
  readonly expected: { readonly continue: boolean; readonly called: readonly number[] };
};

it.each(readVectors<Case>('engine-cycle', 'hook-chain'))('$id $title', async ({ results, expected }) => {
  const called: number[] = [];
  const hooks = results.map((result, n) => () => {
    called.push(n);
    return result;
  });
  expect(await runHookChain(hooks)).toBe(expected.continue);
  expect(called).toEqual(expected.called);
});

it('asks a hook when the one before has answered', async () => {
  const heard: string[] = [];
  const slow = async (): Promise<HookResult> => {
    await Promise.resolve();
    heard.push('slow');
    return 'next';
  };
  const quick = (): HookResult => {
    heard.push('quick');
    return 'next';
  };
  expect(await runHookChain([slow, quick])).toBe(true);
  expect(heard).toEqual(['slow', 'quick']);
});

it('fails with the hook that fails, and asks no other', async () => {
  const called: string[] = [];
  const failing = (): HookResult => {
    throw new Error('no such table');
  };
  const next = (): HookResult => {
    called.push('next');
    return 'next';
  };
  await expect(runHookChain([failing, next])).rejects.toThrow('no such table');
  expect(called).toEqual([]);
});
