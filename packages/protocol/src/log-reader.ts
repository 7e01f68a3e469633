// The receiving end of a room's log (log-stream.ts).
import { ByteReader, InvalidOpError, type Op } from '@codesync/ot';
import type { Command } from './commands.ts';
import type { RoomEvent } from './events.ts';
import type { ClientId, FileId } from './ids.ts';
import { digitOf, endOf, type FullEvent, type Pen } from './log-stream.ts';
import { OwnEdits } from './own-edits.ts';
import type { JoinRequest, ServerToClient } from './socket.ts';
import { detailOf } from './wire/frame.ts';

/** A message that does not continue what was read, or is malformed. Join again then, over another socket. */
export class UnreadableLog extends Error {
  override readonly name = 'UnreadableLog';
}

/**
 * The receiving end of one socket, from before it joins until it closes, whatever rooms it joins. It must see
 * every message in both directions, because the log only acknowledges an edit to its author.
 *
 * An edit is to be made for a version that the last message told of, or for the newest version before it. One
 * for an older version may come back unreadable.
 */
export class LogReader {
  readonly #pens = new Map<number, Pen>();
  readonly #versions = new Map<FileId, number>();
  readonly #own = new OwnEdits();
  /** The last message's events. They are taken in one by one, and an edit may be sent between two of them. */
  #last: readonly RoomEvent[] = [];
  #client: ClientId | null = null;
  #seq = 0;
  #at = 0;

  /** Call it with each Socket.IO event that is sent, whatever it is. */
  sends(name: string, [message]: readonly unknown[]): void {
    if (name === 'join') {
      this.#client = (message as Partial<JoinRequest> | null)?.client ?? null;
      this.#own.join();
    } else if (name === 'command') {
      const { clientSeq, body } = (message ?? {}) as Partial<Command>;
      if (clientSeq !== undefined && body?.kind === 'edit') this.#own.send({ clientSeq, body }, this.#last);
    }
  }

  /**
   * Call it with each Socket.IO event that comes in. Returns the room's events in it, as they were written, or
   * null when it carries none. Throws `UnreadableLog`.
   */
  hears(name: string, parameters: readonly unknown[]): readonly RoomEvent[] | null {
    if (name === 'keys') return this.#keys(parameters[0]);
    if (name === 'log') return this.#message(parameters);
    if (name === 'events') {
      const [events] = parameters as Parameters<ServerToClient['events']>;
      for (const event of events) this.#returned(event);
      return events;
    }
    if (name === 'refused') {
      const [{ clientSeq }] = parameters as Parameters<ServerToClient['refused']>;
      if (clientSeq !== null) this.#own.refuse(clientSeq);
    }
    return null;
  }

  #message([first, ...entries]: readonly unknown[]): readonly RoomEvent[] {
    if (!isCount(first)) throw new UnreadableLog('no message');
    this.#last = entries.map((entry, i) => this.#fullEvent(first + i, entry as FullEvent));
    return this.#last;
  }

  #keys(frame: unknown): readonly RoomEvent[] {
    if (!(frame instanceof Uint8Array)) throw new UnreadableLog('no frame');
    try {
      const bytes = new ByteReader(frame);
      const digit = detailOf(bytes.byte());
      if (digitOf(this.#seq + 1) !== digit) throw new UnreadableLog(`${digit} does not follow ${this.#seq}`);
      const events = [this.#key(bytes)];
      while (bytes.left > 0) events.push(this.#key(bytes));
      this.#last = events;
      return events;
    } catch (error) {
      if (!(error instanceof InvalidOpError)) throw error;
      throw new UnreadableLog(error.message);
    }
  }

  #key(bytes: ByteReader): RoomEvent {
    const number = bytes.number();
    const pen = this.#pens.get(number);
    const before = pen === undefined ? undefined : this.#versions.get(pen.file);
    if (pen === undefined || before === undefined) throw new UnreadableLog(`pen ${number} is not known`);
    const at = this.#at + bytes.signed();
    const clientSeq = pen.clientSeq + 1;
    const op = bytes.left === 0 ? this.#sent(pen, clientSeq, before) : opFrom(pen.caret, bytes);
    pen.clientSeq = clientSeq;
    pen.caret = endOf(op);
    const { actor, client, file } = pen;
    const body = { kind: 'edit' as const, file, version: before + 1, op };
    return this.#took({ seq: this.#seq + 1, at, actor, origin: { client, clientSeq }, body });
  }

  /** The operation that an own edit became, in a file that is at `version`. */
  #sent({ client, file }: Pen, clientSeq: number, version: number): Op {
    const op = client === this.#client ? this.#own.became(clientSeq, file, version) : null;
    if (op === null) throw new UnreadableLog(`edit ${clientSeq} is not known`);
    return op;
  }

  #fullEvent(seq: number, entry: FullEvent): RoomEvent {
    if (typeof entry !== 'object' || entry === null) throw new UnreadableLog('no event');
    const { pen, ...event } = entry;
    if (!Number.isFinite(event.at) || typeof event.body?.kind !== 'string') {
      throw new UnreadableLog('no event');
    }
    if (event.body.kind === 'edit') {
      const { version, op, file } = event.body;
      if (!isCount(version) || !Array.isArray(op) || !op.every(isComponent))
        throw new UnreadableLog('no edit');
      if (pen !== undefined && event.origin !== undefined) {
        this.#pens.set(pen, { actor: event.actor, file, ...event.origin, caret: endOf(op) });
      }
    }
    return this.#took({ seq, ...event });
  }

  #took(event: RoomEvent): RoomEvent {
    this.#seq = event.seq;
    this.#at = event.at;
    this.#returned(event);
    const { body } = event;
    if (body.kind !== 'edit') return event;
    this.#versions.set(body.file, body.version);
    this.#own.pass(body.file, body.version, body.op);
    return event;
  }

  #returned({ origin }: RoomEvent): void {
    if (this.#client !== null && origin?.client === this.#client) this.#own.comeBack(origin.clientSeq);
  }
}

/** The part of a Socket.IO socket that shows each event as it passes. */
type Wire = {
  onAny(listener: (name: string, ...parameters: unknown[]) => void): unknown;
  onAnyOutgoing(listener: (name: string, ...parameters: unknown[]) => void): unknown;
};

/**
 * Reads the log from a socket that has not joined yet.
 *
 * @param unreadable called instead of `take` when a message cannot be read.
 */
export function readLog(
  socket: Wire,
  take: (events: readonly RoomEvent[]) => void,
  unreadable: (error: UnreadableLog) => void = (error) => {
    throw error;
  },
): void {
  const reader = new LogReader();
  socket.onAnyOutgoing((name, ...parameters) => reader.sends(name, parameters));
  socket.onAny((name, ...parameters) => {
    let events: readonly RoomEvent[] | null;
    try {
      events = reader.hears(name, parameters);
    } catch (error) {
      if (!(error instanceof UnreadableLog)) throw error;
      unreadable(error);
      return;
    }
    if (events !== null) take(events);
  });
}

function opFrom(caret: number, bytes: ByteReader): Op {
  const start = caret + bytes.signed();
  if (!isCount(start)) throw new UnreadableLog('no edit');
  return bytes.op(Number.MAX_SAFE_INTEGER, start);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isComponent(part: unknown): part is number | string {
  return typeof part === 'string' || Number.isSafeInteger(part);
}
