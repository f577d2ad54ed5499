/** The live sessions as a table. */
import { memo } from 'react';
import { StateBadge } from '../views/state-badge.tsx';
import { Ago } from '../views/time.tsx';
import type { LiveSession } from '../wire.ts';

export type LiveTableProps = {
  readonly sessions: readonly LiveSession[];
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
};

const columns = [
  'Session',
  'Customer',
  'Agent',
  'State',
  'Turn',
  'Mode',
  'Since',
  'Followers',
  'Queue',
  'Offset',
  'Last poll',
  'Lag',
];

export function LiveTable({ sessions, openId, onOpen }: LiveTableProps) {
  return (
    <div className="live-table" tabIndex={0} role="region" aria-label="Live sessions">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Row
              key={session.session_id}
              session={session}
              isOpen={session.session_id === openId}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = {
  readonly session: LiveSession;
  readonly isOpen: boolean;
  readonly onOpen: (id: string) => void;
};

const Row = memo(function Row({ session, isOpen, onOpen }: RowProps) {
  const { session_id: id, last_poll_utc: lastPoll, lag_ms: lag } = session;
  return (
    <tr data-open={isOpen}>
      <th scope="row">
        <button type="button" className="link" aria-pressed={isOpen} onClick={() => onOpen(id)}>
          {id}
        </button>
      </th>
      <td>{session.customer_id}</td>
      <td>{session.agent_id}</td>
      <td>
        <StateBadge state={session.state} />
      </td>
      <td>{session.turn ?? '–'}</td>
      <td>{session.mode === 'manual' ? <span className="badge">manual</span> : 'auto'}</td>
      <td>
        <Ago at={session.since} />
      </td>
      <td className="number">{session.followers}</td>
      <td className="number">{session.queue_depth}</td>
      <td className="number">{session.last_offset < 0 ? '–' : session.last_offset}</td>
      <td>{lastPoll === null ? '–' : <Ago at={lastPoll} />}</td>
      <td className="number">{lag === null ? '–' : `${Math.round(lag)} ms`}</td>
    </tr>
  );
});
