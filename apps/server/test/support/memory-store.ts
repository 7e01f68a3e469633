import {
  type ClientId,
  type FileId,
  type Keyframe,
  LIMITS,
  type RoomEvent,
  type RoomId,
} from '@codesync/protocol';
import {
  type Acquired,
  type Batch,
  type Clock,
  type LastCommand,
  type Place,
  type RoomStore,
  StorageUnavailable,
  type StoredKeyframe,
} from '../../src/ports.ts';

type Row = {
  epoch: number;
  owner: string | null;
  leaseUntil: number;
  readonly events: RoomEvent[];
  readonly keyframes: Map<number, Keyframe>;
};

const copy = <T>(value: T): T => structuredClone(value);

/** The simplest room store: what the port promises, in a map. It can be told to fail as databases do. */
export class MemoryStore implements RoomStore {
  readonly #rooms = new Map<RoomId, Row>();
  readonly #clock: Clock;
  /** Calls from now on that fail before they do anything. */
  down = false;
  /** Appends fail from now on, for want of space; everything else goes on. */
  full = false;
  /** The next append is carried out, but its answer is lost. */
  loseNextAnswer = false;
  /** Appends wait for this. */
  gate: Promise<void> = Promise.resolve();
  /** How often an append was tried. */
  attempts = 0;
  /** How many events each append carried. */
  readonly appends: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #up(): void {
    if (this.down) throw new StorageUnavailable('the store is down');
  }

  #row(room: RoomId): Row {
    const row = this.#rooms.get(room);
    if (row === undefined) throw new Error(`no room ${room}`);
    return row;
  }

  async create(room: RoomId, events: readonly RoomEvent[]): Promise<void> {
    this.#up();
    if (this.#rooms.has(room)) throw new Error(`room ${room} exists`);
    const row = { epoch: 0, owner: null, leaseUntil: 0, events: copy([...events]), keyframes: new Map() };
    this.#rooms.set(room, row);
  }

  async acquire(room: RoomId, owner: string, leaseMs: number): Promise<Acquired> {
    this.#up();
    const row = this.#rooms.get(room);
    if (row === undefined) return { kind: 'unknown' };
    if (row.owner !== null && row.owner !== owner && row.leaseUntil >= this.#clock.now()) {
      return { kind: 'held' };
    }
    row.owner = owner;
    row.leaseUntil = this.#clock.now() + leaseMs;
    row.epoch++;
    return { kind: 'acquired', epoch: row.epoch, head: row.events.length };
  }

  async renew(
    owner: string,
    rooms: readonly { room: RoomId; epoch: number }[],
    leaseMs: number,
  ): Promise<ReadonlySet<RoomId>> {
    this.#up();
    const kept = rooms.filter(({ room, epoch }) => {
      const row = this.#rooms.get(room);
      return row?.owner === owner && row.epoch === epoch;
    });
    for (const { room } of kept) this.#row(room).leaseUntil = this.#clock.now() + leaseMs;
    return new Set(kept.map(({ room }) => room));
  }

  async release(rooms: readonly { room: RoomId; epoch: number }[]): Promise<void> {
    this.#up();
    for (const { room, epoch } of rooms) {
      const row = this.#rooms.get(room);
      if (row?.epoch === epoch) row.owner = null;
    }
  }

  async append(batches: readonly Batch[]): Promise<ReadonlySet<RoomId>> {
    this.attempts++;
    if (this.full) throw new StorageUnavailable('no space', { full: true });
    await this.gate;
    this.#up();
    const passed = batches.filter(({ room, epoch, head }) => {
      const row = this.#rooms.get(room);
      return row?.epoch === epoch && row.events.length === head;
    });
    for (const { room, events } of passed) {
      for (const event of events) {
        const { origin } = event;
        if (origin !== undefined && this.#find(room, origin.client, origin.clientSeq) !== null) {
          throw new Error(`command ${origin.clientSeq} of ${origin.client} is in the log already`);
        }
      }
    }
    for (const { room, events } of passed) this.#row(room).events.push(...copy(events));
    this.appends.push(batches.reduce((sum, { events }) => sum + events.length, 0));
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false;
      throw new StorageUnavailable('the answer was lost');
    }
    return new Set(passed.map(({ room }) => room));
  }

  async places(rooms: readonly RoomId[]): Promise<ReadonlyMap<RoomId, Place>> {
    this.#up();
    const known = rooms.filter((room) => this.#rooms.has(room));
    return new Map(
      known.map((room) => [room, { head: this.#row(room).events.length, epoch: this.#row(room).epoch }]),
    );
  }

  async events(room: RoomId, after: number, upTo: number): Promise<readonly RoomEvent[]> {
    this.#up();
    return copy(this.#rooms.get(room)?.events.slice(after, upTo) ?? []);
  }

  #find(room: RoomId, client: ClientId, clientSeq: number): RoomEvent | null {
    const events = this.#rooms.get(room)?.events ?? [];
    return events.find(({ origin }) => origin?.client === client && origin.clientSeq === clientSeq) ?? null;
  }

  async eventOf(room: RoomId, client: ClientId, clientSeq: number): Promise<RoomEvent | null> {
    this.#up();
    return copy(this.#find(room, client, clientSeq));
  }

  async lastOf(room: RoomId, client: ClientId): Promise<LastCommand | null> {
    this.#up();
    const events = this.#rooms.get(room)?.events.filter(({ origin }) => origin?.client === client) ?? [];
    const last = events.toSorted((a, b) => a.origin!.clientSeq - b.origin!.clientSeq).at(-1);
    return last === undefined ? null : { participant: last.actor!, clientSeq: last.origin!.clientSeq };
  }

  async writeKeyframe(room: RoomId, keyframe: Keyframe): Promise<void> {
    this.#up();
    const { keyframes } = this.#row(room);
    if (!keyframes.has(keyframe.seq)) keyframes.set(keyframe.seq, copy(keyframe));
    const [last, before = 0] = [...keyframes.keys()]
      .filter((seq) => seq < keyframe.seq)
      .sort((a, b) => b - a);
    if (last !== undefined && keyframe.seq - before <= LIMITS.keyframeEvents) keyframes.delete(last);
  }

  async newestKeyframe(room: RoomId): Promise<StoredKeyframe | null> {
    this.#up();
    const seqs = [...(this.#rooms.get(room)?.keyframes.keys() ?? [])];
    if (seqs.length === 0) return null;
    const seq = Math.max(...seqs);
    return { seq, keyframe: copy(this.#row(room).keyframes.get(seq)!) };
  }

  async keyframeBefore(room: RoomId, seq: number): Promise<StoredKeyframe | null> {
    this.#up();
    const seqs = [...(this.#rooms.get(room)?.keyframes.keys() ?? [])].filter((of) => of <= seq);
    const found = Math.max(...seqs);
    return seqs.length === 0 ? null : { seq: found, keyframe: copy(this.#row(room).keyframes.get(found)!) };
  }

  async runsBefore(room: RoomId, seq: number, limit: number): Promise<readonly RoomEvent[]> {
    this.#up();
    const events = this.#rooms.get(room)?.events ?? [];
    const runs = new Set<string>();
    for (const event of events.toReversed()) {
      if (runs.size === limit) break;
      if (event.seq < seq && event.body.kind === 'run.started') runs.add(event.body.run);
    }
    return copy(
      events.filter(
        ({ body }) => (body.kind === 'run.started' || body.kind === 'run.ended') && runs.has(body.run),
      ),
    );
  }

  async runEvents(room: RoomId, seq: number): Promise<readonly RoomEvent[]> {
    this.#up();
    const events = this.#rooms.get(room)?.events ?? [];
    const started = events[seq - 1]?.body;
    if (started?.kind !== 'run.started') return [];
    return copy(events.filter(({ body }) => 'run' in body && body.run === started.run));
  }

  async seqBefore(room: RoomId, file: FileId, version: number): Promise<number> {
    this.#up();
    const fitting = [...(this.#rooms.get(room)?.keyframes.values() ?? [])].filter((keyframe) =>
      keyframe.files.some((known) => known.id === file && known.version <= version),
    );
    return Math.max(0, ...fitting.map(({ seq }) => seq));
  }
}
