/** Runs the program's hooks of a turn. */
import type { HookName, HookPayloads } from '../extensions.ts';
import { runHookChain } from '../hooks/hook-chain.ts';
import type { TurnWork } from './turn-work.ts';

/** False: one of them bailed out. */
export async function hook<Name extends HookName>(
  { context }: Pick<TurnWork, 'context'>,
  name: Name,
  ...[payload]: HookPayloads[Name] extends undefined ? [] : [HookPayloads[Name]]
): Promise<boolean> {
  const hooks = context.extensions.hooks[name];
  if (!hooks || hooks.length === 0) return true;
  return runHookChain(hooks.map((each) => () => each(context, payload as HookPayloads[Name]))); // absent where it is undefined
}
