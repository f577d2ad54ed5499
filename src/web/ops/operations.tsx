/** The operator page: every live session, and a desk to take one over. */
import { useSelector } from '@xstate/store-react';
import { useEffect, useState } from 'react';
import type { HubClient } from '../connection/hub-client.ts';
import { asOperator, type Identity } from '../identity.ts';
import { ConnectionLine } from '../views/connection-line.tsx';
import { createDesk, type Desk } from './desk.ts';
import { LiveTable } from './live-table.tsx';
import { OpenSession } from './open-session.tsx';

export type OperationsProps = { readonly hub: HubClient; readonly identity: Identity };

export default function Operations({ hub, identity }: OperationsProps) {
  const [desk] = useState(() => createDesk({ hub, identity: asOperator(identity) }));
  useEffect(() => desk.watch(), [desk]);
  const openId = useSelector(desk.store, ({ context }) => context.openId);
  return (
    <div className="operations" data-open={openId !== null}>
      <header className="operations-head">
        <a className="brand" href="/">
          <span className="mark" aria-hidden="true" />
          <span>Colloquy</span>
        </a>
        <h1>Live sessions</h1>
        <LiveConnection desk={desk} />
      </header>
      <main>
        <Live desk={desk} />
      </main>
      {openId !== null && <OpenSession key={openId} desk={desk} sessionId={openId} />}
    </div>
  );
}

function LiveConnection({ desk }: { readonly desk: Desk }) {
  const connection = useSelector(desk.store, ({ context }) => context.liveConnection);
  return <ConnectionLine connection={connection} lastOffset={-1} />;
}

function Live({ desk }: { readonly desk: Desk }) {
  const { sessions, isKnown } = useSelector(desk.store, ({ context }) => context.live);
  const openId = useSelector(desk.store, ({ context }) => context.openId);
  const connection = useSelector(desk.store, ({ context }) => context.liveConnection);
  if (connection.status === 'closed') {
    return (
      <p className="empty">
        Only operators may see this page ({connection.code}). <a href="/">Sign in as one</a>.
      </p>
    );
  }
  if (sessions.length === 0) {
    return (
      <p className="empty">{isKnown ? 'No session is in memory now.' : 'Reading the live sessions …'}</p>
    );
  }
  return <LiveTable sessions={sessions} openId={openId} onOpen={desk.open} />;
}
