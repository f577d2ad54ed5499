/** Reading the machine's state value without knowing its paths elsewhere: lifecycle and turn. */
import type { StateValue } from 'xstate';
import type { LifecycleState } from '../event-log/session-record.ts';
import type { TurnState } from './sessions.ts';

/** `POLLING` of `{ POLLING: { … } }`. */
export function lifecycleOf(value: StateValue): LifecycleState {
  return (typeof value === 'string' ? value : Object.keys(value)[0]) as LifecycleState;
}

/** `processing` of `{ POLLING: { turn: { responding: 'processing' } } }`, null outside POLLING. */
export function turnOf(value: StateValue): TurnState | null {
  if (typeof value === 'string') return null;
  const polling = value['POLLING'];
  if (typeof polling !== 'object') return null;
  const turn = polling['turn'];
  const state = typeof turn === 'object' ? turn['responding'] : turn;
  // A message that waits to be sent again is heard, no more.
  return (state === 'unsent' ? 'acknowledged' : state) as TurnState;
}

/** Where a value stands, as a short text that is cheap to make and compare. */
export function keyOf(value: StateValue): string {
  if (typeof value === 'string') return value;
  const polling = value['POLLING'] as Readonly<Record<string, StateValue>>;
  const turn = polling['turn'];
  const turnKey = typeof turn === 'object' ? `responding.${turn['responding'] as string}` : turn;
  return `POLLING ${polling['feed'] as string} ${turnKey}`;
}
