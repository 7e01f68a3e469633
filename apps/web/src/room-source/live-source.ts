// A live room from the moment that it is asked for: finds out which client this tab is, and enters as that client.
import type { ClientId, Cursor, FileId, ParticipantId, RoomId, ServerStatusReply } from '@codesync/protocol';
import { EMPTY_ROOM } from '@codesync/room';
import { type Adopted, adopt, brandNew, sweep, type TabMemory } from './adopt.ts';
import type { ClaimClient } from './claims.ts';
import { LiveRoom, type LiveRoomOptions } from './live-room.ts';
import type { PlainCommand } from './outbox.ts';
import { rescue } from './rescue.ts';
import type { CommandResult, FileDocument, Measures, RoomSource, RoomView } from './types.ts';

/** The world around a live room; tests bring their own. */
export type World = Pick<LiveRoomOptions, 'openSocket' | 'doubts' | 'clock' | 'page' | 'store'> & {
  readonly claim: ClaimClient;
  readonly tab: TabMemory;
  /** 20 characters of an id. */
  readonly newId: () => string;
};

export type Where = {
  readonly room: RoomId;
  readonly secret: string | null;
  /** Null: it is not known who this is. */
  readonly participant: ParticipantId | null;
};

/** A storage that has said nothing for so long is not waited for: it must not keep anyone out of the room. */
const STORAGE_MS = 4_000;

const UNMEASURED: Measures = { roundTrips: [], saves: [] };

export class LiveSource implements RoomSource {
  readonly #world: World;
  readonly #where: Where;
  readonly #listeners = new Set<() => void>();
  readonly #opened: Promise<void>;
  readonly #before: RoomView;
  #room: LiveRoom | null = null;
  #leave: () => Promise<void> = () => Promise.resolve();
  #cursor: Omit<Cursor, 'version'> | null = null;
  #tidied = false;
  #closed = false;

  constructor(world: World, where: Where) {
    this.#world = world;
    this.#where = where;
    this.#before = opening(where.room);
    this.#opened = this.#open();
  }

  view = (): RoomView => this.#room?.view() ?? this.#before;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  document = (file: FileId): FileDocument | null => this.#room?.document(file) ?? null;

  command = async (body: PlainCommand): Promise<CommandResult> => {
    await this.#opened;
    return this.#room!.command(body);
  };

  flush = async (timeoutMs: number): Promise<void> => this.#room?.flush(timeoutMs);

  unsaved = (): number => this.#room?.unsaved() ?? 0;

  setCursor = (cursor: Omit<Cursor, 'version'> | null): void => {
    this.#cursor = cursor;
    this.#room?.setCursor(cursor);
  };

  measures = (): Measures => this.#room?.measures() ?? UNMEASURED;

  serverStatus = async (): Promise<ServerStatusReply | null> => this.#room?.serverStatus() ?? null;

  dismissNotice = (id: string): void => this.#room?.dismissNotice(id);

  close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    void this.#leave();
  };

  async #open(): Promise<void> {
    const { clock } = this.#world;
    const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
    const options = { ...this.#world, ...this.#where, pause };
    const adopting = adopt(options);
    let adopted: Adopted | null = null;
    try {
      adopted = await Promise.race([adopting, pause(STORAGE_MS).then(() => null)]);
      // What it comes to too late is for `rescue`.
      if (adopted === null) adopting.then(({ claim }) => claim.release()).catch(() => undefined);
    } catch (error) {
      console.warn('this browser keeps nothing for this page', error);
    }
    this.#enter(adopted ?? (await brandNew(options)));
  }

  #enter({ client, claim, stored }: Adopted): void {
    let room: LiveRoom;
    try {
      room = new LiveRoom({ ...this.#world, ...this.#where, client, stored });
    } catch (error) {
      if (stored === null) throw error;
      // A record that makes no sense must not lock anyone out of the room. It stays where it is.
      console.error('what this device kept of the room cannot be read', error);
      claim.release();
      void this.#startAnew();
      return;
    }
    this.#room = room;
    this.#leave = () => room.close().then(claim.release);
    if (this.#closed) {
      void this.#leave();
      return;
    }
    room.subscribe(() => {
      const { connection } = room.view();
      const refused = connection.kind === 'closed' && connection.error.code === 'protocol.malformed';
      // The server knows this client as another person's: this person has another cookie than the one before.
      if (refused && stored !== null) void this.#startAnew();
      else if (connection.kind === 'online') this.#tidy(room, client);
      for (const listener of [...this.#listeners]) listener();
    });
    room.setCursor(this.#cursor);
    for (const listener of [...this.#listeners]) listener();
  }

  /** Enters as a client that was never seen before. */
  async #startAnew(): Promise<void> {
    await this.#leave();
    this.#enter(await brandNew({ ...this.#world, ...this.#where }));
  }

  /** Sees, once, to what other tabs of this person have left behind on this device. */
  #tidy(room: LiveRoom, client: ClientId): void {
    const { you } = room.view();
    if (this.#tidied || you === null) return;
    this.#tidied = true;
    const here = { room: this.#where.room, client };
    rescue(this.#world, { ...this.#where, participant: you.id }, client)
      .then(() => sweep(this.#world, here, this.#world.clock.now()))
      .catch((error: unknown) => console.warn('what other tabs left could not be tidied up', error));
  }
}

function opening(room: RoomId): RoomView {
  return {
    id: room,
    ready: false,
    room: EMPTY_ROOM,
    you: null,
    connection: { kind: 'joining' },
    save: { kind: 'saved' },
    storage: 'ok',
    sandbox: { state: 'starting' },
    lost: new Set(),
    whereabouts: new Map(),
    notices: [],
  };
}
