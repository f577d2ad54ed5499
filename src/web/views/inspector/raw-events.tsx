/** The session's log as it is: every event, unfolded to its JSON by whoever wants to see it. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useRef } from 'react';
import type { MessageData, SessionEvent, StatusData } from '../../wire.ts';
import { TimeOfDay } from '../time.tsx';
import { usePageState } from '../use-page.ts';

/** Of a text, as much as a line can show. */
const LINE_CHARS = 120;

export function RawEvents() {
  const events = usePageState(({ log }) => log.events);
  const pane = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: events.length,
    getScrollElement: () => pane.current,
    getItemKey: (index) => events[index]?.offset ?? index,
    estimateSize: () => 33,
    overscan: 12,
    anchorTo: 'end',
    followOnAppend: true,
  });
  return (
    <div ref={pane} className="raw-events" tabIndex={0} role="region" aria-label="Events of the session">
      {events.length === 0 && <p className="hint">Nothing was stored yet.</p>}
      <div role="list" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            ref={list.measureElement}
            data-index={index}
            className="row"
            role="listitem"
            aria-setsize={events.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start}px)` }}
          >
            {events[index] && <RawEvent event={events[index]} />}
          </div>
        ))}
      </div>
    </div>
  );
}

const RawEvent = memo(function RawEvent({ event }: { readonly event: SessionEvent }) {
  return (
    <details className="raw-event" data-kind={event.kind}>
      <summary>
        <span className="raw-offset">{event.offset}</span>
        <span className="raw-kind">{event.kind}</span>
        <span className="raw-about">{aboutOf(event)}</span>
        <TimeOfDay at={event.creation_utc} seconds />
      </summary>
      <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
    </details>
  );
});

/** By whom, and what, in a line. */
function aboutOf({ kind, source, data }: SessionEvent): string {
  switch (kind) {
    case 'status':
      return `${source}: ${statusIn(data as StatusData)}`; // docs/events.md
    case 'message':
      return `${source}: ${(data as MessageData).message.slice(0, LINE_CHARS)}`; // docs/events.md
    default:
      return source;
  }
}

function statusIn({ status, data }: StatusData): string {
  const stage = data?.['stage'];
  return typeof stage === 'string' ? `${status}, ${stage}` : status;
}
