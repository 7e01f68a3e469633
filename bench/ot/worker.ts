/** A process of its own for one engine and one line: measures row after row and reports each to the parent. */
import './wasm-memory.ts';
import { versionOf } from '../lib/machine.ts';
import { type EngineName, loadEngine } from './engines/index.ts';
import type { Figure } from './figure.ts';
import { rowsOf } from './lines/index.ts';
import type { Line } from './row.ts';

/** What the worker is to do: rows of a line by their place in it. */
export type Job = {
  readonly engine: EngineName;
  readonly line: Line;
  readonly rows: readonly number[];
  readonly patienceMs: number;
};

export type Report =
  | { readonly kind: 'engine'; readonly versions: string; readonly around: string; readonly ordered: boolean }
  | { readonly kind: 'figure'; readonly row: number; readonly figure: Figure }
  | { readonly kind: 'failed'; readonly row: number; readonly reason: string };

const job: Job = JSON.parse(process.argv[2]!);

function report(message: Report): void {
  process.send!(message);
}

const engine = await loadEngine(job.engine);
report({
  kind: 'engine',
  versions: engine.packages.map((name) => `${name} ${versionOf(name)}`).join(' + '),
  around: engine.around,
  ordered: engine.ordered,
});
const { rows } = rowsOf([job.line]);
for (const row of job.rows) {
  try {
    report({ kind: 'figure', row, figure: rows[row]!.measure(engine, job.patienceMs) });
  } catch (error) {
    report({ kind: 'failed', row, reason: error instanceof Error ? error.message : String(error) });
  }
}
process.disconnect?.();
