// Opens a room over the network, for the page.
import { ClientId } from '@codesync/protocol';
import { nanoid } from 'nanoid';
import { at } from '../base.ts';
import { recall, remember, withStorage } from '../storage.ts';
import type { TabMemory } from './adopt.ts';
import { claimClient } from './claims.ts';
import { systemClock } from './clock.ts';
import type { Where, World } from './coming-back.ts';
import { LiveSource } from './live-source.ts';
import { browserPage } from './page.ts';
import { indexedDbRecords } from './record-store.ts';
import { socketIo } from './socket.ts';
import type { RoomSource } from './types.ts';
import type { DoubtsMemory } from './way-trust.ts';
import { asDoubts } from './ways.ts';

export type { World };

/** Where the browser gives pages no session storage, a reload looks among the records like any other tab. */
const sessionTab: TabMemory = {
  get: (room) =>
    trySession(
      (storage) => ClientId.safeParse(storage.getItem(`codesync-client:${room}`)).data ?? null,
      null,
    ),
  set: (room, client) =>
    trySession((storage) => storage.setItem(`codesync-client:${room}`, client), undefined),
};

function trySession<Result>(use: (storage: Storage) => Result, otherwise: Result): Result {
  return withStorage(() => sessionStorage, use, otherwise);
}

const DOUBTS = 'codesync-websocket-doubts';

function keptDoubts(): DoubtsMemory {
  let doubts = recall(DOUBTS, asDoubts, 0);
  return {
    get: () => doubts,
    set: (now) => {
      doubts = now;
      remember(DOUBTS, now);
    },
  };
}

function browserWorld(): World {
  return {
    openSocket: socketIo(at('socket.io/')),
    doubts: keptDoubts(),
    clock: systemClock,
    page: browserPage,
    store: indexedDbRecords(),
    claim: claimClient,
    tab: sessionTab,
    newId: () => nanoid(20),
  };
}

/**
 * The room as this device and the server have it. It comes from the device at once if this person was here before, and
 * from the server as soon as it answers. Never throws: the view tells what goes wrong.
 */
export function openLiveRoom(where: Where, world: World = browserWorld()): RoomSource {
  return new LiveSource(world, where);
}
