/** The user's own sessions, and the settings. */
import { mayOperate } from '../../identity.ts';
import { ConnectionLine } from '../connection-line.tsx';
import { VoiceTest } from '../../voice/voice-test.tsx';
import { Icon } from '../icon.tsx';
import { usePage, usePageState } from '../use-page.ts';
import { SessionRow } from './session-row.tsx';
import { Settings } from './settings.tsx';

export function Sidebar({ onOpen }: { readonly onOpen: () => void }) {
  const page = usePage();
  const connection = usePageState((state) => state.listConnection);
  const canOperate = usePageState((state) => mayOperate(state.identity));
  const create = async (): Promise<void> => {
    await page.createSession();
    onOpen();
  };
  return (
    <section className="sidebar" aria-label="Your sessions and settings">
      <header className="brand">
        <span className="mark" aria-hidden="true" />
        <span>Colloquy</span>
        {canOperate && (
          <a className="quiet" href="/ops">
            Operations
          </a>
        )}
      </header>
      <button type="button" className="button primary wide" onClick={() => void create()}>
        <Icon name="plus" /> New session
      </button>
      <VoiceTest onOpen={onOpen} />
      <Sessions onOpen={onOpen} />
      <Settings />
      <ConnectionLine connection={connection} lastOffset={-1} />
    </section>
  );
}

function Sessions({ onOpen }: { readonly onOpen: () => void }) {
  const { sessions, hasMore, isKnown } = usePageState((state) => state.list);
  if (sessions.length === 0) {
    return <p className="sessions hint">{isKnown ? 'No sessions yet.' : 'Reading your sessions …'}</p>;
  }
  return (
    <nav className="sessions" aria-label="Your sessions">
      <ul>
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} onOpen={onOpen} />
        ))}
      </ul>
      {hasMore && <p className="hint">Older ones are not listed.</p>}
    </nav>
  );
}
