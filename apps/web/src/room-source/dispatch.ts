// What this client sends: each command gets its number, is written down, and only then given to the connection.
import type { Op } from '@codesync/ot';
import { type Command, LIMITS, type Refusal, type RoomEvent, refusal, wellFormed } from '@codesync/protocol';
import type { Clock } from './clock.ts';
import type { LiveFile } from './live-file.ts';
import { Outbox, type PlainCommand } from './outbox.ts';
import type { Recorder } from './recorder.ts';
import type { CommandResult } from './types.ts';

/** Edits of one file go out no faster, so that typing never meets the server's limit; what comes closer is one edit. */
const PACE_MS = 20;

export type DispatchOptions = {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly online: () => boolean;
  readonly send: (command: Command) => void;
  /** The files with something pending. */
  readonly pending: () => readonly LiveFile[];
  /** False before there is a room to keep a record of. */
  readonly recordable: () => boolean;
  /** An edit that no message can carry: the room would never take it. */
  readonly oversized: (file: LiveFile) => void;
};

export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #outbox = new Outbox();
  #nextSeq: number;
  /** A number was given since the last write was asked for. */
  #numbered = false;
  readonly #sentAt = new WeakMap<LiveFile, number>();
  #cancelPace: (() => void) | null = null;

  constructor(options: DispatchOptions, nextSeq: number) {
    this.#options = options;
    this.#nextSeq = nextSeq;
  }

  /** The number for the next command. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** The next number is used up. */
  takeSeq(): void {
    this.#nextSeq++;
    this.#numbered = true;
  }

  /** The log has commands of this client up to this number. */
  startAfter(lastClientSeq: number): void {
    this.#nextSeq = Math.max(this.#nextSeq, lastClientSeq + 1);
  }

  /** Resolves when the log has it, or it is refused. Nothing is tried without a connection. */
  command(body: PlainCommand): Promise<CommandResult> {
    if (!this.#options.online()) return Promise.resolve({ ok: false, error: refusal('room.unavailable') });
    const answer = this.#outbox.add(this.#nextSeq, wellFormed(body));
    this.takeSeq();
    return answer;
  }

  /**
   * Something has changed that belongs into the record, and perhaps on the way. A command with a new number is
   * written at once, since it may not be sent before.
   */
  changed(urgency: 'soon' | 'later'): void {
    const { recorder, recordable } = this.#options;
    if (recordable()) {
      if (this.#numbered) recorder.now();
      else if (urgency === 'soon') recorder.soon();
      else recorder.later();
      this.#numbered = false;
    }
    this.pump();
  }

  /** Sends what may be sent and was not, in the order of the numbers. */
  pump(): void {
    const { recorder, clock, online, send, pending, oversized } = this.#options;
    if (!online()) return;
    const upTo = recorder.sendable;
    const commands = this.#outbox.takeOutgoing(upTo);
    const impossible: LiveFile[] = [];
    for (const file of pending()) {
      if (this.#isTooSoon(file)) continue;
      const out = file.takeOutgoing(upTo);
      if (out === null) continue;
      this.#sentAt.set(file, clock.now());
      const { clientSeq, version: base, op } = out;
      if (isOversized(op)) impossible.push(file);
      else commands.push({ clientSeq, body: { kind: 'edit', file: file.file, base, op } });
    }
    for (const command of commands.sort((a, b) => a.clientSeq - b.clientSeq)) send(command);
    for (const file of impossible) oversized(file);
  }

  #isTooSoon(file: LiveFile): boolean {
    const { clock } = this.#options;
    const wait = (this.#sentAt.get(file) ?? Number.NEGATIVE_INFINITY) + PACE_MS - clock.now();
    if (wait <= 0) return false;
    this.#cancelPace ??= clock.after(wait, () => {
      this.#cancelPace = null;
      this.pump();
    });
    return true;
  }

  /** The connection is another one: commands are sent again, under their own numbers, until they are answered. */
  unsend(): void {
    this.#outbox.unsend();
  }

  /** An event that a command of this client caused. */
  logged(clientSeq: number, event: RoomEvent): void {
    this.#outbox.logged(clientSeq, event);
  }

  /** True when it was a command other than an edit. */
  refused(clientSeq: number, error: Refusal): boolean {
    return this.#outbox.refused(clientSeq, error);
  }

  /** Nothing will be answered any more. */
  close(error?: Refusal): void {
    this.#cancelPace?.();
    this.#outbox.close(error);
  }
}

/** The server would end the connection over it, again and again. */
function isOversized(op: Op): boolean {
  if (op.length > LIMITS.opComponents) return true;
  const units = op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
  return units > LIMITS.fileUnits;
}
