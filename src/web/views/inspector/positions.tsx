/** Where the statecharts of a session stand, in words: its own, and that of its turns. Either can be shown as a picture. */
import { inWords } from '../../state/chart-position.ts';
import type { WatchedChart } from '../../state/session-log.ts';

export type PositionsProps = {
  readonly session: WatchedChart;
  readonly turn: WatchedChart | null;
  /** Name of the machine that is shown. */
  readonly shown: string;
  readonly onShow: (machine: string) => void;
};

export function Positions({ session, turn, shown, onShow }: PositionsProps) {
  return (
    <div className="positions" role="group" aria-label="Where it stands">
      <Position title="Session" chart={session} none="no session is open" shown={shown} onShow={onShow} />
      {turn && <Position title="Turn" chart={turn} none="none yet" shown={shown} onShow={onShow} />}
    </div>
  );
}

type PositionProps = Pick<PositionsProps, 'shown' | 'onShow'> & {
  readonly title: string;
  readonly chart: WatchedChart;
  /** What to say while nothing is known. */
  readonly none: string;
};

function Position({ title, chart: { machine, position }, none, shown, onShow }: PositionProps) {
  return (
    <button
      type="button"
      className="position"
      aria-pressed={machine === shown}
      onClick={() => onShow(machine)}
    >
      <span>{title}</span> <strong>{position ? inWords(position.value) : none}</strong>
    </button>
  );
}
