/** Somebody in a room, by what a page runs, without the page. */
import { randomBytes } from 'node:crypto';
import type { ClientId, FileId, RoomId } from '@codesync/protocol';
import { systemClock } from '../../apps/web/src/room-source/clock.ts';
import type { World } from '../../apps/web/src/room-source/coming-back.ts';
import { LiveSource } from '../../apps/web/src/room-source/live-source.ts';
import type { PeerChannels } from '../../apps/web/src/room-source/peer-channels.ts';
import { socketIo } from '../../apps/web/src/room-source/socket.ts';
import type { FileDocument } from '../../apps/web/src/room-source/types.ts';

export type Seat = {
  readonly source: LiveSource;
  readonly client: ClientId;
  readonly file: FileId;
  readonly document: FileDocument;
};

const newId = () => randomBytes(15).toString('base64url');

/** A browser that keeps nothing, and is looked at. */
function worldAt(url: string, entered: (client: ClientId) => void): World {
  return {
    openSocket: socketIo('/socket.io/', url),
    doubts: { get: () => 0, set: () => undefined },
    clock: systemClock,
    page: { networkUp: () => true, inSight: () => true, watch: () => () => undefined },
    store: {
      write: async () => undefined,
      writeAtOnce: () => undefined,
      list: async () => [],
      load: async () => null,
      remove: async () => undefined,
    },
    claim: async () => ({ release: () => undefined }),
    tab: { get: () => null, set: (_room, client) => entered(client) },
    newId,
  };
}

/** Enters a room, and resolves when its first file is there. */
export async function sit(url: string, room: RoomId, secret: string): Promise<Seat> {
  let client: ClientId | null = null;
  const world = worldAt(url, (entered) => {
    client = entered;
  });
  const source = new LiveSource(world, { room, secret, participant: null });
  await until(source, () => source.view().connection.kind === 'online' && source.view().room.files.size > 0);
  const [file] = source.view().room.files.keys();
  return { source, client: client!, file: file!, document: source.document(file!)! };
}

/** Resolves when the view is so. */
function until(source: LiveSource, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = source.subscribe(look);
    function look() {
      if (!isSo()) return;
      stop();
      resolve();
    }
    look();
  });
}

type Listener = Parameters<PeerChannels['onMessage']>[0];

/** Direct ways between seats, on which a message takes so long. They bring everything once and in order. */
export function waysBetween(clients: readonly ClientId[], oneWayMs: number): PeerChannels[] {
  const listeners = new Map<ClientId, Set<Listener>>(clients.map((client) => [client, new Set()]));
  return clients.map((client) => {
    const others = new Set(clients.filter((other) => other !== client));
    return {
      peers: () => others,
      send: (channel, bytes) => {
        setTimeout(() => {
          for (const other of others) for (const hear of listeners.get(other)!) hear(client, channel, bytes);
        }, oneWayMs);
      },
      onMessage: (listener) => {
        listeners.get(client)!.add(listener);
        return () => listeners.get(client)!.delete(listener);
      },
    };
  });
}
