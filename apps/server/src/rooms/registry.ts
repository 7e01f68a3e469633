// The rooms that this process owns: opened when someone comes, given up when nobody is left.
import {
  type EventBody,
  FileId,
  LANGUAGES,
  type Language,
  type Participant,
  type Refusal,
  type RoomEvent,
  RoomId,
  refusal,
  type StorageState,
} from '@codesync/protocol';
import { RoomFold, Unreadable } from '@codesync/room';
import {
  type BlobStore,
  type Clock,
  type Log,
  type Relays,
  type RoomStore,
  type Runner,
  type Screens,
  StorageUnavailable,
  type Workspaces,
} from '../ports.ts';
import type { Audience } from './audience.ts';
import { GroupCommit } from './group-commit.ts';
import { Leases } from './leases.ts';
import { LinkSecrets, type LinkSecretsDeps } from './link-secrets.ts';
import { LocalRoom } from './local-room.ts';
import { Room, type RoomDeps } from './room.ts';
import type { RoomHandle } from './room-handle.ts';
import { StorageNews } from './storage-news.ts';
import { unreadableRefusal } from './unreadable.ts';

export type RegistryDeps = LinkSecretsDeps & {
  readonly store: RoomStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly runner: Runner;
  readonly workspaces: Workspaces;
  readonly screens: Screens;
  readonly relays: Relays;
  readonly audience: Audience;
  readonly log: Log;
  /** What this installation is called as an owner; rooms that it owned before a crash are its own at once. */
  readonly owner: string;
  /** 128 random bits in base64url. */
  readonly newId: () => string;
  readonly onStorage: (state: StorageState) => void;
};

export type Opened =
  | { readonly ok: true; readonly room: RoomHandle }
  | { readonly ok: false; readonly error: Refusal };

export class RoomRegistry {
  readonly #deps: RegistryDeps;
  readonly #commit: GroupCommit;
  readonly #leases: Leases;
  readonly #secrets: LinkSecrets;
  readonly #news: StorageNews;
  readonly #rooms = new Map<RoomId, { readonly room: Room; readonly handle: RoomHandle }>();
  readonly #opening = new Map<RoomId, Promise<Opened>>();
  readonly #closing = new Map<RoomId, Promise<void>>();
  #shut = false;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    const { store, clock, log, owner, onStorage } = deps;
    this.#secrets = new LinkSecrets(deps);
    this.#news = new StorageNews({ clock, log, state: () => this.storage, onStorage });
    this.#commit = new GroupCommit({
      store,
      clock,
      onStalled: () => this.#news.tell(),
      onFlush: () => {
        this.#leases.answered();
        this.#news.tell();
      },
      onFault: (room, error) => log.error({ room, err: error }, 'events that can never be written'),
    });
    this.#leases = new Leases({
      store,
      clock,
      log,
      owner,
      held: () => this.#all(),
      onLost: ({ id, epoch }) => this.#commit.fence(id, epoch),
      onRenewal: () => this.#news.tell(),
    });
  }

  get storage(): StorageState {
    if (this.#commit.full) return 'full';
    return this.#commit.stalled || this.#leases.failed ? 'stalled' : 'ok';
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
    for (const { figures } of this.#all()) {
      clients += figures.clients;
      participants += figures.participants;
    }
    const { size: rooms } = this.#rooms;
    const { stalledSince } = this.#news;
    return { rooms, clients, participants, waiting: this.#commit.queued, stalledSince };
  }

  /** Makes a room with its language's starter program; `creator` is its host. */
  async create(language: Language, name: string | undefined, creator: Participant): Promise<RoomId> {
    const { clock, store, newId } = this.#deps;
    const room = RoomId.parse(newId());
    const { entry, starter } = LANGUAGES[language];
    const { id: participant, name: person, hue } = creator;
    const bodies: EventBody[] = [
      { kind: 'room.created', name: name ?? 'Untitled', language },
      { kind: 'member.joined', participant, name: person, hue, role: 'host' },
      { kind: 'file.created', file: FileId.parse(newId()), path: entry, text: starter },
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
    const known = this.#rooms.get(id);
    if (known !== undefined) return { ok: true, room: known.handle };
    let opening = this.#opening.get(id);
    if (opening === undefined) {
      opening = this.#recover(id).finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    return opening;
  }

  /** Gives everything up in good order. */
  async shut(): Promise<void> {
    this.#shut = true;
    this.#leases.stop();
    await Promise.allSettled(this.#opening.values());
    await Promise.all(this.#all().map((room) => this.#close(room)));
    await Promise.all(this.#closing.values());
    this.#commit.stop();
  }

  async #recover(id: RoomId): Promise<Opened> {
    const { store, log } = this.#deps;
    try {
      const acquired = await this.#leases.acquire(id);
      if (acquired.kind === 'unknown') return { ok: false, error: refusal('room.unknown') };
      if (acquired.kind === 'held') return { ok: false, error: refusal('room.unavailable') };
      const stored = await store.newestKeyframe(id);
      const fold = stored === null ? new RoomFold() : RoomFold.from(stored.keyframe);
      const events = await store.events(id, fold.seq, acquired.head);
      const room = new Room(this.#roomDeps(), { id, epoch: acquired.epoch, fold, events });
      if (room.head !== acquired.head)
        throw new Error(`the log of ${id} ends at ${room.head}, not ${acquired.head}`);
      if (this.#shut) {
        await this.#leases.release(room);
        return { ok: false, error: refusal('room.unavailable') };
      }
      const handle = new LocalRoom(room, this.#secrets);
      this.#rooms.set(id, { room, handle });
      room.open();
      log.info({ room: id, epoch: room.epoch, head: room.head, events: events.length }, 'a room was opened');
      return { ok: true, room: handle };
    } catch (error) {
      if (error instanceof StorageUnavailable) {
        const full = error.full || this.#commit.full;
        return { ok: false, error: refusal(full ? 'storage.full' : 'storage.unavailable') };
      }
      log.error({ room: id, err: error }, 'the room could not be recovered');
      if (error instanceof Unreadable) return { ok: false, error: unreadableRefusal(error) };
      return { ok: false, error: refusal('room.unavailable') };
    }
  }

  #roomDeps(): RoomDeps {
    const { store, blobs, clock, runner, workspaces, screens, relays, audience, log, newId } = this.#deps;
    return {
      store,
      blobs,
      clock,
      runner,
      workspaces,
      screens,
      relays,
      audience,
      log,
      newId,
      commit: this.#commit,
      onLost: (room) => {
        if (this.#has(room)) this.#rooms.delete(room.id);
      },
      onIdle: (room) => void this.#close(room),
    };
  }

  #all(): Room[] {
    return [...this.#rooms.values()].map(({ room }) => room);
  }

  #has(room: Room): boolean {
    return this.#rooms.get(room.id)?.room === room;
  }

  #close(room: Room): Promise<void> {
    if (!this.#has(room)) return this.#closing.get(room.id) ?? Promise.resolve();
    this.#rooms.delete(room.id);
    const closing = this.#giveUp(room).finally(() => this.#closing.delete(room.id));
    this.#closing.set(room.id, closing);
    return closing;
  }

  async #giveUp(room: Room): Promise<void> {
    try {
      await room.close();
      await this.#leases.release(room);
      this.#deps.log.info({ room: room.id, epoch: room.epoch, head: room.head }, 'a room was closed');
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      // The lease runs out by itself, and what was not saved was not acknowledged.
      this.#deps.log.warn({ room: room.id, err: error }, 'the room was closed without being saved');
    } finally {
      this.#commit.close(room.id);
    }
  }
}
