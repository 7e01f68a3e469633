/** What processes hold, as Linux tells it: memory of their own, and open handles by kind. */
import fs from 'node:fs';
import { readIfThere } from '../lib/processes.ts';

/** Bytes that these processes do not share with any other: for a database, all but its shared buffers. */
export function privateBytes(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    const text = readIfThere(`/proc/${pid}/smaps_rollup`) ?? '';
    for (const name of ['Private_Clean', 'Private_Dirty'])
      kilobytes += Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  }
  return kilobytes * 1024;
}

export type Handles = Readonly<Record<string, number>>;

/** Open descriptors by kind: `socket`, `pipe`, `file`, or what the kernel calls a handle of its own, as `eventpoll`. */
export function handlesOf(pids: readonly number[]): Handles {
  const counts: Record<string, number> = {};
  for (const pid of pids) {
    for (const fd of list(`/proc/${pid}/fd`)) {
      const kind = kindOf(`/proc/${pid}/fd/${fd}`);
      if (kind !== null) counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

export function totalOf(handles: Handles): number {
  return Object.values(handles).reduce((sum, count) => sum + count, 0);
}

/** Bytes of the files below a folder, by the folder's entries; what disappears meanwhile counts as nothing. */
export function fileBytes(folder: string): number {
  let bytes = 0;
  for (const entry of list(folder)) {
    const file = `${folder}/${entry}`;
    const info = fs.lstatSync(file, { throwIfNoEntry: false });
    if (info?.isDirectory()) bytes += fileBytes(file);
    else if (info?.isFile()) bytes += info.size;
  }
  return bytes;
}

/** Null when it was closed meanwhile. */
function kindOf(link: string): string | null {
  let target: string;
  try {
    target = fs.readlinkSync(link);
  } catch {
    return null;
  }
  const kernel = /^anon_inode:\[?(\w+)\]?/.exec(target);
  if (kernel !== null) return kernel[1]!;
  return /^(socket|pipe):/.exec(target)?.[1] ?? 'file';
}

/** Empty when the process or the folder is gone. */
function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
