/** How a stream stands, in words, with the offset it goes on behind. */
import { useEffect, useState } from 'react';
import type { ConnectionState } from '../connection/resuming-stream.ts';

export type ConnectionLineProps = {
  readonly connection: ConnectionState;
  /** -1: nothing was read yet. */
  readonly lastOffset: number;
};

export function ConnectionLine({ connection, lastOffset }: ConnectionLineProps) {
  return (
    <p className="connection" data-status={connection.status} role="status">
      <span className="dot" aria-hidden="true" />
      <span className="visually-hidden">Connection</span>
      <span>{connection.status}</span>
      <Detail connection={connection} />
      {lastOffset >= 0 && <span className="connection-offset">offset {lastOffset}</span>}
    </p>
  );
}

function Detail({ connection }: Pick<ConnectionLineProps, 'connection'>) {
  if (connection.status === 'retrying') return <Countdown at={connection.at} />;
  return connection.status === 'closed' ? <span>{connection.code}</span> : null;
}

/** Counts on screen only: read out, it would be all there is to hear. */
function Countdown({ at }: { readonly at: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">in {Math.max(0, Math.ceil((at - now) / 1000))} s</span>;
}
