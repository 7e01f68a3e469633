// The one writer of the log: many rooms' events in one statement, one statement at a time. No transport, no SQL.
import type { RefusalCode, RoomEvent, RoomId } from '@codesync/protocol';
import { type Batch, type Clock, type RoomStore, StorageUnavailable } from '../ports.ts';

/** What a room hears of its events. Calls come in order and never from inside `submit`. */
export type Submitter = {
  readonly room: RoomId;
  readonly epoch: number;
  /** These events are durable. */
  committed(events: readonly RoomEvent[]): void;
  /** The room's events that are not committed yet never will be: the room belongs to someone else, or is damaged. */
  lost(reason: 'fenced' | 'fault'): void;
};

export type CommitOptions = {
  readonly store: RoomStore;
  readonly clock: Clock;
  /** Called when saving stops, when it turns out to be for want of space, and when saving goes on. */
  readonly onStalled: (stalled: boolean) => void;
  /** Called with what was wrong when a batch can never be written. */
  readonly onFault: (room: RoomId, error: unknown) => void;
  /** Called after each flush that the store has answered. */
  readonly onFlush?: () => void;
};

/** A flush that takes longer is told as a stall, though it may still succeed. */
const SLOW_MS = 2_000;
const RETRY_MS = [50, 100, 250, 500, 1_000, 2_000];
/**
 * The size of one flush, in events and in UTF-16 units of text. It bounds the statement that a burst becomes, but one
 * event always fits. A unit takes up to 14 bytes once written down, and a database does not take a gigabyte at once.
 */
const FLUSH_EVENTS = 5_000;
const FLUSH_UNITS = 8_000_000;
/** What may wait over all rooms before further commands are to be refused. */
const QUEUE_EVENTS = 20_000;
const QUEUE_UNITS = 64_000_000;

/** An event that waits or is in flight, and how much text it has. */
type Queued = { readonly event: RoomEvent; readonly units: number };

type Lane = {
  readonly submitter: Submitter;
  /** The last seq that is known to be in the log. */
  head: number;
  queue: Queued[];
  /** A retry whose first try may have been carried out after the room's place was read. */
  doubtful: boolean;
};

/** What a flush has of a room's queue. */
type Taken = { readonly lane: Lane; readonly batch: Batch };

/**
 * Commits events in groups. While one flush is in flight, everything submitted waits for the next. So groups grow with
 * the load, and no timer adds to the latency of a quiet system. A flush whose outcome is unknown is tried again only
 * after the rooms' places in the log have been read.
 */
export class GroupCommit {
  readonly #options: CommitOptions;
  readonly #lanes = new Map<RoomId, Lane>();
  #dirty = new Set<Lane>();
  #running = false;
  #stalled = false;
  /** During this stall the store said that it has no space. */
  #full = false;
  /** Flushes in a row that failed. */
  #failures = 0;
  #queued = 0;
  #queuedUnits = 0;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(options: CommitOptions) {
    this.#options = options;
  }

  /** Events that wait or are in flight, over all rooms. */
  get queued(): number {
    return this.#queued;
  }

  /** As much waits as memory is meant for. */
  get crowded(): boolean {
    return this.#queued >= QUEUE_EVENTS || this.#queuedUnits >= QUEUE_UNITS;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  /** The stall is for want of space, as far as is known. */
  get full(): boolean {
    return this.#full;
  }

  /** What people are told when they need the store and it cannot be had. */
  get unsaved(): Extract<RefusalCode, `storage.${string}`> {
    return this.#full ? 'storage.full' : 'storage.unavailable';
  }

  /** Takes a room whose log ends at `head`. */
  open(submitter: Submitter, head: number): void {
    this.#lanes.set(submitter.room, { submitter, head, queue: [], doubtful: false });
  }

  /** Forgets a room; events of it that still wait are not written. */
  close(room: RoomId): void {
    const lane = this.#lanes.get(room);
    if (lane === undefined) return;
    this.#lanes.delete(room);
    this.#dirty.delete(lane);
    this.#dequeue(lane, lane.queue.length);
  }

  /** The room belongs to someone else by now. Tells its submitter. */
  fence(room: RoomId, epoch: number): void {
    const lane = this.#lanes.get(room);
    if (lane?.submitter.epoch === epoch) this.#lose(lane, 'fenced');
  }

  /**
   * Queues the room's next event.
   * @param units of its text.
   */
  submit(room: RoomId, event: RoomEvent, units: number): void {
    const lane = this.#lanes.get(room);
    if (lane === undefined) throw new Error(`room ${room} is not open for writing`);
    lane.queue.push({ event, units });
    this.#queued++;
    this.#queuedUnits += units;
    this.#dirty.add(lane);
    if (!this.#running) {
      this.#running = true;
      // Whatever else is submitted in this turn of the event loop goes with the first flush.
      queueMicrotask(() => void this.#run());
    }
  }

  /** Gives up for good what still waits: the process is about to end. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #run(): Promise<void> {
    while (this.#dirty.size > 0 && !this.#stopped) await this.#flush();
    this.#running = false;
    // No flush ends before the store has answered, so whatever this one was, it is over.
    this.#setStalled(false);
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** The next flush: whole queues as long as there is room for them, the rooms that waited longest first. */
  #take(): Taken[] {
    const taken: Taken[] = [];
    let events = FLUSH_EVENTS;
    let units = FLUSH_UNITS;
    for (const lane of this.#dirty) {
      let count = 0;
      for (const next of lane.queue) {
        if (count === events) break;
        if (next.units > units && taken.length + count > 0) break;
        units -= next.units;
        count++;
      }
      if (count === 0) break;
      events -= count;
      const { room, epoch } = lane.submitter;
      const batch = { room, epoch, head: lane.head, events: lane.queue.slice(0, count).map(eventOf) };
      taken.push({ lane, batch });
    }
    return taken;
  }

  async #flush(): Promise<void> {
    const taken = this.#take();
    const { store, clock, onFlush } = this.#options;
    const callOff = clock.after(SLOW_MS, () => this.#setStalled(true));
    let appended: ReadonlySet<RoomId>;
    try {
      appended = await store.append(taken.map(({ batch }) => batch));
    } catch (error) {
      if (error instanceof StorageUnavailable) {
        await this.#failed(error);
        await this.#settle(taken);
      } else await this.#isolate(taken, error);
      return;
    } finally {
      callOff();
    }
    onFlush?.();
    this.#setStalled(false);
    await this.#answered(taken, appended);
  }

  /** Tells what the store has appended. What it refused is lost, unless an earlier try has written it. */
  async #answered(taken: readonly Taken[], appended: ReadonlySet<RoomId>): Promise<void> {
    const refused = taken.filter(({ batch }) => !appended.has(batch.room));
    for (const { lane, batch } of taken) {
      if (appended.has(batch.room)) this.#commit(lane, batch.events.length);
    }
    if (refused.some(({ lane }) => lane.doubtful)) await this.#settle(refused);
    else for (const { lane } of refused) this.#lose(lane, 'fenced');
  }

  /**
   * One failure may be a blip that nobody has to hear of. A store that can be read but not written fails again and
   * again, for example when its disk is full. It is asked again only after a pause.
   */
  async #failed(error: StorageUnavailable): Promise<void> {
    this.#failures++;
    if (error.full) this.#setStalled(true, true);
    if (this.#failures === 1) return;
    this.#setStalled(true);
    await this.#pause(RETRY_MS[Math.min(this.#failures - 2, RETRY_MS.length - 1)]!);
  }

  /** Finds out, however long it takes, what became of batches whose outcome is unknown. */
  async #settle(taken: readonly Taken[]): Promise<void> {
    for (let attempt = 0; !this.#stopped; attempt++) {
      try {
        const places = await this.#options.store.places(taken.map(({ batch }) => batch.room));
        for (const { lane, batch } of taken) {
          if (!this.#isOpen(lane)) continue;
          const place = places.get(batch.room);
          // Nobody else appends under our epoch. So whatever the log has beyond the batch's head is the beginning of
          // our queue. It may differ from the batch when an earlier try was carried out late.
          const written = place?.epoch === batch.epoch ? place.head - batch.head : -1;
          if (written < 0 || written > lane.queue.length) this.#lose(lane, 'fenced');
          else if (written > 0) this.#commit(lane, written);
          else lane.doubtful = true;
        }
        return;
      } catch (error) {
        if (!(error instanceof StorageUnavailable)) throw error;
        this.#setStalled(true);
        await this.#pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!);
      }
    }
  }

  /** One batch of several is at fault. Each goes alone, and the one that fails again is given up. */
  async #isolate(taken: readonly Taken[], error: unknown): Promise<void> {
    if (taken.length === 1) {
      const [{ lane, batch }] = taken as [Taken];
      this.#options.onFault(batch.room, error);
      this.#lose(lane, 'fault');
      return;
    }
    for (const item of taken) {
      try {
        await this.#answered([item], await this.#options.store.append([item.batch]));
      } catch (failure) {
        if (failure instanceof StorageUnavailable) await this.#settle([item]);
        else await this.#isolate([item], failure);
      }
    }
  }

  #isOpen(lane: Lane): boolean {
    return this.#lanes.get(lane.submitter.room) === lane;
  }

  /** The first events of the room's queue are durable. */
  #commit(lane: Lane, count: number): void {
    if (!this.#isOpen(lane)) return;
    this.#failures = 0;
    lane.head += count;
    lane.doubtful = false;
    const events = this.#dequeue(lane, count);
    // What it has left waits behind the other rooms.
    this.#dirty.delete(lane);
    if (lane.queue.length > 0) this.#dirty.add(lane);
    lane.submitter.committed(events);
  }

  #dequeue(lane: Lane, count: number): RoomEvent[] {
    const dequeued = lane.queue.splice(0, count);
    this.#queued -= count;
    for (const { units } of dequeued) this.#queuedUnits -= units;
    return dequeued.map(eventOf);
  }

  #lose(lane: Lane, reason: 'fenced' | 'fault'): void {
    if (!this.#isOpen(lane)) return;
    this.close(lane.submitter.room);
    lane.submitter.lost(reason);
  }

  #setStalled(stalled: boolean, full = stalled && this.#full): void {
    if (this.#stalled === stalled && this.#full === full) return;
    this.#stalled = stalled;
    this.#full = full;
    this.#options.onStalled(stalled);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(ms, resolve));
  }
}

function eventOf({ event }: Queued): RoomEvent {
  return event;
}
