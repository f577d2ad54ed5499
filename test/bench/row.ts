/** One line of the bench's table: what was measured, what it may be, and whether it is. */
export type Row = {
  readonly what: string;
  readonly ours: string;
  readonly bare: string;
  readonly measured: string;
  readonly bound: string;
  readonly holds: boolean;
};

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** A row about a ratio to the bare program; `pairs` were measured one right after the other. */
export function ratioRow(options: {
  readonly what: string;
  readonly unit: string;
  readonly pairs: readonly { readonly ours: number; readonly bare: number }[];
  readonly atMost: number;
}): Row {
  const ratio = median(options.pairs.map(({ ours, bare }) => ours / bare));
  const show = (value: number): string => `${value.toFixed(2)} ${options.unit}`;
  return {
    what: options.what,
    ours: show(median(options.pairs.map(({ ours }) => ours))),
    bare: show(median(options.pairs.map(({ bare }) => bare))),
    measured: `${ratio.toFixed(2)} x`,
    bound: `<= ${options.atMost} x`,
    holds: ratio <= options.atMost,
  };
}

/** A row about one figure of ours. */
export function plainRow(options: {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  readonly atMost: number;
  readonly digits?: number;
}): Row {
  const { what, measured, unit, atMost, digits = 0 } = options;
  const shown = `${measured.toFixed(digits)} ${unit}`;
  return {
    what,
    ours: shown,
    bare: '',
    measured: shown,
    bound: `<= ${atMost} ${unit}`,
    holds: measured <= atMost,
  };
}

/** The rows as a Markdown table, aligned for reading in a terminal. */
export function toTable(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'bare', 'measured', 'bound', 'verdict'];
  const lines = rows.map((row) => [
    row.what,
    row.ours,
    row.bare,
    row.measured,
    row.bound,
    row.holds ? 'holds' : 'BROKEN',
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const format = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [
    format(head),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...lines.map(format),
  ].join('\n');
}
