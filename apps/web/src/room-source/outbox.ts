// Commands other than edits that wait for their answer. Each is answered once, whatever the connection does.
import {
  type Command,
  type CommandBody,
  type Refusal,
  type RefusalCode,
  type RoomEvent,
  refusal,
} from '@codesync/protocol';
import type { CommandResult } from './types.ts';

export type PlainCommand = Exclude<CommandBody, { kind: 'edit' }>;

type Waiting = {
  readonly body: PlainCommand;
  readonly resolve: (result: CommandResult) => void;
  sent: boolean;
};

/** Not for good: worth another try with the same number. */
const PASSING: ReadonlySet<RefusalCode> = new Set(['protocol.unjoined']);

export class Outbox {
  readonly #waiting = new Map<number, Waiting>();

  /** Resolves when the log has it, or it is refused. */
  add(clientSeq: number, body: PlainCommand): Promise<CommandResult> {
    return new Promise((resolve) => this.#waiting.set(clientSeq, { body, resolve, sent: false }));
  }

  /** What is to be sent now, numbered at most `upTo`; it then counts as sent. */
  takeOutgoing(upTo: number): Command[] {
    const commands: Command[] = [];
    for (const [clientSeq, waiting] of this.#waiting) {
      if (waiting.sent || clientSeq > upTo) continue;
      waiting.sent = true;
      commands.push({ clientSeq, body: waiting.body });
    }
    return commands;
  }

  /** What was sent may have been lost: all that waits is to be sent again, under its own numbers. */
  unsend(): void {
    for (const waiting of this.#waiting.values()) waiting.sent = false;
  }

  /** An event that this client caused. */
  logged(clientSeq: number, event: RoomEvent): void {
    this.#answer(clientSeq, { ok: true, event });
  }

  /** True when it was one of these commands. */
  refused(clientSeq: number, error: Refusal): boolean {
    if (!this.#waiting.has(clientSeq)) return false;
    if (!PASSING.has(error.code)) this.#answer(clientSeq, { ok: false, error });
    return true;
  }

  /** Nothing will be answered any more. */
  close(error: Refusal = refusal('room.unavailable')): void {
    for (const clientSeq of [...this.#waiting.keys()]) this.#answer(clientSeq, { ok: false, error });
  }

  #answer(clientSeq: number, result: CommandResult): void {
    const waiting = this.#waiting.get(clientSeq);
    this.#waiting.delete(clientSeq);
    waiting?.resolve(result);
  }
}
