/** One row of a benchmark: ours beside its floor, both measured in this run. docs/surfaces.md, "Commands". */
export interface Row {
  readonly name: string;
  readonly variant: string;
  readonly unit: 'ms' | 'kB' | 'MB' | '/s';
  readonly floor: number;
  readonly ours: number;
  readonly ratio: number;
  /**
   * Where lower is better: what `ours` (or `ours - floor`, where the variant says so) must not pass. Where higher is
   * better: what `ratio` must reach, or `ours` where there is no floor.
   */
  readonly goal: number;
  readonly better: 'higher' | 'lower';
  readonly pass: boolean;
}

export function row(
  name: string,
  variant: string,
  unit: Row['unit'],
  measured: { readonly floor: number; readonly ours: number; readonly goal: number; readonly compared: number },
): Row {
  const round = (value: number) => Math.round(value * 10) / 10;
  const { floor, ours, goal, compared } = measured;
  const ratio = floor > 0 ? Math.round((ours / floor) * 100) / 100 : 0;
  return {
    name,
    variant,
    unit,
    floor: round(floor),
    ours: round(ours),
    ratio,
    goal,
    better: 'lower',
    pass: compared <= goal,
  };
}

/** A rate, of which more is better: the goal is a share of the floor, or the rate itself where there is no floor. */
export function rate(
  name: string,
  variant: string,
  { floor, ours }: { readonly floor: number; readonly ours: number },
  goal: number,
): Row {
  const ratio = floor > 0 ? Math.round((ours / floor) * 100) / 100 : 0;
  const pass = (floor > 0 ? ours / floor : ours) >= goal;
  return {
    name,
    variant,
    unit: '/s',
    floor: Math.round(floor),
    ours: Math.round(ours),
    ratio,
    goal,
    better: 'higher',
    pass,
  };
}

/** `p` in [0, 1]; nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map((r) => [
    `${r.name} ${r.variant}`,
    `floor ${r.floor} ${r.unit}`,
    `ours ${r.ours} ${r.unit}`,
    r.ratio > 0 ? `ratio ${r.ratio}` : '',
    r.better === 'higher' && r.ratio > 0 ? `goal ${r.goal} of the floor` : `goal ${r.goal} ${r.unit}`,
    r.pass ? 'met' : 'MISSED',
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((i) => Math.max(0, ...cells.map((line) => line[i]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
