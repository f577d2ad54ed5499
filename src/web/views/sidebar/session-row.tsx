/** One of the user's sessions: opened by a click, renamed in place, and what else can be done with it in a menu. */
import { type FormEvent, memo, useState } from 'react';
import { titleOf } from '../../state/session-list.ts';
import type { Session } from '../../wire.ts';
import { StateBadge } from '../state-badge.tsx';
import { textIn } from '../text-in.ts';
import { Ago } from '../time.tsx';
import { usePage, usePageState } from '../use-page.ts';
import { SessionMenu } from './session-menu.tsx';

export type SessionRowProps = { readonly session: Session; readonly onOpen: () => void };

export const SessionRow = memo(function SessionRow({ session, onOpen }: SessionRowProps) {
  const page = usePage();
  const [isRenaming, setRenaming] = useState(false);
  const isOpen = usePageState((state) => state.openId === session.id);
  const agentName = usePageState(
    ({ agents }) => agents.find(({ id }) => id === session.agent_id)?.name ?? session.agent_id,
  );
  if (isRenaming) return <Rename session={session} onDone={() => setRenaming(false)} />;
  const open = (): void => {
    page.open(session.id);
    onOpen();
  };
  return (
    <li className="session" data-open={isOpen}>
      <button
        type="button"
        className="session-open"
        aria-current={isOpen ? 'page' : undefined}
        onClick={open}
      >
        <span className="session-title">{titleOf(session)}</span>
        <span className="session-about">
          <StateBadge state={session.state} />
          <span className="session-agent">{agentName}</span>
          <Ago at={session.last_activity_utc} />
        </span>
      </button>
      <SessionMenu session={session} title={titleOf(session)} onRename={() => setRenaming(true)} />
    </li>
  );
});

function Rename({ session, onDone }: { readonly session: Session; readonly onDone: () => void }) {
  const page = usePage();
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const title = textIn(event.currentTarget, 'title');
    if (title !== '' && title !== session.title) void page.rename(session.id, title);
    onDone();
  };
  return (
    <li className="session renaming">
      <form onSubmit={save}>
        <label>
          <span className="visually-hidden">New title</span>
          <input
            ref={focus}
            name="title"
            defaultValue={session.title ?? ''}
            maxLength={200}
            onKeyDown={({ key }) => key === 'Escape' && onDone()}
          />
        </label>
        <button type="submit" className="button">
          Save
        </button>
        <button type="button" className="button" onClick={onDone}>
          Cancel
        </button>
      </form>
    </li>
  );
}

/** The user has just asked to write here. */
function focus(input: HTMLInputElement | null): void {
  input?.select();
}
