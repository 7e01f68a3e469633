// How a room's log travels to the people in it: a keystroke costs about as many bytes as it says something new.
import type { Op } from '@codesync/ot';
import type { RoomEvent } from './events.ts';
import type { ClientId, FileId, ParticipantId } from './ids.ts';

/*
 * Everyone in a room is sent the same messages, so both ends can remember what was said. Whoever types, types on:
 * the same client in the same file, its next command, the file's next version. Such an author at such a file is a
 * pen. The first edit with a pen is sent in full and gives it a number; the following ones name the number, how
 * many milliseconds passed since the event before, and the operation:
 *
 *     48213,  [12, 31, 8000, "x"]
 *      │        │   │   └──────── the operation: retain 8000, insert "x"
 *      │        │   └──────────── 31 ms after the event before
 *      │        └──────────────── pen 12
 *      └───────────────────────── the seq of the message's first event; the others follow it
 *
 * A newcomer has not heard what the pens stand for: the writer forgets them all whenever one is admitted.
 */

/** An edit with a pen that is known: pen, milliseconds since the event before, components of the operation. */
type PenEdit = readonly [pen: number, ms: number, ...op: (number | string)[]];

/** Any event, in full but for its seq; an edit that has `pen` is the first with that pen. */
type FullEvent = Omit<RoomEvent, 'seq'> & { readonly pen?: number };

/** Events of a room, dense from `first`. */
export type LogMessage = readonly [first: number, ...entries: (PenEdit | FullEvent)[]];

type Pen = {
  readonly actor: ParticipantId | null;
  readonly client: ClientId;
  readonly file: FileId;
  /** The number of the client's command that was last written with it. */
  clientSeq: number;
};

/** Pens beyond this are forgotten, all of them: people come and go, and a room may last for weeks. */
const MOST_PENS = 1_000;

/** The sending end, one for everyone in a room. */
export class LogWriter {
  readonly #pens = new Map<string, Pen & { readonly number: number }>();
  readonly #versions = new Map<FileId, number>();
  #at = 0;

  /** From here on nothing is taken as heard: someone is admitted who has heard nothing. */
  forget(): void {
    this.#pens.clear();
    this.#versions.clear();
  }

  /** @param events dense and not empty. Each event is to be written once, in order. */
  write(events: readonly RoomEvent[]): LogMessage {
    const message: [number, ...(PenEdit | FullEvent)[]] = [events[0]!.seq];
    for (const event of events) {
      message.push(this.#entry(event));
      this.#at = event.at;
    }
    return message;
  }

  #entry({ seq: _, ...event }: RoomEvent): PenEdit | FullEvent {
    const { actor, origin, body } = event;
    if (body.kind !== 'edit' || origin === undefined) return event;
    const { client, clientSeq } = origin;
    const { file, version, op } = body;
    const key = `${client} ${file}`;
    const known = this.#pens.get(key);
    const follows = this.#versions.get(file) === version - 1;
    this.#versions.set(file, version);
    if (known?.actor === actor && known.clientSeq === clientSeq - 1 && follows) {
      known.clientSeq = clientSeq;
      return [known.number, event.at - this.#at, ...op];
    }
    if (known === undefined && this.#pens.size >= MOST_PENS) this.#pens.clear();
    const number = known?.number ?? this.#pens.size;
    this.#pens.set(key, { number, actor, client, file, clientSeq });
    return { pen: number, ...event };
  }
}

/** A message that does not continue what was read before, or is not one. */
export class UnreadableLog extends Error {
  override readonly name = 'UnreadableLog';
}

/** The receiving end of one socket, from before it joins until it closes, whatever rooms it joins. */
export class LogReader {
  readonly #pens = new Map<number, Pen>();
  readonly #versions = new Map<FileId, number>();
  #at = 0;

  /** The events of a message, as they were written. Throws `UnreadableLog`: join again then. */
  read(message: LogMessage): RoomEvent[] {
    if (!Array.isArray(message) || !Number.isSafeInteger(message[0])) throw new UnreadableLog('no message');
    const [first, ...entries] = message as LogMessage;
    return entries.map((entry, i) => {
      const event = Array.isArray(entry)
        ? this.#penEdit(first + i, entry as PenEdit)
        : this.#fullEvent(first + i, entry as FullEvent);
      this.#at = event.at;
      return event;
    });
  }

  #penEdit(seq: number, [number, ms, ...op]: PenEdit): RoomEvent {
    const pen = this.#pens.get(number);
    const before = pen === undefined ? undefined : this.#versions.get(pen.file);
    if (pen === undefined || before === undefined) throw new UnreadableLog(`pen ${number} is not known`);
    if (!Number.isFinite(ms) || !op.every(isComponent)) throw new UnreadableLog('no edit');
    const { actor, client, file } = pen;
    const version = before + 1;
    this.#versions.set(file, version);
    pen.clientSeq++;
    const origin = { client, clientSeq: pen.clientSeq };
    return { seq, at: this.#at + ms, actor, origin, body: { kind: 'edit', file, version, op: op as Op } };
  }

  #fullEvent(seq: number, entry: FullEvent): RoomEvent {
    if (typeof entry !== 'object' || entry === null) throw new UnreadableLog('no event');
    const { pen, ...event } = entry;
    if (!Number.isFinite(event.at) || typeof event.body?.kind !== 'string') {
      throw new UnreadableLog('no event');
    }
    if (event.body.kind === 'edit') {
      const { file, version } = event.body;
      if (!Number.isSafeInteger(version)) throw new UnreadableLog('no version');
      this.#versions.set(file, version);
      if (pen !== undefined && event.origin !== undefined) {
        this.#pens.set(pen, { actor: event.actor, file, ...event.origin });
      }
    }
    return { seq, ...event };
  }
}

function isComponent(part: unknown): boolean {
  return typeof part === 'string' || Number.isSafeInteger(part);
}
