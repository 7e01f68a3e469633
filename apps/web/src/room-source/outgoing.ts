// What this client sends: one pipeline of three steps, in which no command passes over a step.
//
//   numbered    takeSeq: an edit as it goes in flight, any other command as it is asked for
//      ▼
//   written     `changed` asks for a write at once; the record holds the next number and what is pending
//      ▼
//   sent        `pump`, after each write: in the order of the numbers, once for each connection, until it is answered
//
// Invariant: a number is on the wire only if the device has it as used up. Else a crash in between would make a client
// that sends the same edit again under another number, and the log would have it twice. There is one exception: where
// the storage is missing, fails or hangs, nothing waits for it, and the page says that a reload would lose what is
// pending (`kept`).
import type { Op } from '@codesync/ot';
import {
  type ClientId,
  type Command,
  type Keyframe,
  LIMITS,
  type Refusal,
  type RoomEvent,
  type RoomId,
  refusal,
  wellFormed,
} from '@codesync/protocol';
import type { Clock } from './clock.ts';
import { isKept, type KeptCommand, type KeptWaiting, type PlainCommand } from './kept-commands.ts';
import type { LiveFile } from './live-file.ts';
import type { Notice } from './notices.ts';
import { Outbox } from './outbox.ts';
import type { ClientRecord, RecordStore, StoredRoom } from './record.ts';
import { Recorder } from './recorder.ts';
import type { CommandResult } from './types.ts';

/**
 * Edits of one file go out no faster, so that typing never meets the server's limit. Edits that come closer together
 * go as one.
 */
const PACE_MS = 20;
/** After the server said that it cannot take a command just now. */
const RETRY_MS = 1_000;

export type OutgoingOptions = {
  readonly room: RoomId;
  readonly client: ClientId;
  readonly clock: Clock;
  readonly store: RecordStore;
  readonly online: () => boolean;
  readonly send: (command: Command) => void;
  /** The files with something pending. */
  readonly pending: () => readonly LiveFile[];
  /** Null until a state of the room has come: there is nothing to keep a record of. */
  readonly you: () => ClientRecord['you'] | null;
  readonly keyframe: () => Keyframe;
  readonly notices: () => readonly Notice[];
  /** An edit that no message can carry: the room would never take it. */
  readonly oversized: (file: LiveFile) => void;
  /** The room will never take what was kept for it. */
  readonly lost: (body: KeptCommand, error: Refusal) => void;
  /** Something was written, or could not be. */
  readonly written: () => void;
};

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #outbox: Outbox;
  readonly #recorder: Recorder;
  #nextSeq: number;
  /** A number was given since the last write was asked for. */
  #numbered = false;
  /** When the record was last made; two are never of the same moment. */
  #writtenAt: number;
  readonly #sentAt = new WeakMap<LiveFile, number>();
  #cancelPace: (() => void) | null = null;

  /** @param stored what is stored of this client; null when there is nothing yet. */
  constructor(options: OutgoingOptions, stored: StoredRoom | null) {
    this.#options = options;
    this.#outbox = new Outbox(stored?.record.commands ?? []);
    this.#nextSeq = stored?.record.nextSeq ?? 1;
    this.#writtenAt = stored?.record.writtenAt ?? 0;
    const { store, clock, keyframe, written } = options;
    const changed = () => {
      this.pump();
      written();
    };
    this.#recorder = new Recorder({ store, clock, keyframe, record: () => this.#record(), changed }, stored);
  }

  // ---- numbered -----------------------------------------------------------------------------------------

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

  /**
   * Resolves when the log has it, or it is refused. What is not kept on this device is not tried without a connection.
   */
  command(body: PlainCommand): Promise<CommandResult> {
    if (!isKept(body) && !this.#options.online())
      return Promise.resolve({ ok: false, error: refusal('room.unavailable') });
    const answer = this.#outbox.add(this.#nextSeq, wellFormed(body));
    this.takeSeq();
    return answer;
  }

  /** Commands that wait on this device for the room; the same list for as long as it is the same. */
  get unsent(): readonly KeptWaiting[] {
    return this.#outbox.kept;
  }

  // ---- written ------------------------------------------------------------------------------------------

  /** False when a reload would lose what is pending. */
  get kept(): boolean {
    return this.#recorder.kept;
  }

  /**
   * Something has changed that belongs in the record, and perhaps has to be sent. A command with a new number is
   * written at once, since it may not be sent before.
   */
  changed(urgency: 'soon' | 'later'): void {
    if (this.#recordable) {
      if (this.#numbered) this.#recorder.now();
      else if (urgency === 'soon') this.#recorder.soon();
      else this.#recorder.later();
      this.#numbered = false;
    }
    this.pump();
  }

  /** An event was folded: it belongs to the record. */
  note(event: RoomEvent): void {
    this.#recorder.note(event);
  }

  /** The room was replaced as a whole: the record gets a keyframe. */
  startOver(): void {
    this.#recorder.startOver();
  }

  /** The page may be about to go. */
  hide(): void {
    const unsent = this.#options.pending().length > 0 || this.#outbox.kept.length > 0;
    if (this.#recordable && unsent) this.#recorder.lastWords();
    this.#writeNow();
  }

  /** Writes what is pending. Resolves when it is written; nothing is written after that. */
  async finish(): Promise<void> {
    this.#writeNow();
    await this.#recorder.finish();
  }

  get #recordable(): boolean {
    return this.#options.you() !== null;
  }

  #writeNow(): void {
    if (this.#recordable) this.#recorder.now();
  }

  #record(): ClientRecord {
    const { room, client, clock, pending, you, notices } = this.#options;
    this.#writtenAt = Math.max(this.#writtenAt + 1, clock.now());
    const commands = this.#outbox.kept;
    return {
      room,
      client,
      you: you()!,
      nextSeq: this.#nextSeq,
      pending: pending().map((file) => file.stored()),
      notices: notices(),
      ...(commands.length === 0 ? {} : { commands }),
      writtenAt: this.#writtenAt,
    };
  }

  // ---- sent ---------------------------------------------------------------------------------------------

  /** Sends what may be sent and was not, in the order of the numbers. */
  pump(): void {
    const { clock, online, send, pending, oversized } = this.#options;
    if (!online()) return;
    const upTo = this.#recorder.sendable;
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

  /** The connection is another one. Commands are sent again under their own numbers until they are answered. */
  unsend(): void {
    this.#outbox.unsend();
  }

  /** An event that a command of this client caused. */
  logged(clientSeq: number, event: RoomEvent): void {
    this.#outbox.logged(clientSeq, event);
  }

  /** True when it was a command other than an edit. */
  refused(clientSeq: number, error: Refusal): boolean {
    const refused = this.#outbox.refused(clientSeq, error);
    if (refused.kind === 'lost') this.#options.lost(refused.body, error);
    if (refused.kind === 'later') {
      this.#options.clock.after(RETRY_MS, () => {
        this.#outbox.again(clientSeq);
        this.pump();
      });
    }
    return refused.kind !== 'none';
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
