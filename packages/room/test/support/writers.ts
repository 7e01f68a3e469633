// A room of one file and the documents of those who write it; the test decides when anything is delivered.
import type { LoggedEdit, Outgoing } from '@codesync/ot';
import type { ClientId, EventBody, RoomEvent } from '@codesync/protocol';
import { clientId, fileId } from '@codesync/protocol/testing';
import {
  type AuthoredEdit,
  type Change,
  ClientDocument,
  catchUp,
  EditOrder,
  editsAfter,
  type FoldedText,
  RoomFold,
  type TakenBack,
} from '../../src/index.ts';

export const FILE = fileId('file_one');

type Down = { readonly event: RoomEvent } | { readonly refused: number };

/** The room: it orders edits, and knows each one again that it has. */
export class Log {
  readonly events: RoomEvent[] = [];
  readonly fold = new RoomFold();
  readonly #order = new EditOrder(this.fold.texts);
  readonly writers: Writer[] = [];
  /** Whether the next edit that it sees for the first time is refused. */
  refusesNext = false;

  constructor(text: string) {
    this.#append({ kind: 'file.created', file: FILE, path: 'a.py', text }, undefined);
  }

  get text(): string {
    return this.fold.texts.get(FILE)!.buffer.toString();
  }

  receive(from: Writer, { clientSeq, version, op }: Outgoing): void {
    const known = ({ origin }: RoomEvent) => origin?.client === from.name && origin.clientSeq === clientSeq;
    if (this.events.some(known)) return;
    if (this.refusesNext) {
      this.refusesNext = false;
      from.down.push({ refused: clientSeq });
      return;
    }
    const decision = this.#order.place(FILE, version, op, [], 0);
    if (decision.kind !== 'fact') throw new Error(`an edit of a correct document came to ${decision.kind}`);
    this.#append(decision.body, { client: from.name, clientSeq });
  }

  #append(body: EventBody, origin: RoomEvent['origin']): void {
    const seq = this.fold.seq + 1;
    const event: RoomEvent = { seq, at: 0, actor: null, body, ...(origin === undefined ? {} : { origin }) };
    this.fold.apply(event);
    this.#order.follow(event);
    this.events.push(event);
    for (const writer of this.writers) writer.down.push({ event });
  }
}

/** One who writes the file: a document, its copy of the room, and a connection. */
export class Writer {
  readonly name: ClientId;
  readonly up: Outgoing[] = [];
  readonly down: Down[] = [];
  readonly taken: TakenBack[] = [];
  document: ClientDocument;
  #fold: RoomFold;
  #nextSeq = 1;
  readonly #log: Log;

  constructor(name: string, log: Log) {
    this.name = clientId(name);
    this.#log = log;
    this.#fold = RoomFold.from(log.fold.toKeyframe());
    this.document = this.#open(null);
    log.writers.push(this);
  }

  get text(): string {
    return this.document.text();
  }

  get confirmed(): string {
    return this.folded.buffer.toString();
  }

  get folded(): FoldedText {
    return this.#fold.texts.get(FILE)!;
  }

  /** Replaces `remove` units at `at` by `insert`; both are kept within the text. */
  type(at: number, remove: number, insert: string): void {
    const { length } = this.text;
    const from = Math.min(at, length);
    const gone = Math.min(remove, length - from);
    this.document.edit([
      ...(from > 0 ? [from] : []),
      ...(gone > 0 ? [-gone] : []),
      ...(insert === '' ? [] : [insert]),
    ]);
    this.send();
  }

  send(): void {
    const out = this.document.takeOutgoing(Number.POSITIVE_INFINITY);
    if (out !== null) this.up.push(out);
  }

  sendUp(): boolean {
    const out = this.up.shift();
    if (out !== undefined) this.#log.receive(this, out);
    return out !== undefined;
  }

  hear(): boolean {
    const message = this.down.shift();
    if (message === undefined) return false;
    if ('refused' in message) {
      if (this.document.inFlight === message.refused) this.came(this.document.refused(), 'refusal');
    } else {
      const { body, origin } = message.event;
      this.#fold.apply(message.event);
      if (body.kind === 'edit') {
        const own = origin?.client === this.name ? origin.clientSeq : null;
        const { client: author = null, clientSeq = null } = origin ?? {};
        const { version, op } = body;
        this.came(this.document.logged(version, op, own), { version, op, author, clientSeq });
      }
    }
    this.send();
    return true;
  }

  /** Loses what is on its way, and catches up with the log by its events or by a keyframe. */
  reconnect(by: 'events' | 'keyframe'): void {
    this.up.length = 0;
    this.down.length = 0;
    const { version } = this.document;
    const edits = editsAfter(this.#log.events, FILE, version);
    const to = this.#log.fold.texts.get(FILE)!.version;
    this.#fold = RoomFold.from(this.#log.fold.toKeyframe());
    const own = (edit: (typeof edits)[number]) =>
      edit.origin?.client === this.name ? { op: edit.op, clientSeq: edit.origin.clientSeq } : { op: edit.op };
    const steps =
      by === 'events' ? edits.map(own) : catchUp({ file: FILE, from: version, to }, edits, this.name)!.steps;
    this.came(this.document.caughtUp(steps), steps);
    this.send();
  }

  /** Goes on from what it had stored, through JSON. */
  reload(): void {
    const stored = JSON.parse(JSON.stringify(this.document.stored()));
    this.document = this.#open(stored);
    this.reconnect('events');
  }

  #open(stored: ReturnType<ClientDocument['stored']> | null): ClientDocument {
    const numbers = { nextSeq: () => this.#nextSeq, takeSeq: () => void this.#nextSeq++ };
    return new ClientDocument(() => this.folded, numbers, stored);
  }

  /** What came in has done something to the document. */
  protected came({ taken }: Change, _cause: AuthoredEdit | 'refusal' | readonly LoggedEdit[]): void {
    if (taken !== null) this.taken.push(taken);
  }
}

/** Delivers all that is on its way until nothing is. */
export function settle(log: Log): void {
  log.refusesNext = false;
  for (const writer of log.writers) writer.send();
  for (let busy = true; busy; ) {
    busy = false;
    for (const writer of log.writers) {
      const up = writer.sendUp();
      const down = writer.hear();
      busy ||= up || down;
    }
  }
}
