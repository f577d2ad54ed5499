/** Work whose length is worth knowing. */
import { type Attributes, errorClassOf, type Telemetry } from '../../telemetry/telemetry.ts';

/** Tells how long it took, however it ended, and what it ended with: `outcome`, and `error.type` of a failure. */
export async function measured<Result>(
  telemetry: Pick<Telemetry, 'duration'>,
  about: {
    /** Names of durations. */
    readonly as: readonly string[];
    readonly attributes?: Attributes;
    /** Who gives up, has not failed. */
    readonly signal?: AbortSignal;
  },
  work: () => Promise<Result>,
): Promise<Result> {
  const beganAt = performance.now();
  const tell = (ending: Attributes): void => {
    const ms = performance.now() - beganAt;
    const attributes = { ...about.attributes, ...ending };
    for (const name of about.as) telemetry.duration(name, ms, attributes);
  };
  try {
    const result = await work();
    tell({ outcome: 'completed' });
    return result;
  } catch (error) {
    tell(toEnding(error, about.signal));
    throw error;
  }
}

export function toEnding(failure: unknown, signal: AbortSignal | undefined): Attributes {
  if (signal?.aborted) return { outcome: 'cancelled' };
  return { outcome: 'failed', 'error.type': errorClassOf(failure) };
}
