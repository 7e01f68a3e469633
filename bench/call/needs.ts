/** What this bench needs of a machine. */
import fs from 'node:fs';
import path from 'node:path';
import { chromiumPath } from '../../e2e/harness/chromium.ts';
import { hasNetem } from './network.ts';

const PROGRAMS = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  ip: 'iproute2',
  tc: 'iproute2',
  ping: 'iputils-ping',
  turnserver: 'coturn',
};
const TUN = '/dev/net/tun';

/** A sentence about what is missing; null where all is there. */
export async function missing(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'This bench needs Linux and root: it puts each person into a network namespace of their own.';
  const packages = Object.entries(PROGRAMS).flatMap(([program, name]) => (isThere(program) ? [] : [name]));
  if (packages.length > 0)
    return `This bench needs what these packages have: ${[...new Set(packages)].join(', ')}.`;
  if (chromiumPath() === null) return 'This bench needs Chromium.';
  if (!(await hasNetem()) && !(isThere('python3') && fs.existsSync(TUN)))
    return `This bench holds packets back by netem, which this kernel does not have, or by Python and ${TUN}, which are not there.`;
  return null;
}

function isThere(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => folder !== '' && fs.existsSync(path.join(folder, program)));
}
