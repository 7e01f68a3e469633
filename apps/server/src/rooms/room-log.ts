// One room's log while this process owns it: folded ahead of what is durable, read back where memory ends.
import type { EventBody, FileId, Origin, ParticipantId, RoomEvent, RoomId } from '@codesync/protocol';
import { EditOrder, editsAfter, type LoggedEdit, type RoomFold, Unreadable } from '@codesync/room';
import { type Clock, type Log, type RoomStore, StorageUnavailable } from '../ports.ts';
import type { GroupCommit } from './group-commit.ts';
import { KeyframePolicy } from './keyframes.ts';
import { RecentEvents } from './recent-events.ts';
import { textUnits } from './text-units.ts';

/** How long anyone waits for events to become durable. */
const WAIT_MS = 8_000;

export type RoomLogDeps = {
  readonly store: RoomStore;
  readonly commit: GroupCommit;
  readonly clock: Clock;
  readonly log: Log;
};

export type RoomLogListener = {
  /** These events are durable now. */
  readonly committed: (events: readonly RoomEvent[]) => void;
  /** The log belongs to someone else now, or cannot be written: what was not durable never will be. */
  readonly lost: (reason: 'fenced' | 'fault') => void;
};

/** The room as recovery found it: `events` follow the fold up to the head. */
export type Recovered = {
  readonly id: RoomId;
  readonly epoch: number;
  readonly fold: RoomFold;
  readonly events: readonly RoomEvent[];
};

/** Writes a fact into the room's log. */
export type Propose = (
  body: EventBody,
  actor: ParticipantId | null,
  origin?: Origin,
  /** The result of `textUnits` for the body, if it is known. */
  units?: number,
) => void;

type Waiter = { readonly seq: number; readonly done: (committed: boolean) => void };

export class RoomLog {
  readonly id: RoomId;
  readonly epoch: number;
  /** Every event, durable or not. Changed by `propose` alone. */
  readonly fold: RoomFold;
  readonly order: EditOrder;
  readonly #deps: RoomLogDeps;
  readonly #listener: RoomLogListener;
  readonly #recent: RecentEvents;
  readonly #keyframes = new KeyframePolicy();
  #committed: number;
  #waiters: Waiter[] = [];
  #callOffKeyframe: (() => void) | null = null;
  /** One at a time, however slow the store is. */
  #writing = false;
  #ended = false;

  constructor(deps: RoomLogDeps, { id, epoch, fold, events }: Recovered, listener: RoomLogListener) {
    this.id = id;
    this.epoch = epoch;
    this.fold = fold;
    this.#deps = deps;
    this.#listener = listener;
    this.order = new EditOrder(fold.texts);
    this.#recent = new RecentEvents(fold.seq);
    for (const event of events) {
      this.#advance(event, textUnits(event.body));
      this.#keyframes.note(event);
    }
    this.#committed = fold.seq;
    this.#recent.trim(this.#committed);
  }

  /** From here on `propose` may be called. */
  open(): void {
    this.#deps.commit.open(
      {
        room: this.id,
        epoch: this.epoch,
        committed: (events) => this.#onCommitted(events),
        lost: (reason) => this.#onLost(reason),
      },
      this.#committed,
    );
    this.#scheduleKeyframe();
  }

  /** The newest seq that is durable. */
  get committed(): number {
    return this.#committed;
  }

  /** No event will become durable any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Makes a fact of `body`: folded at once, told when it is durable.
   * @param units of its text, if they were counted already.
   */
  propose(body: EventBody, actor: ParticipantId | null, origin?: Origin, units = textUnits(body)): RoomEvent {
    const event: RoomEvent = {
      seq: this.fold.seq + 1,
      at: this.#deps.clock.now(),
      actor,
      ...(origin === undefined ? {} : { origin }),
      body,
    };
    this.#advance(event, units);
    this.#deps.commit.submit(this.id, event, units);
    return event;
  }

  /** Resolves to true when everything up to `seq` is durable, to false when it will not be or takes too long. */
  durable(seq: number): Promise<boolean> {
    if (seq <= this.#committed) return Promise.resolve(true);
    if (this.#ended) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        seq,
        done: (committed) => {
          callOff();
          resolve(committed);
        },
      };
      const callOff = this.#deps.clock.after(WAIT_MS, () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(false);
      });
      this.#waiters.push(waiter);
    });
  }

  /**
   * Durable events after `seq`, null if memory does not reach back to it. It always does for a caller who has waited
   * for `seq` to be durable.
   */
  since(seq: number): readonly RoomEvent[] | null {
    return this.#recent.between(seq, this.#committed);
  }

  /** Events with `after < seq <= upTo`, from memory where they are there, else from the store. */
  async between(after: number, upTo: number): Promise<readonly RoomEvent[]> {
    const recent = this.#recent.between(after, upTo);
    if (recent !== null) return recent;
    const { before } = this.#recent;
    const rest = this.#recent.between(before, upTo) ?? [];
    return [...(await this.#read((store) => store.events(this.id, after, before))), ...rest];
  }

  /** The edits of a file after version `base`, up to the newest. */
  async editsAfter(file: FileId, base: number): Promise<LoggedEdit[]> {
    const { seq } = this.fold;
    const near = editsAfter(this.#recent.between(this.#recent.before, seq) ?? [], file, base);
    if (near[0]?.version === base + 1) return near;
    const start = await this.#deps.store.seqBefore(this.id, file, base);
    return editsAfter(await this.between(start, seq), file, base);
  }

  /** The event that a client's command became, durable or not; null if it became none. */
  async ofOrigin({ client, clientSeq }: Origin): Promise<RoomEvent | null> {
    return (
      this.#recent.ofOrigin(client, clientSeq) ??
      (await this.#read((store) => store.eventOf(this.id, client, clientSeq))) ??
      // It may have been proposed while the store was asked.
      this.#recent.ofOrigin(client, clientSeq)
    );
  }

  /**
   * Takes no more events, makes durable what was proposed, and writes a keyframe. Rejects with
   * `StorageUnavailable` when that cannot be done.
   */
  async close(): Promise<void> {
    this.#callOffKeyframe?.();
    const last = this.fold.seq;
    const stale = this.#keyframes.stale || last > this.#committed;
    const closing = this.durable(last);
    this.#ended = true;
    if (!(await closing)) throw new StorageUnavailable(`room ${this.id} could not be saved`);
    this.#deps.commit.close(this.id);
    if (stale) await this.#deps.store.writeKeyframe(this.id, this.fold.toKeyframe());
  }

  /** Rejects as the store does, and notes what of the log cannot be read. */
  async #read<Found>(from: (store: RoomStore) => Promise<Found>): Promise<Found> {
    const { store, log } = this.#deps;
    try {
      return await from(store);
    } catch (error) {
      if (error instanceof Unreadable) log.error({ room: this.id, err: error }, 'the log cannot be read');
      throw error;
    }
  }

  #advance(event: RoomEvent, units: number): void {
    this.fold.apply(event);
    this.order.follow(event);
    this.#recent.push(event, units);
  }

  #onCommitted(events: readonly RoomEvent[]): void {
    // Trimmed one flush late: by now, whoever waited for the last flush has read from the window.
    this.#recent.trim(this.#committed);
    this.#committed = events.at(-1)!.seq;
    for (const event of events) this.#keyframes.note(event);
    this.#listener.committed(events);
    this.#waiters = this.#waiters.filter(({ seq, done }) => {
      if (seq > this.#committed) return true;
      done(true);
      return false;
    });
    this.#scheduleKeyframe();
  }

  #onLost(reason: 'fenced' | 'fault'): void {
    this.#ended = true;
    this.#callOffKeyframe?.();
    for (const { done } of this.#waiters.splice(0)) done(false);
    this.#listener.lost(reason);
  }

  #scheduleKeyframe(): void {
    if (this.#ended || this.#writing) return;
    const { clock } = this.#deps;
    const due = this.#keyframes.dueIn(clock.now());
    if (due === null) return;
    this.#callOffKeyframe?.();
    this.#callOffKeyframe = clock.after(due, () => {
      this.#callOffKeyframe = null;
      void this.#writeKeyframe();
    });
  }

  async #writeKeyframe(): Promise<void> {
    const { clock, store, log } = this.#deps;
    const keyframe = this.fold.toKeyframe();
    this.#keyframes.begin();
    this.#writing = true;
    if (await this.durable(keyframe.seq)) {
      try {
        await store.writeKeyframe(this.id, keyframe);
      } catch (error) {
        // The log is whole without it; the next one comes by itself.
        log.warn({ room: this.id, err: error }, 'a keyframe could not be written');
      }
    }
    this.#writing = false;
    this.#keyframes.wrote(keyframe, clock.now());
    this.#scheduleKeyframe();
  }
}
