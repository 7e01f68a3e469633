// Tells the others where this client is and what it does: seldom enough to be cheap, often enough to look alive, and
// nothing at all when nobody is there to hear it.
import type { Op } from '@codesync/ot';
import {
  type Activity,
  type Cursors,
  type FileId,
  JUST_HERE,
  LIMITS,
  type PresenceUpdate,
  type Span,
  type Viewport,
} from '@codesync/protocol';
import { carrySight, carrySpans, type Sight, sameSpans, sightBefore, spanBefore } from '@codesync/room';
import type { Clock } from './clock.ts';

/** Not quite 30 a second; the newest place wins. */
const GAP_MS = 34;

/** The confirmed version of a file and what this client has typed on top of it. */
type OwnText = { readonly version: number; readonly pending: Op };

/** In positions of some text of the file. The first is the main cursor. */
type Place = { readonly file: FileId; readonly spans: readonly Span[] };

/** What is in sight of a file, in positions of some text of it. */
type Seen = Sight & { readonly file: FileId };

/** What the others make of what they were told. */
type Told = { readonly place: Place | null; readonly seen: Seen | null; readonly activity: Activity };

export type OwnPresenceOptions = {
  readonly clock: Clock;
  /** Null when there is no such file. */
  readonly text: (file: FileId) => OwnText | null;
  readonly send: (update: PresenceUpdate) => void;
};

export class OwnPresence {
  readonly #options: OwnPresenceOptions;
  /** In positions of the text on the screen. */
  #here: Place | null = null;
  #seen: Seen | null = null;
  #activity: Activity = JUST_HERE;
  /** Undefined when they were told nothing. */
  #told: Told | undefined;
  #company = false;
  #clockValue = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(options: OwnPresenceOptions) {
    this.#options = options;
  }

  /** The cursors of this client, in positions of the text on the screen; null: in no file. */
  set(place: Place | null): void {
    this.#here = place === null ? null : { ...place, spans: place.spans.slice(0, LIMITS.cursors) };
    this.#refresh();
  }

  /** What is in sight of a file, in positions of the text on the screen; null: no file is. */
  see(seen: Seen | null): void {
    this.#seen = seen;
    this.#refresh();
  }

  /** What this client does besides. */
  do(activity: Partial<Activity>): void {
    this.#activity = { ...this.#activity, ...activity };
    this.#refresh();
  }

  /**
   * Whether anybody else is in the room; nobody was told anything while nobody was. `arrived`: somebody has come, who
   * knows nothing of the edits since this client told its place.
   */
  company(others: boolean, arrived: boolean): void {
    this.#company = others;
    if (!others || arrived) this.#told = undefined;
    this.#refresh();
  }

  /** The others have this client's register with that clock: what it says from now on comes after that. */
  follow(clock: number): void {
    this.#clockValue = Math.max(this.#clockValue, clock);
  }

  /** An edit of the log is in the confirmed text of `file`; `own`: this client made it. */
  edited(file: FileId, op: Op, own: boolean): void {
    if (this.#told === undefined) return;
    const { place, seen, activity } = this.#told;
    if (place?.file !== file && seen?.file !== file) return;
    this.#told = {
      place: place?.file === file ? { file, spans: carrySpans(place.spans, op, own) } : place,
      seen: seen?.file === file ? { file, ...carrySight(seen, op) } : seen,
      activity,
    };
    this.#refresh();
  }

  /** The text on the screen was changed by another than this client's hand. */
  shown(file: FileId, op: Op): void {
    if (this.#here?.file === file) this.#here = { file, spans: carrySpans(this.#here.spans, op, false) };
    if (this.#seen?.file === file) this.#seen = { file, ...carrySight(this.#seen, op) };
  }

  /** This client is in the room again, or its text is another one: the others may have forgotten, or believe what was not so. */
  announce(): void {
    this.#told = undefined;
    this.#refresh();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Sends unless the others know, or there are none. */
  #refresh(): void {
    if (!this.#company || this.#cancel !== null || this.#isKnown()) return;
    const { clock } = this.#options;
    const wait = this.#sentAt + GAP_MS - clock.now();
    if (wait <= 0) this.#send();
    else
      this.#cancel = clock.after(wait, () => {
        this.#cancel = null;
        // By now somebody may have left, or the cursor may be back.
        if (this.#company && !this.#isKnown()) this.#send();
      });
  }

  #isKnown(): boolean {
    if (this.#told === undefined) return false;
    const { place, seen, activity } = this.#told;
    return (
      sameActivity(activity, this.#activity) &&
      samePlace(place, this.#cursors()) &&
      sameSeen(seen, this.#viewport())
    );
  }

  #send(): void {
    const { clock, send } = this.#options;
    const cursors = this.#cursors();
    const viewport = this.#viewport();
    // It also grows across reloads, so that an entry from before a reload never wins.
    this.#clockValue = Math.max(this.#clockValue + 1, clock.now());
    this.#sentAt = clock.now();
    const place = cursors === null ? null : { file: cursors.file, spans: cursors.spans };
    this.#told = { place, seen: viewport, activity: this.#activity };
    send({ clock: this.#clockValue, cursors, viewport, activity: this.#activity });
  }

  /** Where this client is in the confirmed text. */
  #cursors(): Cursors | null {
    if (this.#here === null) return null;
    const { file, spans } = this.#here;
    const text = this.#options.text(file);
    if (text === null) return null;
    return { file, version: text.version, spans: spans.map((span) => spanBefore(span, text.pending)) };
  }

  /** What is in sight, in the confirmed text. */
  #viewport(): Viewport | null {
    if (this.#seen === null) return null;
    const { file } = this.#seen;
    const text = this.#options.text(file);
    if (text === null) return { file, version: 0, from: 0, to: 0 };
    return { file, version: text.version, ...sightBefore(this.#seen, text.pending) };
  }
}

function samePlace(a: Place | null, b: Place | null): boolean {
  if (a === null || b === null) return a === b;
  return a.file === b.file && sameSpans(a.spans, b.spans);
}

function sameActivity(a: Activity, b: Activity): boolean {
  return (
    a.attention === b.attention &&
    a.terminal === b.terminal &&
    a.watching === b.watching &&
    a.following === b.following &&
    a.speaking === b.speaking
  );
}

function sameSeen(a: Seen | null, b: Seen | null): boolean {
  return a?.file === b?.file && a?.from === b?.from && a?.to === b?.to;
}
