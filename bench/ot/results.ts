/** The figures as a table for people and as JSON. */
import { describeMachine, type Machine } from '../lib/machine.ts';
import { RUNS } from '../lib/stats.ts';
import { digits, duration, rate, table } from '../lib/table.ts';
import { ENGINES, type EngineName } from './engines/index.ts';
import type { Figure } from './figure.ts';
import { LINES, type Line, type Row, type Unit } from './row.ts';

export type Cell =
  | { readonly kind: 'figure'; readonly figure: Figure }
  | { readonly kind: 'capped' }
  | { readonly kind: 'failed'; readonly reason: string };

export type EngineInfo = {
  readonly versions: string;
  readonly around: string;
  readonly ordered: boolean;
};

export type Results = {
  readonly at: Date;
  readonly machine: Machine;
  readonly capMs: number;
  readonly leftOut: readonly string[];
  readonly rows: readonly Row[];
  readonly cells: ReadonlyMap<Row, ReadonlyMap<EngineName, Cell>>;
  readonly infos: ReadonlyMap<EngineName, EngineInfo>;
};

/** The engine that the goals are about. */
const OURS: EngineName = 'codesync';

export function asJson(results: Results): string {
  const rows = results.rows.map((row) => ({
    line: row.line,
    what: row.what,
    unit: row.unit === 'rate' ? 'edits/s' : row.unit,
    n: row.n,
    goal: row.goal,
    engines: Object.fromEntries(results.cells.get(row)!),
    verdict: verdict(row, results),
  }));
  const { at, machine, capMs, leftOut, infos } = results;
  const json = { bench: 'ot', at, machine, capMs, leftOut, engines: Object.fromEntries(infos), rows };
  return JSON.stringify(json, null, 2);
}

export function asText(results: Results): string {
  const { at, machine, capMs, leftOut, rows, infos } = results;
  const engines = [...infos.keys()];
  const header = ['', ...engines.map((engine) => ENGINES[engine]), 'best of others', 'ratio', 'goal'];
  const notes: string[] = [];
  const parts = [
    `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${describeMachine(machine)}`,
    `Medians of ${RUNS} or more runs; * fewer, because one takes seconds. >${capMs / 1000} s: given up.`,
    [...infos.values()].map(({ versions }) => versions).join(', '),
  ];
  for (const line of Object.keys(LINES) as Line[]) {
    const ofLine = rows.filter((row) => row.line === line);
    if (ofLine.length === 0) continue;
    const lines = ofLine.flatMap((row) => {
      const cells = engines.map((engine) => cellText(row, results.cells.get(row)!.get(engine), capMs));
      for (const [engine, cell] of results.cells.get(row)!) {
        if (cell.kind === 'failed') notes.push(`${ENGINES[engine]}, ${line}, ${row.what}: ${cell.reason}`);
      }
      return [[row.what, ...cells, ...judged(row, results)], ...growthAfter(row, results)];
    });
    parts.push(`${line}. ${LINES[line]}\n\n${table(header, lines)}`);
    if (line === 'g') {
      parts.push([...infos].map(([engine, { around }]) => `${ENGINES[engine]}: ${around}`).join('; '));
    }
  }
  for (const note of new Set(notes)) parts.push(`n/a  ${note}`);
  for (const note of leftOut) parts.push(`left out  ${note}`);
  return parts.join('\n\n');
}

/** For each engine: the last two sizes of a series, one over the other. */
function growthAfter(row: Row, { rows, cells, infos }: Results): string[][] {
  const series = rows.filter((other) => other.line === row.line && other.series === row.series);
  const [smaller, larger] = series.slice(-2);
  if (row.series === undefined || row !== larger || smaller === undefined) return [];
  const growths = [...infos.keys()].map((engine) => {
    const from = cells.get(smaller)!.get(engine);
    const to = cells.get(larger)!.get(engine);
    if (from?.kind !== 'figure' || to?.kind !== 'figure') return '';
    return `× ${digits(to.figure.value / from.figure.value)}`;
  });
  const name = `  growth from N = ${smaller.n!.toLocaleString('en')} to ${larger.n!.toLocaleString('en')}`;
  return [[name, ...growths, '', '', '']];
}

function judged(row: Row, results: Results): string[] {
  const { best, ratio, goal, reached } = verdict(row, results);
  return [
    best === null ? '' : figureText(row.unit, best),
    ratio === null ? '' : `${digits(ratio)}`,
    reached === null ? goal : `${goal} ${reached ? '✓' : '✗'}`,
  ];
}

type Verdict = {
  /** The best of the others that the goal is measured by. */
  readonly best: number | null;
  /** Ours over that, or over the limit. */
  readonly ratio: number | null;
  readonly goal: string;
  readonly reached: boolean | null;
};

function verdict(row: Row, { cells, infos }: Results): Verdict {
  const { unit, goal } = row;
  const ofRow = cells.get(row)!;
  const more = unit === 'rate';
  const others: number[] = [];
  for (const [engine, cell] of ofRow) {
    const counts = goal.kind === 'limit' || goal.among === 'all' || infos.get(engine)!.ordered;
    if (engine !== OURS && counts && cell.kind === 'figure') others.push(cell.figure.value);
  }
  const best = others.length === 0 ? null : more ? Math.max(...others) : Math.min(...others);
  const ours = ofRow.get(OURS);
  const value = ours?.kind === 'figure' ? ours.figure.value : null;
  const sign = more ? '≥' : '≤';
  const against = goal.kind === 'limit' ? 1 : best;
  const ratio = value === null || against === null ? null : value / against;
  const bound = goal.kind === 'limit' ? goal.value : goal.factor;
  const text = goal.kind === 'limit' ? `${sign} ${bound}` : `${sign} ${bound} ×`;
  const reached = ratio === null ? null : more ? ratio >= bound : ratio <= bound;
  return { best, ratio, goal: text, reached };
}

function cellText(row: Row, cell: Cell | undefined, capMs: number): string {
  switch (cell?.kind) {
    case undefined:
      return '';
    case 'capped':
      return `>${capMs / 1000} s`;
    case 'failed':
      return 'n/a';
    case 'figure': {
      const few = cell.figure.runs < RUNS && (row.unit === 'ms' || row.unit === 'rate');
      return figureText(row.unit, cell.figure.value) + (few ? '*' : '');
    }
  }
}

function figureText(unit: Unit, value: number): string {
  switch (unit) {
    case 'rate':
      return rate(value);
    case 'ms':
      return duration(value);
    case 'times':
      return `${digits(value)} ×`;
    case 'bytes':
      return `${digits(value)} B`;
  }
}
