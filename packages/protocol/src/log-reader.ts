// The receiving end of a room's log (log-stream.ts).
import { type Op, transformOverAll } from '@codesync/ot';
import type { z } from 'zod';
import type { Command } from './commands.ts';
import type { Edit } from './edits.ts';
import type { RoomEvent } from './events.ts';
import type { ClientId, FileId } from './ids.ts';
import { digitOf, endOf, type FullEvent, joinStart, type Pen } from './log-stream.ts';
import type { JoinRequest, ServerToClient } from './socket.ts';

/** A message that does not continue what was read before, or is not one: join again then, over another socket. */
export class UnreadableLog extends Error {
  override readonly name = 'UnreadableLog';
}

/** An edit that was sent and has not come back. */
type Own = {
  readonly file: FileId;
  readonly base: number;
  readonly op: Op;
  /** The edits that the log has had after `base`. */
  readonly since: Op[];
  /** How often its client had joined when it was sent. */
  readonly joins: number;
};

type Edited = Extract<RoomEvent['body'], { kind: 'edit' }>;

/** Edits of others that an edit is carried over; behind more of them it counts as lost. */
const MOST_SINCE = 10_000;

/**
 * The receiving end of one socket, from before it joins until it closes, whatever rooms it joins. It is shown every
 * message in both directions: the log says of an edit to its author only that it has it. (An edit is made for a
 * version that the last message told of, or for the newest before it; one for an older version may come back
 * unreadable.)
 */
export class LogReader {
  readonly #pens = new Map<number, Pen>();
  readonly #versions = new Map<FileId, number>();
  /** By the numbers of their commands; null for one that was sent in two forms. */
  readonly #own = new Map<number, Own | null>();
  /** The edits of the last message: its events are taken in one by one, and an edit may be sent between two of them. */
  #last: Edited[] = [];
  #client: ClientId | null = null;
  #joins = 0;
  #seq = 0;
  #at = 0;

  /** To be called with each event of Socket.IO's that is sent, whatever it is. */
  sends(name: string, [message]: readonly unknown[]): void {
    if (name === 'join') {
      this.#client = (message as Partial<JoinRequest> | null)?.client ?? null;
      this.#joins++;
    } else if (name === 'command') {
      const { clientSeq, body } = (message ?? {}) as Partial<Command>;
      if (clientSeq !== undefined && body?.kind === 'edit') this.#sendsEdit(clientSeq, body);
    }
  }

  /**
   * To be called with each event of Socket.IO's that comes in: the room's events in it, as they were written, null
   * when it carries none. Throws `UnreadableLog`.
   */
  hears(name: string | number, parameters: readonly unknown[]): readonly RoomEvent[] | null {
    if (typeof name === 'number' || name === 'log') this.#last = [];
    if (typeof name === 'number') return [this.#key(name, parameters)];
    if (name === 'log') return this.#message(parameters);
    if (name === 'events') {
      const [events] = parameters as Parameters<ServerToClient['events']>;
      for (const event of events) this.#returned(event);
      return events;
    }
    if (name === 'refused') {
      const [{ clientSeq }] = parameters as Parameters<ServerToClient['refused']>;
      if (clientSeq !== null) this.#own.delete(clientSeq);
    }
    return null;
  }

  #sendsEdit(clientSeq: number, { file, base, op }: z.infer<typeof Edit>): void {
    // Sent again without having been refused: the log has the one or the other, and they may differ.
    const again = this.#own.get(clientSeq)?.joins === this.#joins;
    const since = this.#last
      .filter((edit) => edit.file === file && edit.version > base)
      .map((edit) => edit.op);
    this.#own.set(clientSeq, again ? null : { file, base, op, since, joins: this.#joins });
  }

  #message([first, ...entries]: readonly unknown[]): RoomEvent[] {
    if (!isCount(first)) throw new UnreadableLog('no message');
    return entries.map((entry, i) =>
      Array.isArray(entry)
        ? this.#penEdit(first + i, entry, false)
        : this.#fullEvent(first + i, entry as FullEvent),
    );
  }

  #key(digit: number, parameters: readonly unknown[]): RoomEvent {
    const seq = this.#seq + 1;
    if (digitOf(seq) !== digit) throw new UnreadableLog(`${digit} does not follow ${this.#seq}`);
    return this.#penEdit(seq, parameters, parameters.length === 2);
  }

  #penEdit(seq: number, [number, ms, move, ...rest]: readonly unknown[], own: boolean): RoomEvent {
    const pen = this.#pens.get(number as number);
    const before = pen === undefined ? undefined : this.#versions.get(pen.file);
    if (pen === undefined || before === undefined) throw new UnreadableLog(`pen ${number} is not known`);
    if (!Number.isFinite(ms)) throw new UnreadableLog('no time');
    const clientSeq = pen.clientSeq + 1;
    const op = own ? this.#sent(pen, clientSeq, before) : opFrom(pen.caret, move, rest);
    pen.clientSeq = clientSeq;
    pen.caret = endOf(op);
    const { actor, client, file } = pen;
    const at = this.#at + (ms as number);
    const body = { kind: 'edit' as const, file, version: before + 1, op };
    return this.#took({ seq, at, actor, origin: { client, clientSeq }, body });
  }

  /** The operation that an own edit became, in a file that is at `version`. */
  #sent({ client, file }: Pen, clientSeq: number, version: number): Op {
    const own = this.#own.get(clientSeq);
    const known = own !== undefined && own !== null && own.base + own.since.length === version;
    if (!known || client !== this.#client || own.file !== file) {
      throw new UnreadableLog(`edit ${clientSeq} is not known`);
    }
    return transformOverAll(own.op, own.since);
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
    this.#last.push(body);
    for (const [clientSeq, own] of this.#own) {
      if (own?.file !== body.file || body.version <= own.base) continue;
      if (own.since.length === MOST_SINCE) this.#own.delete(clientSeq);
      else own.since.push(body.op);
    }
    return event;
  }

  /** What was waited for is in the log, and what was sent before it is there too or never will be. */
  #returned({ origin }: RoomEvent): void {
    if (this.#client === null || origin?.client !== this.#client) return;
    for (const clientSeq of this.#own.keys()) if (clientSeq <= origin.clientSeq) this.#own.delete(clientSeq);
  }
}

/** The events that a socket of Socket.IO's tells of in passing. */
type Wire = {
  onAny(listener: (name: string, ...parameters: unknown[]) => void): unknown;
  onAnyOutgoing(listener: (name: string, ...parameters: unknown[]) => void): unknown;
};

/**
 * Reads the log from a socket that has not joined yet.
 *
 * @param unreadable called instead when a message cannot be read.
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

function opFrom(caret: number, move: unknown, rest: readonly unknown[]): Op {
  const start = caret + (move as number);
  if (!isCount(start) || !rest.every(isComponent)) throw new UnreadableLog('no edit');
  return joinStart(start, rest as Op);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isComponent(part: unknown): part is number | string {
  return typeof part === 'string' || Number.isSafeInteger(part);
}
