// One person at one file, as a script of what happens: `play('abc', type(3, 'd'), ack(), sees('abcd'))`.
import { expect } from 'vitest';
import {
  acknowledge,
  apply,
  type Client,
  catchUp,
  edit,
  type LoggedEdit,
  type Op,
  type Outgoing,
  openClient,
  refuse,
  remote,
  restoreClient,
  type StoredClient,
  storeClient,
} from '../../src/index.ts';

export class Person {
  client: Client;
  view: string;
  /** The server's text at the client's version: what `refuse` reads deleted text from. */
  server: string;
  readonly sent: Outgoing[] = [];
  #nextSeq = 1;

  constructor(text: string, version = 0) {
    this.client = openClient(version);
    this.view = text;
    this.server = text;
  }

  does(op: Op): void {
    this.view = apply(this.view, op);
    this.#take(edit(this.client, op, this.#nextSeq));
  }

  hears(op: Op): void {
    this.server = apply(this.server, op);
    this.#take({ ...remote(this.client, this.client.version + 1, op), send: null });
  }

  isAcknowledged(): void {
    if (this.client.state !== 'synchronized')
      this.server = apply(this.server, this.client.inFlight.edit.toOp());
    this.#take(acknowledge(this.client, this.client.version + 1, this.#nextSeq));
  }

  isRefused(): void {
    this.#take(refuse(this.client, this.server, this.#nextSeq));
  }

  reconnects(backlog: readonly LoggedEdit[]): void {
    for (const { op } of backlog) this.server = apply(this.server, op);
    this.#take(catchUp(this.client, backlog, this.#nextSeq));
  }

  reloads(): void {
    this.client = restoreClient(JSON.parse(JSON.stringify(storeClient(this.client))) as StoredClient);
  }

  #take(next: { client: Client; op?: Op; send: Outgoing | null }): void {
    this.client = next.client;
    if (next.op !== undefined) this.view = apply(this.view, next.op);
    if (next.send === null) return;
    this.sent.push(next.send);
    if (next.send.clientSeq === this.#nextSeq) this.#nextSeq++;
  }
}

export type Step = (person: Person) => void;

/** Lets a person with `text` on the screen live through `steps`. */
export function play(text: string, ...steps: readonly Step[]): Person {
  const person = new Person(text);
  for (const step of steps) step(person);
  return person;
}

/** Types `text` at `at`. */
export const type =
  (at: number, text: string): Step =>
  (person) =>
    person.does(at === 0 ? [text] : [at, text]);

/** Deletes `length` units at `at`. */
export const erase =
  (at: number, length: number): Step =>
  (person) =>
    person.does(at === 0 ? [-length] : [at, -length]);

/** Someone else's edit, for the server's text at the client's version, comes in as the next version. */
export const hear =
  (...op: Op): Step =>
  (person) =>
    person.hears(op);

/** What is in flight is acknowledged as the next version. */
export const ack = (): Step => (person) => person.isAcknowledged();

/** What is in flight is refused. */
export const refused = (): Step => (person) => person.isRefused();

/** The connection comes back with the edits that were logged meanwhile. */
export const reconnect =
  (...backlog: readonly LoggedEdit[]): Step =>
  (person) =>
    person.reconnects(backlog);

/** The page is loaded anew, with what was stored. */
export const reload = (): Step => (person) => person.reloads();

/** The screen shows `text`. */
export const sees =
  (text: string): Step =>
  (person) =>
    expect(person.view).toBe(text);

/** All edits sent so far: [clientSeq, version, op]. */
export const sent =
  (...expected: readonly [number, number, Op][]): Step =>
  (person) =>
    expect(person.sent.map(({ clientSeq, version, op }) => [clientSeq, version, op])).toEqual(expected);

/** The client is in `state`. */
export const is =
  (state: Client['state']): Step =>
  (person) =>
    expect(person.client.state).toBe(state);
