/**
 * Frames of `@statelyai/inspect` as they go over the wire. Unless text is asked for, a string in anything an actor was given or made
 * is shown only where its key says that it is an id, a name or a code, and it looks like one: what people wrote is never in such places.
 */
import type { StatelyInspectionEvent } from '@statelyai/inspect';

const namesOfNames =
  /^(id|type|kind|code|status|state|lifecycle|reason|mode|interruption|source|src|agentRuns|why)$|(Id|Utc|At)$/;
const looksLikeAName = /^[\w.:@/+-]{0,64}$/;

/** What the snapshot of an actor may carry besides where it stands. */
const givenOrMade = ['context', 'input', 'output', 'error'] as const;

export function toWire(
  frame: StatelyInspectionEvent,
  { includeText }: { readonly includeText: boolean },
): string {
  try {
    return JSON.stringify(includeText ? frame : withoutText(frame));
  } catch {
    // What is no JSON breaks rule 4 of the machines, but must not break the process.
    return JSON.stringify({
      ...frame,
      ...('event' in frame && { event: { type: frame.event.type } }),
      ...('snapshot' in frame && { snapshot: { status: frame.snapshot.status } }),
    });
  }
}

function withoutText(frame: StatelyInspectionEvent): unknown {
  return {
    ...frame,
    ...('event' in frame && { event: hideInEvent(frame.event) }),
    ...('snapshot' in frame && { snapshot: hideInSnapshot(frame.snapshot) }),
  };
}

function hideInEvent({ type, ...event }: { readonly type: string }): object {
  return { type, ...(hide(event, '') as object) };
}

/** As plain JSON first: a live snapshot holds the machine and its actors, and says itself what of it is data. */
function hideInSnapshot(snapshot: object): object {
  const plain = JSON.parse(JSON.stringify(snapshot)) as Record<string, unknown>;
  const hidden = givenOrMade
    .filter((part) => part in plain)
    .map((part) => [part, hide(plain[part], part)] as const);
  return { ...plain, ...Object.fromEntries(hidden) };
}

function hide(value: unknown, key: string): unknown {
  if (typeof value === 'string')
    return namesOfNames.test(key) && looksLikeAName.test(value) ? value : `«${value.length} characters»`;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => hide(item, key));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hide(item, name)]));
}
