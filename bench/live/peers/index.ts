/** The peers by the names that the command line takes, in the order of the table. */
import type { Peer } from '../peer.ts';

export const PEERS = {
  codesync: 'CodeSync',
  echo: 'Socket.IO echo',
  'ot-js': 'ot.js, Socket.IO',
  sharedb: 'ShareDB',
  'y-websocket': 'y-websocket',
  hocuspocus: 'Hocuspocus',
} as const;

export type PeerName = keyof typeof PEERS;

export async function loadPeer(name: PeerName): Promise<Peer> {
  const module: { readonly peer: Peer } = await import(`./${name}.ts`);
  return module.peer;
}
