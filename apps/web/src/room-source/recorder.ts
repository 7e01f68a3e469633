// Keeps a client's record up to date in the browser's storage, one atomic write at a time.
import type { Keyframe, RoomEvent } from '@codesync/protocol';
import type { Clock } from './clock.ts';
import type { ClientRecord, RecordStore, StoredRoom } from './record.ts';

/** A local edit that is not sent yet is written within this. */
const SOON_MS = 100;
/** What only saves a reload some loading may wait longer. */
const LATER_MS = 2_000;
/**
 * The stored keyframe is made anew after so many events, or so much text in them; after as many more for each stretch
 * of text that it has. So what a keystroke costs on average does not grow with the room.
 */
const TAIL_EVENTS = 300;
const TAIL_UNITS = 200_000;
const STRETCH_UNITS = 3_000_000;
/** A write that takes longer is not waited for, so that a stuck storage does not hold back what is typed. */
const PATIENCE_MS = 1_500;

export type RecorderOptions = {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly record: () => ClientRecord;
  readonly keyframe: () => Keyframe;
  /** Something was written, or could not be. */
  readonly changed: () => void;
};

export class Recorder {
  readonly #options: RecorderOptions;
  /** Folded since the last write was begun. */
  #events: RoomEvent[] = [];
  /** What the write under way contains beside the record. */
  #inWrite: { readonly events: readonly RoomEvent[]; readonly keyframe: boolean } | null = null;
  #tail = { events: 0, units: 0 };
  /** How many times the least tail may stand after the stored keyframe. */
  #tailShare: number;
  #needsKeyframe: boolean;
  #writing: Promise<void> | null = null;
  #again = false;
  #broken = false;
  #stopped = false;
  #writtenSeq: number;
  #timer: { readonly due: number; readonly cancel: () => void } | null = null;

  /** @param stored what is stored of this client; null when there is nothing yet. */
  constructor(options: RecorderOptions, stored: StoredRoom | null) {
    this.#options = options;
    this.#needsKeyframe = stored?.settled !== true;
    this.#tailShare = stored === null ? 1 : tailShare(stored.keyframe);
    this.#writtenSeq = (stored?.record.nextSeq ?? 1) - 1;
  }

  /** False when the storage is missing, fails, or hangs: then a reload would lose what is pending. */
  get kept(): boolean {
    return !this.#broken;
  }

  /**
   * Commands up to this number may be sent. Whatever is on the wire is on disk first. Otherwise, after a crash in
   * between, a client would send the same edit again under another number.
   */
  get sendable(): number {
    return this.#broken ? Number.POSITIVE_INFINITY : this.#writtenSeq;
  }

  /** An event was folded: it belongs to the next write. */
  note(event: RoomEvent): void {
    if (this.#needsKeyframe) return;
    const light = withoutOutput(event);
    this.#events.push(light);
    this.#tail.events++;
    this.#tail.units += weight(light);
    const { events, units } = this.#tail;
    const share = this.#tailShare;
    if (events > share * TAIL_EVENTS || units > share * TAIL_UNITS) this.startOver();
  }

  /** The room was replaced as a whole, or the stored events have become many: the next write has a keyframe. */
  startOver(): void {
    this.#needsKeyframe = true;
    this.#events = [];
  }

  now(): void {
    this.#schedule(0);
  }

  soon(): void {
    this.#schedule(SOON_MS);
  }

  later(): void {
    this.#schedule(LATER_MS);
  }

  /**
   * The page may be about to go. Before it returns, it writes what an ordinary write would write if that could still
   * end in time.
   */
  lastWords(): void {
    const { store, record, keyframe } = this.#options;
    const whole = this.#needsKeyframe || this.#inWrite?.keyframe === true;
    store.writeAtOnce({
      record: record(),
      keyframe: whole ? withoutOutputs(keyframe()) : null,
      events: whole ? [] : [...(this.#inWrite?.events ?? []), ...this.#events],
    });
  }

  /** Resolves when what was asked for is written; nothing is written after that. */
  async finish(): Promise<void> {
    this.#timer?.cancel();
    while (this.#writing !== null) await this.#writing;
    this.#stopped = true;
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    if (ms > 0) this.#arm(ms);
    else if (this.#writing !== null) this.#again = true;
    else this.#begin();
  }

  #arm(ms: number): void {
    const { clock } = this.#options;
    const due = clock.now() + ms;
    if (this.#timer !== null && this.#timer.due <= due) return;
    this.#timer?.cancel();
    const cancel = clock.after(ms, () => {
      this.#timer = null;
      this.#schedule(0);
    });
    this.#timer = { due, cancel };
  }

  #begin(): void {
    this.#again = false;
    this.#writing = this.#write().then(() => {
      this.#writing = null;
      if (this.#again && !this.#stopped) this.#begin();
    });
  }

  async #write(): Promise<void> {
    const { store, clock, changed } = this.#options;
    this.#timer?.cancel();
    this.#timer = null;
    const record = this.#options.record();
    const keyframe = this.#needsKeyframe ? withoutOutputs(this.#options.keyframe()) : null;
    const events = this.#events;
    this.#events = [];
    this.#inWrite = { events, keyframe: keyframe !== null };
    if (keyframe !== null) {
      this.#tail = { events: 0, units: 0 };
      this.#tailShare = tailShare(keyframe);
    }
    this.#needsKeyframe = false;
    const giveUpWaiting = clock.after(PATIENCE_MS, () => this.#settle(false, changed));
    try {
      await store.write({ record, keyframe, events });
      this.#writtenSeq = record.nextSeq - 1;
      this.#settle(true, changed);
    } catch {
      // Told by `kept`: the page says that a reload would lose what is not saved. The next write tries all anew.
      this.startOver();
      this.#settle(false, changed);
    }
    this.#inWrite = null;
    giveUpWaiting();
  }

  #settle(written: boolean, changed: () => void): void {
    this.#broken = !written;
    changed();
  }
}

function tailShare({ files }: Keyframe): number {
  return 1 + files.reduce((sum, { text }) => sum + text.length, 0) / STRETCH_UNITS;
}

function weight({ body }: RoomEvent): number {
  if (body.kind === 'file.created') return body.text.length;
  if (body.kind !== 'edit') return 0;
  return body.op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
}

/** What programs print is not kept: it can be large, and it comes again from the server. */
function withoutOutput(event: RoomEvent): RoomEvent {
  return event.body.kind === 'run.output'
    ? { ...event, body: { ...event.body, text: '', turns: undefined } }
    : event;
}

function withoutOutputs(keyframe: Keyframe): Keyframe {
  const runs = keyframe.runs.map((run) => ({ ...run, output: [], outputDropped: true }));
  return { ...keyframe, runs };
}
