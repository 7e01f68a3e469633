/** What a figure was measured on: without it, it says nothing. */
import fs from 'node:fs';
import os from 'node:os';

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a core in the last minute, on average, when the bench began. */
  readonly load: number;
  readonly ticks: ProcessorTicks | null;
};

/** Ticks of all processors since the machine started. */
type ProcessorTicks = { readonly stolen: number; readonly all: number };

export function machine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    load: Math.round(os.loadavg()[0]! * 10) / 10,
    ticks: processorTicks(),
  };
}

/** What it was, and how much of its processors' time went to other machines on the same host since `made`. */
export function describeMachine(made: Machine): string {
  const now = processorTicks();
  const stolen =
    made.ticks === null || now === null
      ? ''
      : `, ${((100 * (now.stolen - made.ticks.stolen)) / Math.max(1, now.all - made.ticks.all)).toFixed(1)} % of its time kept by the host`;
  return `${made.cpu}, ${made.cores} cores, ${made.memoryGiB} GiB, ${made.system}, Node ${made.node}, load ${made.load} at the start${stolen}`;
}

/** Null where the system does not tell (proc(5), /proc/stat: the eighth figure of `cpu` is stolen time). */
function processorTicks(): ProcessorTicks | null {
  if (!fs.existsSync('/proc/stat')) return null;
  const ticks = fs
    .readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, one) => sum + one, 0) };
}

/** The version of an npm package that bench/ installed, or of one of the product's. */
export function versionOf(name: string): string {
  for (const folder of ['../node_modules', '../../node_modules']) {
    const manifest = new URL(`${folder}/${name}/package.json`, import.meta.url);
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, 'utf8')).version;
  }
  return 'not installed';
}
