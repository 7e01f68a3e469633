// Opens a room over the network, for the page.
import type { ParticipantId, RoomId } from '@codesync/protocol';
import { EMPTY_ROOM } from '@codesync/room';
import { nanoid } from 'nanoid';
import { type Adopted, type AdoptOptions, adopt, brandNew, sweep, type TabMemory } from './adopt.ts';
import { type ClaimClient, claimClient } from './claims.ts';
import { type Clock, systemClock } from './clock.ts';
import { LiveRoom } from './live-room.ts';
import { browserPage, type Page } from './page.ts';
import type { RecordStore } from './record.ts';
import { indexedDbRecords } from './record-store.ts';
import { type OpenSocket, socketIo } from './socket.ts';
import type { RoomSource, RoomView } from './types.ts';

export type OpenLiveRoom = {
  readonly room: RoomId;
  /** A link's secret; null for members. */
  readonly secret: string | null;
  /** Who this is, where it is known: another person's leftovers on this device are then left alone. */
  readonly participant?: ParticipantId | null;
};

/** The world around a live room; tests bring their own. */
export type World = {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly page: Page;
  readonly store: RecordStore;
  readonly claim: ClaimClient;
  readonly tab: TabMemory;
  /** 20 characters of an id. */
  readonly newId: () => string;
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
  const listeners = new Map<() => void, () => void>();
  let live: LiveRoom | null = null;
  let closed = false;
  let cursor: Parameters<RoomSource['setCursor']>[0] = null;
  const pause = (ms: number) => new Promise<void>((resolve) => world.clock.after(ms, resolve));
  const opened = adoptOrBegin({ ...world, room, participant, pause }).then(({ client, claim, stored }) => {
    const opening = new LiveRoom({ ...world, room, secret, client, stored });
    if (closed) void opening.close().then(claim.release);
    else live = opening;
    for (const listener of listeners.keys()) {
      listeners.set(listener, opening.subscribe(listener));
      listener();
    }
    if (cursor !== null) opening.setCursor(cursor);
    sweep(world, { room, client }, world.clock.now()).catch((error: unknown) => {
      console.warn('old records of rooms could not be tidied up', error);
    });
    return { opening, claim };
  });
  const before = openingView(room);

  return {
    view: () => live?.view() ?? before,
    subscribe: (listener) => {
      listeners.set(listener, live?.subscribe(listener) ?? (() => {}));
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    document: (file) => live?.document(file) ?? null,
    command: async (body) => (await opened).opening.command(body),
    flush: async (timeoutMs) => live?.flush(timeoutMs),
    setCursor: (next) => {
      cursor = next;
      live?.setCursor(next);
    },
    dismissNotice: (id) => live?.dismissNotice(id),
    close: () => {
      if (closed) return;
      closed = true;
      if (live !== null) void opened.then(({ opening, claim }) => opening.close().then(claim.release));
    },
  };
}

async function adoptOrBegin(options: AdoptOptions): Promise<Adopted> {
  try {
    return await adopt(options);
  } catch (error) {
    console.warn('this browser keeps nothing for this page', error);
    return brandNew(options);
  }
}

function openingView(room: RoomId): RoomView {
  return {
    id: room,
    ready: false,
    room: EMPTY_ROOM,
    you: null,
    connection: { kind: 'joining' },
    save: { kind: 'saved' },
    storage: 'ok',
    sandbox: { state: 'starting' },
    whereabouts: new Map(),
    notices: [],
  };
}
