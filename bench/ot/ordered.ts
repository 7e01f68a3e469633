/**
 * What engines have in common whose edits a server puts in order: a person has one edit under way and the rest in a
 * buffer. From a person and a server, a replica and a session are made here.
 */
import type { Replica, Session } from './engine.ts';

/** A person's copy. `Sent` is an edit that is to go to the server, not yet bytes. */
export interface OrderedPerson<Sent> {
  /** A local edit; gives what is to be sent now, null if something is under way. */
  edit(at: number, remove: number, insert: string): Sent | null;
  /** What is under way, if anything, for the text as the server has it now. */
  underWay(): Sent | null;
  /**
   * What is under way has its place in the order; gives what is to be sent next.
   *
   * @param message by which the server says so, if there is a server.
   */
  confirm(message?: Uint8Array): Sent | null;
  encode(sent: Sent): Uint8Array;
  /** Edits of others, in order, next after what was received and confirmed. */
  receive(messages: readonly Uint8Array[]): void;
  text(): string;
  snapshot(): Uint8Array;
}

/** What a server sends when it has put an edit in order. */
export type Placed = { readonly others: Uint8Array; readonly author: Uint8Array };

export function sameToAll(message: Uint8Array): Placed {
  return { others: message, author: message };
}

export interface OrderedServer {
  /** Puts a person's edit in order. */
  place(message: Uint8Array, person: 0 | 1): Placed;
  text(): string;
}

/** A person whose edits have their place as soon as they are sent: there is no one else who edits meanwhile. */
export class OrderedReplica<Sent> implements Replica {
  readonly #person: OrderedPerson<Sent>;
  #unsent = false;

  constructor(person: OrderedPerson<Sent>) {
    this.#person = person;
  }

  edit(at: number, remove: number, insert: string): void {
    this.#person.edit(at, remove, insert);
    this.#unsent = true;
  }

  send(at: number, remove: number, insert: string): Uint8Array {
    const message = this.#person.encode(this.#person.edit(at, remove, insert)!);
    this.#person.confirm();
    return message;
  }

  confirm(): void {
    while (this.#unsent) this.#unsent = this.#person.confirm() !== null;
  }

  flush(): readonly Uint8Array[] {
    const messages: Uint8Array[] = [];
    if (!this.#unsent) return messages;
    for (let sent = this.#person.underWay(); sent !== null; sent = this.#person.confirm()) {
      messages.push(this.#person.encode(sent));
    }
    this.#unsent = false;
    return messages;
  }

  receive(messages: readonly Uint8Array[]): void {
    this.#person.receive(messages);
  }

  text(): string {
    return this.#person.text();
  }

  snapshot(): Uint8Array {
    return this.#person.snapshot();
  }
}

/** What the server has put in order, on its way to a person. */
type Down = { readonly person: 0 | 1; readonly edits: number; readonly message: Uint8Array };

/**
 * Two people and a server that places what arrives at once; what goes down to a person waits until it is to be known.
 * Of what waits, one's own edits and the other's known ones come through.
 */
export class OrderedSession<Sent> implements Session {
  readonly knowsMore = true;
  readonly #people: readonly [OrderedPerson<Sent>, OrderedPerson<Sent>];
  readonly #server: OrderedServer;
  readonly #down: readonly [Down[], Down[]] = [[], []];
  /**
   * For each person: how many of their edits have a place, and how many were not sent. Edits that undo each other in
   * the buffer are never sent by themselves; they count with the next that is.
   */
  readonly #placed: [number, number] = [0, 0];
  readonly #waiting: [number, number] = [0, 0];
  /** The other's edits that came through to each person. */
  readonly #known: [number, number] = [0, 0];

  constructor(people: readonly [OrderedPerson<Sent>, OrderedPerson<Sent>], server: OrderedServer) {
    this.#people = people;
    this.#server = server;
  }

  type(person: 0 | 1, at: number, remove: number, insert: string): void {
    this.#waiting[person] += 1;
    this.#sendUp(person, this.#people[person].edit(at, remove, insert));
  }

  deliver(person: 0 | 1, count: number): void {
    const other = person === 0 ? 1 : 0;
    // The other's edits may wait behind one that is under way: its confirmation lets them go.
    while (this.#placed[other] < count && this.#next(other)) this.#comeThrough(other);
    while (this.#known[person] < count && this.#next(person)) this.#comeThrough(person);
    for (let next = this.#next(person); next !== undefined; next = this.#next(person)) {
      if (next.person === other && this.#known[person] + next.edits > count) break;
      this.#comeThrough(person);
    }
  }

  view(person: 0 | 1): string {
    return this.#people[person].text();
  }

  texts(): readonly string[] {
    return [this.#server.text(), this.#people[0].text(), this.#people[1].text()];
  }

  #next(person: 0 | 1): Down | undefined {
    return this.#down[person][0];
  }

  #comeThrough(person: 0 | 1): void {
    const next = this.#down[person].shift()!;
    if (next.person === person) {
      this.#sendUp(person, this.#people[person].confirm(next.message));
    } else {
      this.#people[person].receive([next.message]);
      this.#known[person] += next.edits;
    }
  }

  #sendUp(person: 0 | 1, sent: Sent | null): void {
    if (sent === null) return;
    const { others, author } = this.#server.place(this.#people[person].encode(sent), person);
    const edits = this.#waiting[person];
    this.#waiting[person] = 0;
    this.#placed[person] += edits;
    this.#down[person].push({ person, edits, message: author });
    this.#down[person === 0 ? 1 : 0].push({ person, edits, message: others });
  }
}

/** Edits that were gathered, as one: composed as a balanced tree. There must be at least one. */
export function composeTree<Op>(ops: readonly Op[], compose: (first: Op, second: Op) => Op): Op {
  if (ops.length === 1) return ops[0]!;
  const middle = ops.length >> 1;
  return compose(composeTree(ops.slice(0, middle), compose), composeTree(ops.slice(middle), compose));
}
