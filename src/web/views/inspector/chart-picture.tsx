/** A statechart as SVG. The server has placed everything: here it is only drawn, with the active states and the last transition marked. */
import { memo } from 'react';
import type { Chart, ChartEdge, ChartNode } from '../../wire.ts';
import { roundedPath } from './rounded-path.ts';

export type ChartPictureProps = {
  readonly chart: Chart;
  readonly scale: number;
  /** Ids. */
  readonly active: ReadonlySet<string>;
  /** Id of the transition taken last; null: none was. */
  readonly taken: string | null;
  /** What there is to see, in words. */
  readonly label: string;
};

const NAME_BASELINE = 20;
const LABEL_LINE = 14;

export const ChartPicture = memo(function ChartPicture({
  chart,
  scale,
  active,
  taken,
  label,
}: ChartPictureProps) {
  const { width, height } = chart.size;
  const last = chart.edges.find(({ id }) => id === taken);
  const others = chart.edges.filter((edge) => edge !== last);
  const possible = others.filter(({ source }) => active.has(source));
  const impossible = others.filter(({ source }) => !active.has(source));
  return (
    <svg
      className="chart"
      role="img"
      aria-label={label}
      width={(width + 2) * scale}
      height={(height + 2) * scale}
      viewBox={`-1 -1 ${width + 2} ${height + 2}`}
    >
      <defs>
        <Arrow id="arrow" />
        <Arrow id="arrow-possible" />
        <Arrow id="arrow-taken" />
      </defs>
      {chart.nodes.map((node) => (
        <State key={node.id} node={node} isActive={active.has(node.id)} isRegion={isRegion(chart, node)} />
      ))}
      {chart.starts.map((start) => (
        <g key={start.parentId} className="chart-start">
          <circle cx={start.x + start.width / 2} cy={start.y + start.height / 2} r={start.width / 2} />
          <path d={roundedPath(start.points)} markerEnd="url(#arrow)" />
        </g>
      ))}
      {impossible.map((edge) => (
        <Line key={edge.id} edge={edge} />
      ))}
      {possible.map((edge) => (
        <Line key={edge.id} edge={edge} isPossible />
      ))}
      {others.map((edge) => (
        <Label key={edge.id} edge={edge} />
      ))}
      {last && (
        <g className="chart-taken">
          <Line edge={last} />
          <Label edge={last} />
        </g>
      )}
    </svg>
  );
});

function Arrow({ id }: { readonly id: string }) {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerUnits="userSpaceOnUse"
      markerWidth="9"
      markerHeight="9"
      orient="auto"
    >
      <path d="M0 .8 7.4 4 0 7.2z" />
    </marker>
  );
}

function isRegion({ nodes }: Chart, { parentId }: ChartNode): boolean {
  return nodes.some(({ id, type }) => id === parentId && type === 'parallel');
}

type StateProps = { readonly node: ChartNode; readonly isActive: boolean; readonly isRegion: boolean };

function State({
  node: { id, key, type, description, x, y, width, height },
  isActive,
  isRegion,
}: StateProps) {
  const isInner = type === 'atomic' || type === 'final';
  return (
    <g
      className="chart-state"
      data-state-id={id}
      data-active={isActive}
      data-type={isRegion ? 'region' : type}
    >
      {description !== null && <title>{description}</title>}
      <rect x={x} y={y} width={width} height={height} rx={isInner ? 8 : 12} />
      {type === 'final' && <rect x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={5} />}
      <text
        x={isInner ? x + width / 2 : x + 12}
        y={y + NAME_BASELINE}
        textAnchor={isInner ? 'middle' : 'start'}
      >
        {key}
      </text>
    </g>
  );
}

type LineProps = { readonly edge: ChartEdge; readonly isPossible?: boolean };

function Line({ edge: { points }, isPossible = false }: LineProps) {
  if (points.length === 0) return null;
  return <path className="chart-line" data-possible={isPossible} d={roundedPath(points)} />;
}

function Label({ edge }: { readonly edge: ChartEdge }) {
  const {
    label,
    guard,
    description,
    internal,
    labelX: x,
    labelY: y,
    labelWidth: width,
    labelHeight: height,
  } = edge;
  const lines = guard === null ? [label] : [label, `[${guard}]`];
  return (
    <g className="chart-label">
      {description !== null && <title>{description}</title>}
      {!internal && <rect x={x - 3} y={y} width={width + 6} height={height} rx={3} />}
      {lines.map((line, index) => (
        <text key={line} x={x} y={y + index * LABEL_LINE + 11} data-guard={index > 0}>
          {line}
        </text>
      ))}
    </g>
  );
}
