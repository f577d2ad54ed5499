/** The statechart of a session, live: where it stands, how it got there, and the way it took. */
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { createApi } from '../../api.ts';
import { activeStates, inWords } from '../../state/chart-position.ts';
import type { PageState } from '../../state/page-store.ts';
import { emptyLog, type SessionLog } from '../../state/session-log.ts';
import type { Chart, ChartSummary } from '../../wire.ts';
import { Select } from '../sidebar/select.tsx';
import { usePageState } from '../use-page.ts';
import { ChartPicture } from './chart-picture.tsx';
import { Moves } from './moves.tsx';
import { Positions } from './positions.tsx';
import { useFollow } from './use-follow.ts';
import { usePan } from './use-pan.ts';

const SMALLEST = 0.2;
const LARGEST = 1.5;
const USUAL = 0.75;
/** Around the picture, px. */
const MARGIN = 24;

export function Statechart() {
  const session = usePageState((state) => logOf(state).chart);
  const turn = usePageState((state) => logOf(state).turnChart);
  const [name, setName] = useState(session.machine);
  const chart = useChart(name);
  const watched = [session, turn].find((each) => each?.machine === name);
  const value = watched?.position?.value;
  return (
    <div className="statechart">
      <Positions session={session} turn={turn} shown={name} onShow={setName} />
      {chart ? (
        <Picture
          chart={chart}
          value={value}
          taken={watched?.moves.at(-1)?.id ?? null}
          words={value === undefined ? '' : inWords(value)}
        >
          <ChartChoice value={name} onChange={setName} />
        </Picture>
      ) : (
        <p className="hint">Drawing …</p>
      )}
      {watched && <Moves moves={watched.moves} />}
    </div>
  );
}

/** A session that is gone stands nowhere. */
function logOf({ log, logConnection }: PageState): SessionLog {
  return logConnection.status === 'closed' ? emptyLog : log;
}

type ChartChoiceProps = { readonly value: string; readonly onChange: (name: string) => void };

function ChartChoice({ value, onChange }: ChartChoiceProps) {
  const summaries = useCharts();
  if (summaries.length < 2) return null;
  const options = Object.fromEntries(summaries.map(({ name, id }) => [name, id]));
  return <Select label="Machine" value={value} options={options} onChange={onChange} />;
}

type PictureProps = {
  readonly chart: Chart;
  readonly value: unknown;
  readonly taken: string | null;
  readonly words: string;
  /** More tools. */
  readonly children: ReactNode;
};

function Picture({ chart, value, taken, words, children }: PictureProps) {
  const pane = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(USUAL);
  const [isFollowing, setFollowing] = useState(true);
  const active = useMemo(
    () => new Set(value === undefined ? [] : activeStates(chart, value)),
    [chart, value],
  );
  useFollow(pane, { chart, active, scale, isFollowing });
  const pan = usePan(pane);
  const zoom = (factor: number) => () =>
    setScale((now) => Math.min(LARGEST, Math.max(SMALLEST, now * factor)));
  const fit = (): void => {
    if (!pane.current) return;
    const { clientWidth, clientHeight } = pane.current;
    setScale(
      Math.min(clientWidth / (chart.size.width + MARGIN), clientHeight / (chart.size.height + MARGIN)),
    );
  };
  return (
    <div className="chart-frame">
      {/* Scrolled by keys as well. */}
      <div
        ref={pane}
        className="chart-pane"
        tabIndex={0}
        role="region"
        aria-label="Picture of the statechart"
        {...pan}
      >
        <ChartPicture
          chart={chart}
          scale={scale}
          active={active}
          taken={taken}
          label={`Statechart ${chart.id}${words === '' ? '' : `, now ${words}`}`}
        />
      </div>
      <div className="chart-tools" role="group" aria-label="The picture">
        {children}
        <button
          type="button"
          className="icon-button"
          aria-pressed={isFollowing}
          title="Keep the active state in sight"
          onClick={() => setFollowing(!isFollowing)}
        >
          Follow
        </button>
        <ZoomButton label="Smaller" onClick={zoom(0.8)}>
          −
        </ZoomButton>
        <ZoomButton label="Larger" onClick={zoom(1.25)}>
          +
        </ZoomButton>
        <ZoomButton label="Fit the whole picture" onClick={fit}>
          Fit
        </ZoomButton>
      </div>
    </div>
  );
}

type ZoomButtonProps = {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
};

function ZoomButton({ label, onClick, children }: ZoomButtonProps) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}

function useCharts(): readonly ChartSummary[] {
  const identity = usePageState((state) => state.identity);
  const [charts, setCharts] = useState<readonly ChartSummary[]>([]);
  useEffect(() => {
    createApi(identity).charts().then(setCharts, ignore);
  }, [identity]);
  return charts;
}

/** Asked for again when the server is back: it may not have been there. */
function useChart(name: string): Chart | undefined {
  const identity = usePageState((state) => state.identity);
  const isConnected = usePageState(({ listConnection }) => listConnection.status === 'open');
  const [chart, setChart] = useState<Chart>();
  const isMissing = chart?.name !== name;
  useEffect(() => {
    if (isMissing && isConnected) createApi(identity).chart(name).then(setChart, ignore);
  }, [identity, name, isConnected, isMissing]);
  return isMissing ? undefined : chart;
}

/** The picture comes when the server can be asked. */
function ignore(): void {}
