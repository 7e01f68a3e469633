import { startProcess } from '../lib/server-process.ts';
import type { PeerServer } from './peer.ts';

/** A peer's server but for its rooms, and the port that it listens on. */
export type PeerProcess = { readonly port: string; readonly server: Omit<PeerServer, 'room'> };

/** Starts one of the small servers in `servers/`, which say `port N`, keep nothing on disk and tell no stages. */
export async function startPeerServer(name: string, profile: string | null): Promise<PeerProcess> {
  const file = new URL(`./servers/${name}.ts`, import.meta.url).pathname;
  const { pid, place, stop } = await startProcess(file, /port (\d+)\s/, {}, profile);
  return {
    port: place,
    server: {
      processes: () => ({ server: [pid], database: [] }),
      stages: () => Promise.resolve(null),
      stop,
    },
  };
}
