/** Common to the small servers: listens on any free port of this machine, says which, ends when told. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export function listen(http: Server): void {
  http.listen(0, '127.0.0.1', () => console.log(`port ${(http.address() as AddressInfo).port}`));
  process.once('SIGTERM', () => process.exit(0));
}
