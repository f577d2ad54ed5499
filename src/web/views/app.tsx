/** The page: sessions, the conversation, and what goes on inside it, side by side where there is room, else one at a time. */
import { useEffect, useState } from 'react';
import { openSession } from '../state/page-store.ts';
import { titleOf } from '../state/session-list.ts';
import { Chat } from './chat/chat.tsx';
import { Complaint } from './complaint.tsx';
import { Icon } from './icon.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { Sidebar } from './sidebar/sidebar.tsx';
import { SignIn } from './sign-in.tsx';
import { usePageState } from './use-page.ts';

type Pane = 'sessions' | 'chat' | 'inside';

export function App() {
  const [pane, setPane] = useState<Pane>('chat');
  const viewKey = usePageState((state) => state.viewKey);
  const session = usePageState(openSession);
  const isStranger = usePageState(
    ({ listConnection }) => listConnection.status === 'closed' && listConnection.code === 'UNAUTHENTICATED',
  );
  useEffect(() => {
    document.title = session ? `${titleOf(session)} – Colloquy` : 'Colloquy';
  }, [session]);
  if (isStranger) return <SignIn />;
  return (
    <main className="page" data-pane={pane}>
      <h1 className="visually-hidden">Colloquy</h1>
      <button
        type="button"
        className="skip"
        onClick={() => document.querySelector<HTMLElement>('#composer')?.focus()}
      >
        To the message box
      </button>
      <Sidebar onOpen={() => setPane('chat')} />
      <section className="chat" aria-label="Conversation">
        <Chat key={viewKey} />
      </section>
      <Inspector />
      <PaneChoice pane={pane} onChoose={setPane} />
      <Complaint />
    </main>
  );
}

type PaneChoiceProps = { readonly pane: Pane; readonly onChoose: (pane: Pane) => void };

/** Shown where there is no room for all. */
function PaneChoice({ pane, onChoose }: PaneChoiceProps) {
  const choices = [
    { name: 'sessions', words: 'Sessions', icon: 'list' },
    { name: 'chat', words: 'Chat', icon: 'chat' },
    { name: 'inside', words: 'Statechart', icon: 'chart' },
  ] as const;
  return (
    <nav className="panes" aria-label="Parts of the page">
      {choices.map(({ name, words, icon }) => (
        <button
          key={name}
          type="button"
          data-name={name}
          aria-current={name === pane ? 'true' : undefined}
          onClick={() => onChoose(name)}
        >
          <Icon name={icon} /> {words}
        </button>
      ))}
    </nav>
  );
}
