/** Where a session's life stands: in words, the colour says the same again. */
import type { Lifecycle } from '../wire.ts';

const words: Record<Lifecycle, string> = {
  NOT_STARTED: 'not started',
  POLLING: 'polling',
  STOPPED: 'stopped',
};

export function StateBadge({ state }: { readonly state: Lifecycle }) {
  return (
    <span className="badge state" data-state={state}>
      {words[state]}
    </span>
  );
}
