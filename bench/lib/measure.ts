/** Timing: medians of repeated runs, with the machine and the versions that they were made on. */
import os from 'node:os';

const RUNS = 5;

export type Result = {
  readonly name: string;
  /** The median over the runs. */
  readonly value: number;
  readonly unit: string;
  readonly runs: readonly number[];
};

/** Runs `body` once to warm up and five times for the record; it returns its own measure in `unit`. */
export function measure(name: string, unit: string, body: () => number): Result {
  body();
  const runs = Array.from({ length: RUNS }, body);
  return { name, unit, value: median(runs), runs };
}

/** Milliseconds that `work` takes. */
export function timed(work: () => void): number {
  const since = performance.now();
  work();
  return performance.now() - since;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Prints a table, or one JSON object with `--json`. */
export function report(bench: string, results: readonly Result[]): void {
  const machine = {
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
  };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ bench, machine, at: new Date().toISOString(), results }, null, 2));
    return;
  }
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
  );
  console.log(`Medians of ${RUNS} runs.\n`);
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, value, unit, runs } of results) {
    const spread = `${format(Math.min(...runs))} to ${format(Math.max(...runs))}`;
    console.log(`${name.padEnd(width)}  ${format(value).padStart(12)} ${unit}  (${spread})`);
  }
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
