// The sending end of a room's log (log-stream.ts), one for everyone in the room.
import { ByteWriter } from '@codesync/ot';
import type { Origin, RoomEvent } from './events.ts';
import type { ClientId, FileId } from './ids.ts';
import { digitOf, endOf, type FullEvent, type LogPacket, type Pen, startOf } from './log-stream.ts';
import { headOf, KEYS } from './wire/frame.ts';

/** When there are this many pens, all are forgotten: people come and go, and a room may last for weeks. */
const MOST_PENS = 1_000;

type NumberedPen = Pen & { readonly number: number };

export class LogWriter {
  readonly #bytes = new ByteWriter();
  /** One pen for each client. In another file, a client is another pen with the same number. */
  readonly #pens = new Map<ClientId, NumberedPen>();
  readonly #versions = new Map<FileId, number>();
  /** The seq and time of the last event that was written. */
  #seq = 0;
  #at = 0;
  /** The frame that is being written: how many keys it has, and where the last key's acknowledgement ends. */
  #keys = 0;
  #acknowledged = 0;

  /** Takes nothing as heard from here on, because someone is admitted who has heard nothing. */
  forget(): void {
    this.#pens.clear();
    this.#versions.clear();
  }

  /**
   * The packets to send for the events, in order.
   *
   * @param events dense. Each event is to be written once, in order.
   */
  write(events: readonly RoomEvent[]): readonly LogPacket[] {
    const packets: LogPacket[] = [];
    let full: FullEvent[] = [];
    let origin: Origin | undefined;
    for (const event of events) {
      if (event.seq !== this.#seq + 1) this.forget();
      const key = this.#key(event);
      if (key && full.length > 0) {
        packets.push({ log: [event.seq - full.length, ...full] });
        full = [];
      } else if (!key) {
        if (this.#keys > 0) packets.push(this.#frame(origin!));
        full.push(this.#full(event));
      }
      this.#seq = event.seq;
      this.#at = event.at;
      origin = event.origin;
    }
    if (full.length > 0) packets.push({ log: [this.#seq + 1 - full.length, ...full] });
    else if (this.#keys > 0) packets.push(this.#frame(origin!));
    return packets;
  }

  /** Writes the event as a key, if it can be one. */
  #key({ seq, at, actor, origin, body }: RoomEvent): boolean {
    if (body.kind !== 'edit' || origin === undefined) return false;
    const { file, version, op } = body;
    const pen = this.#pens.get(origin.client);
    if (pen === undefined || pen.file !== file || pen.actor !== actor) return false;
    if (pen.clientSeq !== origin.clientSeq - 1 || this.#versions.get(file) !== version - 1) return false;
    const bytes = this.#bytes;
    if (this.#keys === 0) bytes.byte(headOf(KEYS, digitOf(seq)));
    bytes.number(pen.number);
    bytes.signed(at - this.#at);
    this.#acknowledged = bytes.length;
    const start = startOf(op);
    bytes.signed(start - pen.caret);
    bytes.op(op, start === 0 ? 0 : 1);
    this.#keys++;
    this.#versions.set(file, version);
    pen.clientSeq = origin.clientSeq;
    pen.caret = endOf(op);
    return true;
  }

  /** @param origin of the last key in it. */
  #frame(origin: Origin): LogPacket {
    const frame = this.#bytes.take();
    const alone = this.#keys === 1 ? origin : null;
    this.#keys = 0;
    return { keys: { frame, alone, acknowledgement: this.#acknowledged } };
  }

  #full({ seq: _, ...event }: RoomEvent): FullEvent {
    const { actor, origin, body } = event;
    if (body.kind !== 'edit') return event;
    this.#versions.set(body.file, body.version);
    if (origin === undefined) return event;
    const { client, clientSeq } = origin;
    const number = this.#numberFor(client);
    const { file, op } = body;
    this.#pens.set(client, { number, actor, client, file, clientSeq, caret: endOf(op) });
    return { pen: number, ...event };
  }

  #numberFor(client: ClientId): number {
    const known = this.#pens.get(client);
    if (known !== undefined) return known.number;
    if (this.#pens.size >= MOST_PENS) this.#pens.clear();
    return this.#pens.size;
  }
}
