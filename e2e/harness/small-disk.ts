/** A disk of its own for a data folder, small enough to be filled: a tmpfs, which takes root to mount. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Need } from './needs.ts';

/** Whether this process may mount anything. */
export const MOUNTS: Need = {
  what: 'disk that this user may mount',
  met: process.platform === 'linux' && process.getuid?.() === 0,
};

export class SmallDisk {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-disk-'));
  readonly #ballast = path.join(this.folder, 'ballast');

  mount(megabytes: number): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', this.folder]);
  }

  /** Fills the disk but for so many bytes. */
  fill(spare = 0): void {
    const file = fs.openSync(this.#ballast, 'a');
    const page = Buffer.alloc(4096);
    const block = Buffer.alloc(1 << 20);
    try {
      for (;;) {
        const free = this.free() - spare;
        if (free < page.length) return;
        fs.writeSync(file, free >= block.length ? block : page);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      fs.closeSync(file);
    }
  }

  /** Bytes that can still be written. */
  free(): number {
    const { bavail, bsize } = fs.statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Takes away what `fill` wrote. */
  relieve(): void {
    fs.rmSync(this.#ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
    fs.rmdirSync(this.folder);
  }
}
