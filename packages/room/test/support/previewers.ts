// People who write a file and tell each other what they write, before the log has it. The test decides which of what
// they tell arrives, how often, and when.
import { apply, check, isNoop, type LoggedEdit, type Op } from '@codesync/ot';
import type { Preview } from '@codesync/protocol';
import { expect } from 'vitest';
import { type AuthoredEdit, type Change, ClientDocument, Previews } from '../../src/index.ts';
import { FILE, type Log, Writer } from './writers.ts';

type Told = { readonly from: Previewer; readonly preview: Preview };

export class Previewer extends Writer {
  /** Made of nothing but the operations that change the view. */
  view: string;
  /** How often something that came in has changed it. */
  changes = 0;
  /** What peers told this one, in order. */
  readonly told: Told[] = [];
  readonly #log: Log;
  readonly #previews: Previews;
  /** A document that never hears of previews, with the same edits made in it. */
  readonly #twin: ClientDocument;
  #twinSeq = 1;
  #stamp = 0;
  #toldSeq = 0;
  now = 0;

  constructor(name: string, log: Log) {
    super(name, log);
    this.#log = log;
    this.view = this.text;
    this.#previews = new Previews(this.document, () => this.folded);
    const numbers = { nextSeq: () => this.#twinSeq, takeSeq: () => void this.#twinSeq++ };
    this.#twin = new ClientDocument(() => this.folded, numbers, null);
  }

  get peers(): Previewer[] {
    return this.#log.writers.filter(
      (writer): writer is Previewer => writer instanceof Previewer && writer !== this,
    );
  }

  /** Text of others on the view that the log does not have. */
  get shown(): string[] {
    return this.#previews.ranges().map(({ start, end }) => this.view.slice(start, end));
  }

  get holds(): boolean {
    return this.#previews.holds;
  }

  /** Replaces `remove` units of the view at `at` by `insert`; both are kept within it. Returns what is deleted. */
  override type(at: number, remove: number, insert: string): string {
    const { length } = this.view;
    const from = Math.min(at, length);
    const gone = Math.min(remove, length - from);
    const op = check([
      ...(from > 0 && (gone > 0 || insert !== '') ? [from] : []),
      ...(gone > 0 ? [-gone] : []),
      ...(insert === '' ? [] : [insert]),
    ]);
    const deleted = this.view.slice(from, from + gone);
    this.view = apply(this.view, op);
    this.#make(this.#previews.lower(op));
    this.send();
    return deleted;
  }

  /** An edit made for the document's text, as undo makes them. */
  change(op: Op): void {
    this.#lift(op);
    this.send();
  }

  /** What is pending here, as its peers hear it. */
  preview(): Preview {
    const { version, inFlight, buffer } = this.document.stored();
    this.#toldSeq = inFlight?.clientSeq ?? this.#toldSeq;
    return {
      file: FILE,
      stamp: ++this.#stamp,
      base: version,
      clientSeq: Math.max(1, this.#toldSeq),
      inFlight: inFlight?.op ?? [],
      buffer: buffer ?? [],
    };
  }

  /** Puts a preview on its way to each peer. */
  tell(preview = this.preview()): void {
    for (const peer of this.peers) peer.told.push({ from: this, preview });
  }

  /** Hears one of those that are on their way. `again`: it stays on its way. */
  hearPreview(index: number, again = false): void {
    const told = this.told[index];
    if (told === undefined) return;
    if (!again) this.told.splice(index, 1);
    this.#show(this.#previews.hear(told.from.name, told.preview, this.now));
  }

  expire(now: number, isHere: (peer: Previewer) => boolean = () => true): void {
    this.now = now;
    this.#show(
      this.#previews.expire(now, (author) => this.peers.some((peer) => peer.name === author && isHere(peer))),
    );
  }

  release(): void {
    this.#show(this.#previews.release());
  }

  expectConsistent(): void {
    expect(this.view).toBe(apply(this.text, this.#previews.op));
    expect(this.text).toBe(apply(this.confirmed, this.document.pendingOp()));
    expect(this.document.stored()).toEqual(this.#twin.stored());
    expect(this.view.isWellFormed()).toBe(true);
    for (const { start, end } of this.#previews.ranges()) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(this.view.length);
    }
  }

  protected override came(change: Change, cause: AuthoredEdit | 'refusal' | readonly LoggedEdit[]): void {
    super.came(change, cause);
    if (cause === 'refusal') {
      this.#twin.refused();
      this.#show(this.#previews.moved(change.shown));
    } else if ('version' in cause) {
      const own = cause.author === this.name ? cause.clientSeq : null;
      this.#twin.logged(cause.version, cause.op, own);
      this.#show(this.#previews.logged(cause, change.shown));
    } else {
      this.#twin.caughtUp(cause);
      this.#show(this.#previews.reset(change.shown));
    }
  }

  #make(below: Op): void {
    if (isNoop(below)) return;
    this.document.edit(below);
    this.#twin.edit(below);
    this.#previews.edited();
  }

  /** Shows what has come in, and makes the edits that waited for it. */
  #show(op: Op): void {
    this.view = apply(this.view, check(op));
    if (!isNoop(op)) this.changes++;
    const due = this.#previews.due();
    if (!isNoop(due)) this.#lift(due);
  }

  #lift(op: Op): void {
    this.document.edit(op);
    this.#twin.edit(op);
    this.view = apply(this.view, check(this.#previews.lift(op)));
  }
}
