/**
 * The text engine beside others, line by line (README.md says what they mean).
 *
 *   npm run bench -- ot [--lines a,c] [--engines codesync,yjs] [--cap seconds] [--json]
 *   TRACES=folder npm run bench -- ot        with recorded sessions (editing-traces format, *.json.gz)
 */
import { type ChildProcess, fork } from 'node:child_process';
import os from 'node:os';
import { flags, pick } from '../lib/flags.ts';
import { machine } from '../lib/machine.ts';
import { ENGINES, type EngineName } from './engines/index.ts';
import { rowsOf } from './lines/index.ts';
import { asJson, asText, type Cell, type EngineInfo, type Results } from './results.ts';
import { LINES, type Line, type Row } from './row.ts';
import type { Job, Report } from './worker.ts';

const DEFAULT_CAP_S = 30;
/** A measurement may use this share of the cap: beyond it no further run begins. */
const PATIENCE = 1 / 3;
/** Line g asks for collections; and see lib/stats.ts. The warning is about WASI, which has the thread's clock. */
const WORKER_FLAGS = [
  '--expose-gc',
  '--single-threaded-gc',
  '--max-old-space-size=6144',
  '--disable-warning=ExperimentalWarning',
];

const chosen = flags(['lines', 'engines', 'cap'], ['json']);
const lines = pick(chosen.lines, Object.keys(LINES) as Line[], 'line');
const engines = pick(chosen.engines, Object.keys(ENGINES) as EngineName[], 'engine');
const capMs = 1000 * Number(chosen.cap ?? DEFAULT_CAP_S);
if (!(capMs > 0)) {
  console.error('--cap takes a number of seconds');
  process.exit(1);
}

/** The process that measures now. It would not notice that this one is gone until its work is done. */
let measuring: ChildProcess | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    measuring?.kill('SIGKILL');
    process.exit(128 + os.constants.signals[signal]);
  });
}

const made = machine();
const { rows, leftOut } = rowsOf(lines);
const cells = new Map<Row, Map<EngineName, Cell>>(rows.map((row) => [row, new Map()]));
const infos = new Map<EngineName, EngineInfo>();
for (const line of lines) {
  const rowsOfLine = rows.filter((row) => row.line === line);
  for (const engine of engines) {
    process.stderr.write(`${line} ${ENGINES[engine]}\n`);
    await measureLine(engine, line, rowsOfLine);
  }
}
const results: Results = { at: new Date(), machine: made, capMs, leftOut, rows, cells, infos };
console.log(chosen.json ? asJson(results) : asText(results));

/** All rows of a line for one engine; a process that runs into the cap is replaced by one for what is left. */
async function measureLine(engine: EngineName, line: Line, rowsOfLine: readonly Row[]): Promise<void> {
  let left = rowsOfLine.map((_, index) => index);
  while (left.length > 0) {
    const stuck = await runWorker({ engine, line, rows: left, patienceMs: capMs * PATIENCE }, rowsOfLine);
    if (stuck === null) return;
    const { series, n } = rowsOfLine[stuck.row]!;
    left = left.slice(left.indexOf(stuck.row));
    left = left.filter((row) => {
      const { series: otherSeries, n: otherN } = rowsOfLine[row]!;
      const larger = series !== undefined && otherSeries === series && otherN! > n!;
      if (row === stuck.row || larger) cells.get(rowsOfLine[row]!)!.set(engine, stuck.cell);
      return row !== stuck.row && !larger;
    });
  }
}

/** Resolves to the row at which the worker was stuck, null when it did them all. */
function runWorker(job: Job, rowsOfLine: readonly Row[]): Promise<{ row: number; cell: Cell } | null> {
  return new Promise((resolve) => {
    const worker = fork(new URL('./worker.ts', import.meta.url), [JSON.stringify(job)], {
      execArgv: WORKER_FLAGS,
    });
    measuring = worker;
    const left = [...job.rows];
    let capped = false;
    const cap = (): NodeJS.Timeout =>
      setTimeout(() => {
        capped = true;
        worker.kill('SIGKILL');
      }, capMs);
    let timer = cap();
    worker.on('message', (message) => {
      const report = message as Report;
      if (report.kind === 'engine') {
        const { versions, around, ordered } = report;
        infos.set(job.engine, { versions, around, ordered });
        return;
      }
      clearTimeout(timer);
      timer = cap();
      left.shift();
      const cell: Cell =
        report.kind === 'figure'
          ? { kind: 'figure', figure: report.figure }
          : { kind: 'failed', reason: report.reason };
      cells.get(rowsOfLine[report.row]!)!.set(job.engine, cell);
    });
    whenOver(worker, (how) => {
      measuring = null;
      clearTimeout(timer);
      const row = left[0];
      if (row === undefined) resolve(null);
      else resolve({ row, cell: capped ? { kind: 'capped' } : { kind: 'failed', reason: how } });
    });
  });
}

function whenOver(worker: ChildProcess, over: (how: string) => void): void {
  worker.on('error', (error) => over(error.message));
  worker.on('exit', (code, signal) => over(`its process ended (${signal ?? code})`));
}
