// Commands other than edits that wait for their answer. Each is answered once, whatever the connection does.
import { type Command, type Refusal, type RefusalCode, type RoomEvent, refusal } from '@codesync/protocol';
import { isKept, type KeptCommand, type KeptWaiting, type PlainCommand } from './kept-commands.ts';
import type { CommandResult } from './types.ts';

type Waiting = {
  readonly body: PlainCommand;
  readonly resolve: (result: CommandResult) => void;
  sent: boolean;
};

/** Not for good: worth another try with the same number, after the next join. */
const PASSING: ReadonlySet<RefusalCode> = new Set(['protocol.unjoined']);
/** The same for what is kept, after a while. */
const LATER: ReadonlySet<RefusalCode> = new Set([
  'rate.exceeded',
  'chat.tooOften',
  'room.unavailable',
  'storage.unavailable',
  'storage.full',
]);

/**
 * What a refusal comes to. `none`: it was of no such command. `answered`: who asked for it has the answer. `later`: it
 * is to be sent again after a while. `lost`: the room will never take what was kept.
 */
export type Refused =
  | { readonly kind: 'none' | 'answered' | 'later' }
  | { readonly kind: 'lost'; readonly body: KeptCommand };

export class Outbox {
  readonly #waiting = new Map<number, Waiting>();
  #kept: readonly KeptWaiting[] | null = null;

  /** @param kept what waited on this device when the page was left. */
  constructor(kept: readonly KeptWaiting[]) {
    for (const { clientSeq, body } of kept) this.#add(clientSeq, body, () => {});
  }

  /** What waits on this device, in order; the same list for as long as it is the same. */
  get kept(): readonly KeptWaiting[] {
    this.#kept ??= [...this.#waiting].flatMap(([clientSeq, { body }]) =>
      isKept(body) ? [{ clientSeq, body }] : [],
    );
    return this.#kept;
  }

  /** Resolves when the log has it, or it is refused. */
  add(clientSeq: number, body: PlainCommand): Promise<CommandResult> {
    return new Promise((resolve) => this.#add(clientSeq, body, resolve));
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

  /** The server refuses a command. */
  refused(clientSeq: number, error: Refusal): Refused {
    const waiting = this.#waiting.get(clientSeq);
    if (waiting === undefined) return { kind: 'none' };
    const { body } = waiting;
    if (PASSING.has(error.code)) return { kind: 'answered' };
    if (isKept(body) && LATER.has(error.code)) return { kind: 'later' };
    this.#answer(clientSeq, { ok: false, error });
    return isKept(body) ? { kind: 'lost', body } : { kind: 'answered' };
  }

  /** One command is to be sent again. */
  again(clientSeq: number): void {
    const waiting = this.#waiting.get(clientSeq);
    if (waiting !== undefined) waiting.sent = false;
  }

  /** Nothing will be answered any more. What is kept stays on this device. */
  close(error: Refusal = refusal('room.unavailable')): void {
    for (const [clientSeq, { body, resolve }] of [...this.#waiting]) {
      if (isKept(body)) resolve({ ok: false, error });
      else this.#answer(clientSeq, { ok: false, error });
    }
  }

  #add(clientSeq: number, body: PlainCommand, resolve: Waiting['resolve']): void {
    this.#waiting.set(clientSeq, { body, resolve, sent: false });
    if (isKept(body)) this.#kept = null;
  }

  #answer(clientSeq: number, result: CommandResult): void {
    const waiting = this.#waiting.get(clientSeq);
    this.#waiting.delete(clientSeq);
    if (waiting !== undefined && isKept(waiting.body)) this.#kept = null;
    waiting?.resolve(result);
  }
}
