/** Hooks of one kind, asked one after the other. */
import type { HookResult } from '../extensions.ts';

/** False: one bailed out. True: one resolved, or all were asked. One that fails makes it fail, and the rest are not asked. */
export async function runHookChain(
  hooks: readonly (() => HookResult | Promise<HookResult>)[],
): Promise<boolean> {
  for (const hook of hooks) {
    const result = await hook();
    if (result !== 'next') return result === 'resolve';
  }
  return true;
}
