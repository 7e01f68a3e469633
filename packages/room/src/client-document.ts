// A client's copy of one file: the confirmed text with this client's pending edits on top. Pure: it has no clock, no
// socket, no undo and no cursor. Its states are those of the client machine in packages/ot/src/client.ts.
import {
  acknowledge,
  apply,
  baseLength,
  type Client,
  catchUp,
  diff,
  edit,
  invert,
  isNoop,
  type LoggedEdit,
  NOOP,
  type Op,
  type Outgoing,
  openClient,
  pendingOp,
  refuse,
  remote,
  resend,
  restoreClient,
  type Sending,
  type StoredClient,
  storeClient,
  TextBuffer,
} from '@codesync/ot';
import type { FoldedText } from './folded-text.ts';

/** The numbers of a client's commands: one sequence for all its files. */
export type CommandNumbers = {
  /** The number for the next command. */
  readonly nextSeq: () => number;
  /** Marks that number as used. */
  readonly takeSeq: () => void;
};

/** What was taken back from the text. `typed`: what it had inserted. `text`: the whole text before. */
export type TakenBack = { readonly typed: string; readonly text: string };

/**
 * What something that came in has done.
 * - `shown`: the operation that changed `text()`. It is already applied.
 * - `settled`: the edit that was in flight no longer is. What waited behind it is in flight now, or nothing is.
 * - `taken`: what this client wrote and the room has no place for. The person has to be told of it.
 */
export type Change = { readonly shown: Op; readonly settled: boolean; readonly taken: TakenBack | null };

/**
 * The owner applies an edit of the log to the confirmed text first, and then tells the document. Positions are
 * UTF-16 units.
 */
export class ClientDocument {
  readonly #confirmed: () => FoldedText;
  readonly #numbers: CommandNumbers;
  #client: Client;
  readonly #text: TextBuffer;
  /** The number of the edit that was handed out to be sent on this connection. */
  #sent: number | null = null;
  #pending: { readonly of: Client; readonly op: Op } | null = null;

  /**
   * @param confirmed the newest confirmed text that the owner has.
   * @param stored as `stored()` gave it, made for the version of that text; null when nothing is pending.
   * @throws InvalidOpError or RangeError when it does not fit.
   */
  constructor(confirmed: () => FoldedText, numbers: CommandNumbers, stored: StoredClient | null) {
    this.#confirmed = confirmed;
    this.#numbers = numbers;
    const { version, buffer } = confirmed();
    this.#client = stored === null ? openClient(version) : restoreClient(stored);
    this.#text = TextBuffer.from(buffer.toString());
    this.#text.apply(pendingOp(this.#client));
  }

  /** The confirmed text with all that is pending applied. */
  text(): string {
    return this.#text.toString();
  }

  /** The same text, for reading. Only the document changes it. */
  get buffer(): TextBuffer {
    return this.#text;
  }

  /** The version of the confirmed text below the pending edits. */
  get version(): number {
    return this.#client.version;
  }

  /** The client machine's state: what is in flight, and whether anything waits behind it. */
  get state(): Client['state'] {
    return this.#client.state;
  }

  get synchronized(): boolean {
    return this.#client.state === 'synchronized';
  }

  /** The number of the edit in flight. */
  get inFlight(): number | null {
    return this.#client.state === 'synchronized' ? null : this.#client.inFlight.clientSeq;
  }

  /** The operation that leads from the confirmed text to `text()`. */
  pendingOp(): Op {
    if (this.#pending?.of !== this.#client) this.#pending = { of: this.#client, op: pendingOp(this.#client) };
    return this.#pending.op;
  }

  /** What is pending, as data that can outlive a crash. Store it before the edit in flight is sent. */
  stored(): StoredClient {
    return storeClient(this.#client);
  }

  /** A change by this client, made for `text()`. */
  edit(op: Op): void {
    if (isNoop(op)) return;
    this.#text.apply(op);
    this.#goOn(edit(this.#client, op, this.#numbers.nextSeq()));
  }

  /** The edit to send now: in flight, not sent on this connection, numbered at most `upTo`. It then counts as sent. */
  takeOutgoing(upTo: number): Outgoing | null {
    const seq = this.inFlight;
    if (seq === null || seq === this.#sent || seq > upTo) return null;
    this.#sent = seq;
    return resend(this.#client);
  }

  /** What was sent may have been lost, so it is to be sent again. */
  unsend(): void {
    this.#sent = null;
  }

  /**
   * The next edit of the log. `own`: its number, when this client made it.
   * @throws Error when `version` is not the next one.
   */
  logged(version: number, op: Op, own: number | null): Change {
    if (own !== null && own === this.inFlight) {
      this.#goOn(acknowledge(this.#client, version, this.#numbers.nextSeq()));
      return { shown: NOOP, settled: true, taken: null };
    }
    const showing = remote(this.#client, version, op);
    this.#client = showing.client;
    return this.#show(showing.op);
  }

  /**
   * Takes in at once what the log has after this document's version, up to the confirmed text. A step may stand
   * for several versions. What was sent is to be sent again unless the steps hold it.
   */
  caughtUp(steps: readonly LoggedEdit[]): Change {
    const own = this.inFlight;
    const caught = catchUp(this.#client, steps, this.#numbers.nextSeq());
    this.#sent = null;
    const { version } = this.#confirmed();
    const settled = own !== null && steps.some(({ clientSeq }) => clientSeq === own);
    const client = { ...caught.client, version };
    if (settled) this.#goOn({ client, send: caught.send });
    else this.#client = client;
    return { ...this.#arrive(caught.op), settled };
  }

  /**
   * Something other than edits has changed the confirmed text, which was `before`. What is pending is carried
   * over the difference.
   */
  replaced(before: string): Change {
    const { version, buffer } = this.#confirmed();
    const showing = remote(this.#client, this.#client.version + 1, diff(before, buffer.toString()));
    this.#client = { ...showing.client, version };
    this.#sent = null;
    return this.#arrive(showing.op);
  }

  /**
   * The room will never take the edit in flight. It is taken back from the text; what was typed after it stays.
   * @throws Error when nothing is in flight.
   */
  refused(): Change {
    const text = this.text();
    const typed = this.#client.state === 'synchronized' ? '' : inserted(this.#client.inFlight.edit.toOp());
    const result = refuse(this.#client, this.#confirmed().buffer, this.#numbers.nextSeq());
    this.#goOn(result);
    return { ...this.#show(result.op), settled: true, taken: { typed, text } };
  }

  /** Takes all that is pending back from the text. */
  takeBack(): Change {
    if (this.synchronized) return { shown: NOOP, settled: false, taken: null };
    const taken = this.#taken();
    const op = invert(this.pendingOp(), this.#confirmed().buffer);
    this.#client = openClient(this.#client.version);
    this.#sent = null;
    return { ...this.#show(op), taken };
  }

  /** What is in the text and not in the log. */
  unsaved(): TakenBack | null {
    return this.synchronized ? null : this.#taken();
  }

  #taken(): TakenBack {
    return { typed: inserted(this.pendingOp()), text: this.text() };
  }

  #goOn({ client, send }: Sending): void {
    this.#client = client;
    if (send?.clientSeq === this.#numbers.nextSeq()) this.#numbers.takeSeq();
  }

  /**
   * Brings the text to the confirmed one with what is pending on top: by `op` if that leads there, else by a
   * diff. If what is pending does not fit the confirmed text, it is taken back.
   */
  #arrive(op: Op): Change {
    const confirmed = this.#confirmed().buffer.toString();
    const before = this.text();
    const pending = this.pendingOp();
    if (baseLength(pending) > confirmed.length) {
      const taken = this.#taken();
      this.#client = openClient(this.#client.version);
      return { ...this.#show(diff(before, confirmed)), taken };
    }
    const target = apply(confirmed, pending);
    const fits = baseLength(op) <= before.length && apply(before, op) === target;
    return this.#show(fits ? op : diff(before, target));
  }

  #show(shown: Op): Change {
    if (!isNoop(shown)) this.#text.apply(shown);
    return { shown, settled: false, taken: null };
  }
}

function inserted(op: Op): string {
  return op.filter((part) => typeof part === 'string').join('');
}
