// A registry of rooms with everything around it in memory.
import type {
  CommandBody,
  FileId,
  Keyframe,
  LinkRole,
  Participant,
  RoomId,
  StorageState,
} from '@codesync/protocol';
import { clientId, ManualClock, participantId, settle } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import type { Log } from '../../src/ports.ts';
import type { Audience } from '../../src/rooms/audience.ts';
import { RoomRegistry } from '../../src/rooms/registry.ts';
import type { RoomHandle } from '../../src/rooms/room-handle.ts';
import { deriveSecrets, sameSecret } from '../../src/secrets.ts';
import { FakeAudience, type FakeSeat } from './fake-audience.ts';
import { MemoryBlobs } from './memory-blobs.ts';
import { MemoryRunner } from './memory-runner.ts';
import { MemoryStore } from './memory-store.ts';
import { MemoryWorkspaces } from './memory-workspaces.ts';
import { NEAR_SCREENS } from './near-screens.ts';

function keyframeOf({ welcomed }: FakeSeat): Keyframe {
  if (welcomed?.state.kind !== 'keyframe') throw new Error('not joined, or by events');
  return welcomed.state.keyframe;
}

/** The first file of the room that it came into. */
export function fileOf(seat: FakeSeat): FileId {
  return keyframeOf(seat).files[0]!.id;
}

/** The room as the client has it. */
export function foldOf(seat: FakeSeat): RoomFold {
  const fold = RoomFold.from(structuredClone(keyframeOf(seat)));
  for (const event of seat.heard) if (event.seq > fold.seq) fold.apply(event);
  return fold;
}

export function texts(fold: RoomFold): string[] {
  return [...fold.texts.values()].map(({ buffer }) => buffer.toString());
}

export const HANA: Participant = { id: participantId('hana-hana-hana-hana'), name: 'Hana', hue: 1 };
export const GUS: Participant = { id: participantId('gus-gus-gus-gus-gus'), name: 'Gus', hue: 2 };

/** How rooms are asked, and how they speak. */
export type Way = {
  readonly room: (room: RoomHandle) => RoomHandle;
  readonly audience: (audience: Audience) => Audience;
};

/** Rooms of this process. */
export const LOCAL: Way = { room: (room) => room, audience: (audience) => audience };

/** One process's rooms. Give two of them one store and clock to have two processes. */
export class Stage {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly blobs = new MemoryBlobs();
  readonly runner = new MemoryRunner();
  readonly workspaces = new MemoryWorkspaces();
  readonly registry: RoomRegistry;
  readonly audience = new FakeAudience();
  readonly storage: StorageState[] = [];
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly #way: Way;

  constructor(owner = 'one', clock = new ManualClock(), store = new MemoryStore(clock), way = LOCAL) {
    this.clock = clock;
    this.store = store;
    this.#way = way;
    const log: Log = {
      debug: () => undefined,
      info: () => undefined,
      warn: (_fields, message) => void this.warnings.push(message),
      error: (_fields, message) => void this.errors.push(message),
    };
    let ids = 0;
    this.registry = new RoomRegistry({
      store,
      blobs: this.blobs,
      clock,
      runner: this.runner,
      workspaces: this.workspaces,
      screens: NEAR_SCREENS,
      relays: { serversFor: () => ({ servers: [], validMs: null }) },
      audience: way.audience(this.audience),
      log,
      owner,
      linkSecret: deriveSecrets('a secret for tests, not a secret').linkSecret,
      sameSecret,
      newId: () => `id-${owner}-${ids++}-`.padEnd(22, 'x'),
      onStorage: (state) => void this.storage.push(state),
    });
  }

  async open(id: RoomId): Promise<RoomHandle> {
    const opened = await this.registry.open(id);
    if (!opened.ok) throw new Error(opened.error.code);
    return this.#way.room(opened.room);
  }

  /** The newest seq in the log of a room. */
  async head({ id }: RoomHandle): Promise<number> {
    const places = await this.store.places([id]);
    return places.get(id)!.head;
  }

  /** A room of Hana's, in memory. */
  async room(): Promise<RoomHandle> {
    return this.open(await this.registry.create('python', undefined, HANA));
  }

  /** A seat in the room that was not welcomed yet. */
  seat(
    room: RoomHandle,
    participant: Participant,
    client = `client-of-${participant.name}-1`.padEnd(20, 'x'),
  ): FakeSeat {
    return this.audience.seat(room.id, participant, clientId(client));
  }

  /** Lets someone in; throws the refusal's code. */
  async join(
    room: RoomHandle,
    participant: Participant,
    options: {
      client?: string;
      /** The link that they come by. */
      link?: LinkRole;
      since?: number | null;
      pending?: { file: FileId; version: number }[];
    } = {},
  ): Promise<FakeSeat> {
    const { client, link = 'editor', since = null, pending = [] } = options;
    const seat = this.seat(room, participant, client);
    const secret = (await room.links())[link];
    const refused = await room.join(seat.seat, { secret, since, pending });
    if (refused !== null) throw new Error(refused.code);
    return seat;
  }

  /** Sends a command and waits for the storage to settle. */
  async send(room: RoomHandle, { seat }: FakeSeat, clientSeq: number, body: CommandBody): Promise<void> {
    room.command(seat, { clientSeq, body });
    await settle();
  }
}
