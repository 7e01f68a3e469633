// The sending end of a room's log (log-stream.ts), one for everyone in the room.
import type { RoomEvent } from './events.ts';
import type { FileId } from './ids.ts';
import {
  digitOf,
  endOf,
  type FullEvent,
  type KeyAcknowledgement,
  type LogPacket,
  type Pen,
  type PenEdit,
  splitStart,
} from './log-stream.ts';

/** Pens beyond this are forgotten, all of them: people come and go, and a room may last for weeks. */
const MOST_PENS = 1_000;

export class LogWriter {
  readonly #pens = new Map<string, Pen & { readonly number: number }>();
  readonly #versions = new Map<FileId, number>();
  #seq = 0;
  #at = 0;

  /** From here on nothing is taken as heard: someone is admitted who has heard nothing. */
  forget(): void {
    this.#pens.clear();
    this.#versions.clear();
    this.#seq = 0;
  }

  /** @param events dense and not empty. Each event is to be written once, in order. */
  write(events: readonly RoomEvent[]): LogPacket {
    const first = events[0]!.seq;
    const follows = first === this.#seq + 1;
    const entries: (PenEdit | FullEvent)[] = [];
    for (const event of events) {
      entries.push(this.#entry(event));
      this.#at = event.at;
    }
    this.#seq = events.at(-1)!.seq;
    const [only] = entries;
    if (follows && entries.length === 1 && isPenEdit(only!)) return [digitOf(first), ...only];
    return ['log', first, ...entries];
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
      const { start, rest } = splitStart(op);
      const move = start - known.caret;
      known.clientSeq = clientSeq;
      known.caret = endOf(op);
      return [known.number, event.at - this.#at, move, ...rest];
    }
    if (known === undefined && this.#pens.size >= MOST_PENS) this.#pens.clear();
    const number = known?.number ?? this.#pens.size;
    this.#pens.set(key, { number, actor, client, file, clientSeq, caret: endOf(op) });
    return { pen: number, ...event };
  }
}

/** What the author of the edit in `packet` is sent instead of it; null when the packet is not one edit alone. */
export function acknowledgementOf(packet: LogPacket): KeyAcknowledgement | null {
  return packet[0] === 'log' ? null : [packet[0], packet[1], packet[2]];
}

function isPenEdit(entry: PenEdit | FullEvent): entry is PenEdit {
  return Array.isArray(entry);
}
