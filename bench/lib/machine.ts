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
};

export function machine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    load: Math.round(os.loadavg()[0]! * 10) / 10,
  };
}

export function describeMachine(made: Machine): string {
  return `${made.cpu}, ${made.cores} cores, ${made.memoryGiB} GiB, ${made.system}, Node ${made.node}, load ${made.load} at the start`;
}

/** The version of an npm package that bench/ installed, or of one of the product's. */
export function versionOf(name: string): string {
  for (const folder of ['../node_modules', '../../node_modules']) {
    const manifest = new URL(`${folder}/${name}/package.json`, import.meta.url);
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, 'utf8')).version;
  }
  return 'not installed';
}
