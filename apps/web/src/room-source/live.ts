// Opens a room over the network, for the page.
import type { ParticipantId, RoomId } from '@codesync/protocol';
import { nanoid } from 'nanoid';
import type { TabMemory } from './adopt.ts';
import { claimClient } from './claims.ts';
import { systemClock } from './clock.ts';
import { LiveSource, type World } from './live-source.ts';
import { browserPage } from './page.ts';
import { indexedDbRecords } from './record-store.ts';
import { socketIo } from './socket.ts';
import type { RoomSource } from './types.ts';

export type { World };

export type OpenLiveRoom = {
  readonly room: RoomId;
  /** A link's secret; null for members. */
  readonly secret: string | null;
  /** Who this is, where it is known: another person's leftovers on this device are then left alone. */
  readonly participant?: ParticipantId | null;
};

const sessionTab: TabMemory = {
  get: (room) => sessionStorage.getItem(`codesync-client:${room}`),
  set: (room, client) => sessionStorage.setItem(`codesync-client:${room}`, client),
};

function browserWorld(): World {
  return {
    openSocket: socketIo(),
    clock: systemClock,
    page: browserPage,
    store: indexedDbRecords(),
    claim: claimClient,
    tab: sessionTab,
    newId: () => nanoid(20),
  };
}

/**
 * The room as this device and the server have it: from the device at once where this person was here before,
 * and from the server as soon as it answers. Never throws: what goes wrong is told in the view.
 */
export function openLiveRoom(options: OpenLiveRoom, world: World = browserWorld()): RoomSource {
  const { room, secret, participant = null } = options;
  return new LiveSource(world, { room, secret, participant });
}
