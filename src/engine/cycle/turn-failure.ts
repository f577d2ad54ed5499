/** A failure of a turn as it is told: what it was, never where in the code. */
import type { CycleFailure } from '../../../machines/engine-cycle.machine.ts';
import { DomainError } from '../../errors.ts';

export function toFailure(error: unknown): CycleFailure {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'Error: something was thrown';
  return { code: error instanceof DomainError ? error.code : 'AGENT_FAILED', message };
}
