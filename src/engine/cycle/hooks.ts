/** Runs the program's hooks of a turn. */
import type { HookName, HookPayloads } from '../extensions.ts';
import { runHookChain } from '../hooks/hook-chain.ts';
import { reread } from './reread.ts';
import type { TurnWork } from './turn-work.ts';

/** False: one of them bailed out. */
export async function hook<Name extends HookName>(
  work: TurnWork,
  name: Name,
  ...[payload]: HookPayloads[Name] extends undefined ? [] : [HookPayloads[Name]]
): Promise<boolean> {
  const hooks = work.context.extensions.hooks[name];
  if (!hooks || hooks.length === 0) return true;
  const voice = work.voices.of(name);
  return heeding(
    work,
    () => runHookChain(hooks.map((each) => () => each(work.context, payload as HookPayloads[Name], voice))), // absent where it is undefined
  );
}

/** What the program's functions say meanwhile is part of the conversation. */
export async function heeding<Result>(work: TurnWork, run: () => Promise<Result>): Promise<Result> {
  const before = work.voices.count();
  const result = await run();
  if (work.voices.count() > before) await reread(work);
  return result;
}
