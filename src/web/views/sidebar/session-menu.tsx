/** What can be done with a session: a popover, and a dialog that asks before anything is gone. */
import { type ToggleEvent, useId, useRef } from 'react';
import type { Session } from '../../wire.ts';
import { Icon } from '../icon.tsx';
import { usePage } from '../use-page.ts';

export type SessionMenuProps = {
  readonly session: Session;
  readonly title: string;
  readonly onRename: () => void;
};

export function SessionMenu({ session, title, onRename }: SessionMenuProps) {
  const page = usePage();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const entry = { type: 'button', popoverTarget: id, popoverTargetAction: 'hide' } as const;
  return (
    <>
      <button type="button" className="icon-button" popoverTarget={id} aria-label={`More for ${title}`}>
        <Icon name="more" />
      </button>
      <div id={id} popover="auto" className="menu" onToggle={place}>
        <button {...entry} onClick={onRename}>
          Rename
        </button>
        {session.state === 'POLLING' ? (
          <button {...entry} onClick={() => void page.stop(session.id)}>
            Stop
          </button>
        ) : (
          <button {...entry} onClick={() => void page.start(session.id)}>
            Start
          </button>
        )}
        <button {...entry} className="danger" onClick={() => dialog.current?.showModal()}>
          Delete …
        </button>
      </div>
      <dialog ref={dialog} aria-labelledby={`${id}-title`}>
        <form method="dialog">
          <h2 id={`${id}-title`}>Delete “{title}”?</h2>
          <p>The session and everything that was said in it will be gone.</p>
          <div className="dialog-buttons">
            <button type="submit" className="button">
              Keep
            </button>
            <button type="submit" className="button danger" onClick={() => void page.remove(session.id)}>
              Delete
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}

/** Below the button before it, or above where there is no room; always within the window. */
function place({ newState, currentTarget: menu }: ToggleEvent<HTMLDivElement>): void {
  const at = menu.previousElementSibling?.getBoundingClientRect();
  if (newState !== 'open' || !at) return;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4;
  const top = below + height > innerHeight ? at.top - height - 4 : below;
  menu.style.top = `${Math.max(4, top)}px`;
  menu.style.left = `${Math.max(4, Math.min(at.right - width, innerWidth - width - 4))}px`;
}
