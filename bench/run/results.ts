/** The figures as a table for people and as JSON. */
import { describeMachine, type Machine } from '../lib/machine.ts';
import { digits, table } from '../lib/table.ts';
import { LINES, type LineName } from './lines/index.ts';
import type { Goal, Metric, Outcomes, Size, Unit } from './measure.ts';
import type { WayName } from './way.ts';

export type Results = {
  readonly at: Date;
  readonly machine: Machine;
  readonly size: Size;
  readonly versions: string;
  readonly ways: readonly {
    readonly name: WayName;
    readonly title: string;
    readonly remark: string | null;
  }[];
  readonly outcomes: ReadonlyMap<LineName, Outcomes>;
};

/** Where goals are to be reached, unless a metric says otherwise. */
const OURS: WayName = 'runner';

export function asJson({ at, machine, size, versions, ways, outcomes }: Results): string {
  const lines = [...outcomes].map(([line, byWay]) => ({
    line,
    title: LINES[line].title,
    metrics: LINES[line].metrics.map((metric: Metric, i) => ({
      what: metric.what,
      unit: metric.unit,
      ways: Object.fromEntries([...byWay].map(([way, { figures }]) => [way, figures[i] ?? null])),
      goals: (metric.goals ?? []).map((goal) => judge(goal, metric.of ?? OURS, byWay, i)),
    })),
    faults: Object.fromEntries(
      [...byWay].flatMap(([way, { fault }]) => (fault === null ? [] : [[way, fault]])),
    ),
  }));
  return JSON.stringify({ bench: 'run', at, machine, size, versions, ways, lines }, null, 2);
}

export function asText({ at, machine, size, versions, ways, outcomes }: Results): string {
  const parts = [
    `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${describeMachine(machine)}`,
    `${versions}. Medians of ${size.interpreted} runs, of compiled programs ${size.compiled}, of floods and empty pools ${size.others}; by turns. Goals are for figures at the runner; the server’s memory is judged with a room.`,
    ...ways.flatMap(({ remark }) => (remark === null ? [] : [`${remark}.`])),
  ];
  for (const [line, byWay] of outcomes) {
    const { title, metrics } = LINES[line];
    const shown = ways.filter(({ name }) => byWay.has(name));
    const header = ['', ...shown.map(({ title }) => title), 'goal'];
    const rows = metrics.map((metric: Metric, i) => {
      const cells = shown.map(({ name }) => figureText(metric.unit, byWay.get(name)!.figures[i] ?? null));
      return [metric.what, ...cells, goalsText(metric, byWay, i)];
    });
    parts.push(`${line}  ${title}\n\n${table(header, rows)}`);
    for (const { name, title } of shown) {
      const { fault } = byWay.get(name)!;
      if (fault !== null) parts.push(`${title}: ${fault}`);
    }
  }
  return parts.join('\n\n');
}

/** `bound`: the most that reaches it; null where it hangs on a figure that is not there. */
type Verdict = { readonly bound: number | null; readonly reached: boolean | null };

function judge(goal: Goal, of: WayName, outcomes: Outcomes, metric: number): Verdict {
  const ours = outcomes.get(of)?.figures[metric] ?? null;
  const bound = goal.kind === 'atMost' ? goal.value : (outcomes.get('local')?.figures[metric] ?? null);
  if (ours === null || bound === null) return { bound, reached: null };
  return { bound, reached: goal.kind === 'atMost' ? ours <= bound : ours < bound };
}

function goalsText({ goals, unit, of }: Metric, outcomes: Outcomes, metric: number): string {
  return (goals ?? [])
    .flatMap((goal) => {
      const { bound, reached } = judge(goal, of ?? OURS, outcomes, metric);
      if (bound === null) return [];
      const mark = reached === null ? '' : reached ? ' ✓' : ' ✗';
      return [`${goal.kind === 'atMost' ? '≤' : '<'} ${figureText(unit, bound)}${mark}`];
    })
    .join(', ');
}

function figureText(unit: Unit, value: number | null): string {
  if (value === null) return '';
  switch (unit) {
    case 'ms':
      return `${digits(value)} ms`;
    case 'bytes':
      return `${value < 0 ? '−' : ''}${digits(Math.abs(value) / 1e6)} MB`;
    case 'bytesPerSecond':
      return `${digits(value / 1e6)} MB/s`;
    case 'lines':
      return value.toLocaleString('en');
    case 'times':
      return value.toFixed(2);
    case 'perSecond':
      return digits(value);
  }
}
