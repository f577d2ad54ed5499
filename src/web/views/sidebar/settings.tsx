/** Who speaks with whom, and how. What is chosen for the open session is the server's to keep; the rest is this browser's. */
import { type FormEvent, useId } from 'react';
import { mayOperate } from '../../identity.ts';
import { openSession, type Theme } from '../../state/page-store.ts';
import type { Interruption, Session, SessionMode } from '../../wire.ts';
import { textIn } from '../text-in.ts';
import { usePage, usePageState } from '../use-page.ts';
import { Select } from './select.tsx';

const themes: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };
const modes: Record<SessionMode, string> = { auto: 'The agent (auto)', manual: 'A person (manual)' };
const interruptions: Record<Interruption, string> = {
  interrupt: 'Interrupts it',
  enqueue: 'Waits for its turn',
  reject: 'Is refused',
};

export function Settings() {
  const page = usePage();
  const theme = usePageState((state) => state.theme);
  return (
    <details className="settings">
      <summary>Settings</summary>
      <div className="settings-body">
        <User />
        <NewSessions />
        <ThisSession />
        <Select label="Theme" value={theme} options={themes} onChange={page.chooseTheme} />
      </div>
    </details>
  );
}

/** `AUTH=dev` believes any name. */
function User() {
  const page = usePage();
  const identity = usePageState((state) => state.identity);
  const id = useId();
  if (identity.as === 'bearer') {
    return (
      <div className="field">
        <span>Signed in with a token</span>
        <button type="button" className="button" onClick={() => page.identify({ as: 'user', name: 'guest' })}>
          Sign out
        </button>
      </div>
    );
  }
  const name = identity.as === 'user' ? identity.name : '';
  const change = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const wanted = textIn(event.currentTarget, 'user');
    if (wanted !== '' && wanted !== name) page.identify({ as: 'user', name: wanted });
  };
  return (
    <form className="field" onSubmit={change}>
      <label htmlFor={id}>User</label>
      <div className="field-row">
        <input key={name} id={id} name="user" defaultValue={name} maxLength={200} autoComplete="off" />
        <button type="submit" className="button">
          Change
        </button>
      </div>
    </form>
  );
}

function NewSessions() {
  const page = usePage();
  const agents = usePageState((state) => state.agents);
  const choice = usePageState((state) => state.choice);
  const names = Object.fromEntries(agents.map(({ id, name }) => [id, name]));
  const policies = { agent: 'As the agent has it', ...interruptions };
  return (
    <fieldset>
      <legend>New sessions</legend>
      <Select
        label="Agent"
        value={choice.agentId ?? agents[0]?.id ?? ''}
        options={names}
        onChange={(agentId) => page.choose({ agentId })}
      />
      <Select
        label="A message while it answers"
        value={choice.interruption ?? 'agent'}
        options={policies}
        onChange={(policy) => page.choose({ interruption: policy === 'agent' ? null : policy })}
      />
    </fieldset>
  );
}

function ThisSession() {
  const session = usePageState(openSession);
  const canOperate = usePageState((state) => mayOperate(state.identity));
  return session && canOperate ? <OfSession session={session} /> : null;
}

function OfSession({ session }: { readonly session: Session }) {
  const page = usePage();
  const policies =
    session.interruption === null ? { '': 'As the agent has it', ...interruptions } : interruptions;
  return (
    <fieldset>
      <legend>This session</legend>
      <Select
        label="Who answers"
        value={session.mode}
        options={modes}
        onChange={(mode) => void page.configure(session.id, { mode })}
      />
      <Select
        label="A message while it answers"
        value={session.interruption ?? ''}
        options={policies as Record<Interruption | '', string>} // with `''` where that is its value
        onChange={(interruption) => interruption !== '' && void page.configure(session.id, { interruption })}
      />
    </fieldset>
  );
}
