/** A conversation in which nothing was said yet: with whom it will be. */
import { Select } from '../sidebar/select.tsx';
import { usePage, usePageState } from '../use-page.ts';

export type EmptyProps = {
  /** null: the first there is. */
  readonly agentId: string | null;
  readonly agentName: string;
  /** The session was deleted, or is somebody else's. */
  readonly isGone: boolean;
};

export function Empty({ agentId, agentName, isGone }: EmptyProps) {
  const isMade = usePageState(({ openId }) => openId !== null);
  if (isGone) {
    return (
      <div className="empty">
        <h2>This session is not there</h2>
        <p>It was deleted, or it belongs to somebody else. “New session” begins another one.</p>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>Talk to {agentName}</h2>
      {!isMade && <OtherAgents agentId={agentId} />}
      <p className="hint">
        All that is said is kept in the session's log. Close the page, lose the connection, come back: it goes
        on where it was.
      </p>
    </div>
  );
}

/** Before the session is made. */
function OtherAgents({ agentId }: Pick<EmptyProps, 'agentId'>) {
  const page = usePage();
  const agents = usePageState((state) => state.agents);
  if (agents.length < 2) return null;
  return (
    <Select
      label="Answered by"
      value={agentId ?? agents[0]?.id ?? ''}
      options={Object.fromEntries(agents.map(({ id, name }) => [id, name]))}
      onChange={(chosen) => page.choose({ agentId: chosen })}
    />
  );
}
