// The rooms that this process owns: opened when someone comes, given up when nobody is left.
import {
  type EventBody,
  LANGUAGES,
  type Language,
  type LinkRole,
  type Participant,
  type Refusal,
  type RoomEvent,
  type RoomId,
  refusal,
  type StorageState,
} from '@codesync/protocol';
import { RoomFold } from '@codesync/room';
import { type Clock, type Log, type RoomStore, type Runner, StorageUnavailable } from '../ports.ts';
import type { LinkClaim } from './admission.ts';
import type { Audience } from './audience.ts';
import { GroupCommit } from './group-commit.ts';
import { Room, type RoomDeps } from './room.ts';

/** How long a silent owner keeps its rooms, and how often a live one says that it is there. */
const LEASE_MS = 10_000;
const RENEW_MS = 3_000;

export type RegistryDeps = {
  readonly store: RoomStore;
  readonly clock: Clock;
  readonly runner: Runner;
  readonly audience: Audience;
  readonly log: Log;
  /** What this installation is called as an owner; rooms that it owned before a crash are its own at once. */
  readonly owner: string;
  readonly linkSecret: (room: RoomId, role: LinkRole, generation: number) => string;
  readonly sameSecret: (a: string, b: string) => boolean;
  /** 128 random bits in base64url. */
  readonly newId: () => string;
  readonly onStorage: (state: StorageState) => void;
};

export type Opened =
  | { readonly ok: true; readonly room: Room }
  | { readonly ok: false; readonly error: Refusal };

/** Earlier generations of a link that are told as revoked; older ones count as unknown. */
const REMEMBERED_GENERATIONS = 50;

/** For whoever runs the server. */
const STORAGE_NEWS: Readonly<Record<StorageState, string>> = {
  ok: 'the database takes what is written again',
  stalled: 'the database does not take what is written; what people type waits',
  full: 'the disk of the database is full; what people type waits until there is space',
};

export class RoomRegistry {
  readonly #deps: RegistryDeps;
  readonly #commit: GroupCommit;
  readonly #rooms = new Map<RoomId, Room>();
  readonly #opening = new Map<RoomId, Promise<Opened>>();
  readonly #closing = new Map<RoomId, Promise<void>>();
  #callOffRenewal: () => void = () => undefined;
  #renewalFailed = false;
  #told: StorageState = 'ok';
  #stalledSince: number | null = null;
  #shut = false;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    this.#commit = new GroupCommit({
      store: deps.store,
      clock: deps.clock,
      onStalled: () => this.#tellStorage(),
      onFlush: () => {
        this.#renewalFailed = false;
        this.#tellStorage();
      },
      onFault: (room, error) => deps.log.error({ room, err: error }, 'events that can never be written'),
    });
    this.#scheduleRenewal();
  }

  get storage(): StorageState {
    if (this.#commit.full) return 'full';
    return this.#commit.stalled || this.#renewalFailed ? 'stalled' : 'ok';
  }

  /** How much there is to do, over all rooms, and since when nothing can be saved. */
  get load(): {
    readonly rooms: number;
    readonly clients: number;
    readonly participants: number;
    readonly waiting: number;
    readonly stalledSince: number | null;
  } {
    let clients = 0;
    let participants = 0;
    for (const { figures } of this.#rooms.values()) {
      clients += figures.clients;
      participants += figures.participants;
    }
    const { size: rooms } = this.#rooms;
    return { rooms, clients, participants, waiting: this.#commit.queued, stalledSince: this.#stalledSince };
  }

  /** Makes a room with its language's starter program; `creator` is its host. */
  async create(language: Language, name: string | undefined, creator: Participant): Promise<RoomId> {
    const { clock, store, newId } = this.#deps;
    const room = newId();
    const { entry, starter } = LANGUAGES[language];
    const { id: participant, name: person, hue } = creator;
    const bodies: EventBody[] = [
      { kind: 'room.created', name: name ?? 'Untitled', language },
      { kind: 'member.joined', participant, name: person, hue, role: 'host' },
      { kind: 'file.created', file: newId(), path: entry, text: starter },
    ];
    const at = clock.now();
    await store.create(
      room,
      bodies.map((body, i): RoomEvent => ({ seq: i + 1, at, actor: participant, body })),
    );
    return room;
  }

  /** The room, from memory or from the log. */
  async open(id: RoomId): Promise<Opened> {
    if (this.#shut) return { ok: false, error: refusal('room.unavailable') };
    await this.#closing.get(id);
    const room = this.#rooms.get(id);
    if (room !== undefined) return { ok: true, room };
    let opening = this.#opening.get(id);
    if (opening === undefined) {
      opening = this.#recover(id).finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    return opening;
  }

  /** What the secret of a link is worth in a room; compared in constant time. */
  claimOf(room: Room, secret: string | null): LinkClaim {
    if (secret === null) return null;
    const { linkSecret, sameSecret } = this.#deps;
    for (const role of ['editor', 'viewer'] as const) {
      const current = room.links[role];
      if (sameSecret(secret, linkSecret(room.id, role, current))) return role;
      for (let old = current - 1; old >= Math.max(1, current - REMEMBERED_GENERATIONS); old--) {
        if (sameSecret(secret, linkSecret(room.id, role, old))) return 'revoked';
      }
    }
    return null;
  }

  /** The secrets of the links now in force. */
  linksOf(room: Room): Record<LinkRole, string> {
    const { editor, viewer } = room.links;
    return {
      editor: this.#deps.linkSecret(room.id, 'editor', editor),
      viewer: this.#deps.linkSecret(room.id, 'viewer', viewer),
    };
  }

  /** Gives everything up in good order. */
  async shut(): Promise<void> {
    this.#shut = true;
    this.#callOffRenewal();
    await Promise.allSettled(this.#opening.values());
    const rooms = [...this.#rooms.values()];
    await Promise.all(rooms.map((room) => this.#close(room)));
    await Promise.all(this.#closing.values());
    this.#commit.stop();
  }

  async #recover(id: RoomId): Promise<Opened> {
    const { store, owner, log } = this.#deps;
    try {
      const acquired = await store.acquire(id, owner, LEASE_MS);
      if (acquired.kind === 'unknown') return { ok: false, error: refusal('room.unknown') };
      if (acquired.kind === 'held') return { ok: false, error: refusal('room.unavailable') };
      const stored = await store.newestKeyframe(id);
      const fold = stored === null ? new RoomFold() : RoomFold.from(stored.keyframe);
      const events = await store.events(id, fold.seq, acquired.head);
      const room = new Room(this.#roomDeps(), { id, epoch: acquired.epoch, fold, events });
      if (room.head !== acquired.head)
        throw new Error(`the log of ${id} ends at ${room.head}, not ${acquired.head}`);
      if (this.#shut) {
        await store.release([{ room: id, epoch: room.epoch }]);
        return { ok: false, error: refusal('room.unavailable') };
      }
      this.#rooms.set(id, room);
      room.open();
      log.info({ room: id, epoch: room.epoch, head: room.head, events: events.length }, 'a room was opened');
      return { ok: true, room };
    } catch (error) {
      if (error instanceof StorageUnavailable) {
        const full = error.full || this.#commit.full;
        return { ok: false, error: refusal(full ? 'storage.full' : 'storage.unavailable') };
      }
      log.error({ room: id, err: error }, 'the room could not be recovered');
      return { ok: false, error: refusal('room.unavailable') };
    }
  }

  #roomDeps(): RoomDeps {
    const { store, clock, runner, audience, log, newId } = this.#deps;
    return {
      store,
      clock,
      runner,
      audience,
      log,
      newId,
      commit: this.#commit,
      onLost: (room) => {
        if (this.#rooms.get(room.id) === room) this.#rooms.delete(room.id);
      },
      onIdle: (room) => void this.#close(room),
    };
  }

  #close(room: Room): Promise<void> {
    if (this.#rooms.get(room.id) !== room) return this.#closing.get(room.id) ?? Promise.resolve();
    this.#rooms.delete(room.id);
    const closing = this.#giveUp(room).finally(() => this.#closing.delete(room.id));
    this.#closing.set(room.id, closing);
    return closing;
  }

  async #giveUp(room: Room): Promise<void> {
    try {
      await room.close();
      await this.#deps.store.release([{ room: room.id, epoch: room.epoch }]);
      this.#deps.log.info({ room: room.id, epoch: room.epoch, head: room.head }, 'a room was closed');
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      // The lease runs out by itself, and what was not saved was not acknowledged.
      this.#deps.log.warn({ room: room.id, err: error }, 'the room was closed without being saved');
    } finally {
      this.#commit.close(room.id);
    }
  }

  #scheduleRenewal(): void {
    this.#callOffRenewal = this.#deps.clock.after(RENEW_MS, () => {
      void this.#renew().finally(() => {
        if (!this.#shut) this.#scheduleRenewal();
      });
    });
  }

  async #renew(): Promise<void> {
    const held = [...this.#rooms.values()];
    if (held.length === 0) return;
    try {
      const rooms = held.map((room) => ({ room: room.id, epoch: room.epoch }));
      const kept = await this.#deps.store.renew(this.#deps.owner, rooms, LEASE_MS);
      this.#renewalFailed = false;
      for (const room of held) if (!kept.has(room.id)) this.#commit.fence(room.id, room.epoch);
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      if (!this.#renewalFailed) this.#deps.log.warn({ err: error }, 'the rooms could not be kept for longer');
      this.#renewalFailed = true;
    }
    this.#tellStorage();
  }

  #tellStorage(): void {
    if (this.#told === this.storage) return;
    this.#told = this.storage;
    this.#stalledSince = this.#told === 'ok' ? null : (this.#stalledSince ?? this.#deps.clock.now());
    this.#deps.log.warn({ storage: this.#told }, STORAGE_NEWS[this.#told]);
    this.#deps.onStorage(this.#told);
  }
}
