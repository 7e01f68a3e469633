// The client's side of one file: what was sent, what waits, what to show. Pure: a call takes the state and
// returns the next one; the caller owns the socket, the clock and the text.
import { invert } from './apply.ts';
import { compose, composeAll } from './compose.ts';
import { isNoop, NOOP, type Op } from './op.ts';
import { Pending } from './pending.ts';
import type { TextBuffer } from './text-buffer.ts';

/*
 *                     edit                          edit
 *   ┌──────────────┐ (send)   ┌─────────────┐           ┌───────────────────────┐
 *   │ Synchronized │─────────▶│ AwaitingAck │──────────▶│ AwaitingAckWithBuffer │─┐ edit
 *   └──────────────┘          └─────────────┘           └───────────────────────┘◀┘ (buffer grows)
 *          ▲    acknowledge     │         ▲   acknowledge           │
 *          └────────────────────┘         └─────────────────────────┘
 *                                            (send the buffer)
 *
 * A remote edit comes down on the left, at the server's version; the view on the right shows what is in
 * flight (f) and the buffer (b) as well. Each square commutes: own edits are 'left', the log's are 'right'.
 *
 *      version v ──── f ───▶ · ──── b ───▶ view
 *          │                 │              │
 *        edit              edit'          edit''      the op for the view
 *          ▼                 ▼              ▼
 *    version v+1 ─── f' ──▶ · ──── b' ──▶ view'
 */

/** The view is the server's text at `version`. */
interface Synchronized {
  readonly state: 'synchronized';
  readonly version: number;
}

/** The view is the server's text at `version` with `inFlight`, which was sent. */
interface AwaitingAck {
  readonly state: 'awaiting-ack';
  readonly version: number;
  readonly inFlight: InFlight;
}

/** As AwaitingAck, and with `buffer` on top, which is sent when `inFlight` is acknowledged. */
interface AwaitingAckWithBuffer {
  readonly state: 'awaiting-ack-with-buffer';
  readonly version: number;
  readonly inFlight: InFlight;
  readonly buffer: Pending;
}

/** The client's side of one file. `version` is the last version of the server's that it has taken in. */
export type Client = Synchronized | AwaitingAck | AwaitingAckWithBuffer;

/** An edit that was sent; `clientSeq` is its identity, the same however often it is sent. */
interface InFlight {
  readonly clientSeq: number;
  readonly edit: Pending;
}

/** An edit to send: `op` is made for the server's text at `version`. */
export interface Outgoing {
  readonly clientSeq: number;
  readonly version: number;
  readonly op: Op;
}

/** An edit of the log. It has a `clientSeq` if this client made it, even if it no longer remembers that. */
export interface LoggedEdit {
  readonly op: Op;
  readonly clientSeq?: number | undefined;
}

/** The next state, and the edit to send, if any. A new edit bears the `nextSeq` that the caller passed. */
export interface Sending {
  readonly client: Client;
  readonly send: Outgoing | null;
}

/** The next state, and the operation that brings the view to it. */
export interface Showing {
  readonly client: Client;
  readonly op: Op;
}

/** A client whose view is the server's text at `version`. */
export function openClient(version: number): Client {
  return { state: 'synchronized', version };
}

/**
 * A local edit, already shown. It is sent at once if nothing is in flight, else it joins the buffer.
 *
 * @param op made for the view as it was before.
 * @param nextSeq the identity for the edit to send; it is used up only if `send` is not null.
 */
export function edit(client: Client, op: Op, nextSeq: number): Sending {
  if (isNoop(op)) return { client, send: null };
  const { version } = client;
  switch (client.state) {
    case 'synchronized':
      return sendFrom(version, Pending.of(op), nextSeq);
    case 'awaiting-ack': {
      const { inFlight } = client;
      const buffer = Pending.of(op);
      return { client: { state: 'awaiting-ack-with-buffer', version, inFlight, buffer }, send: null };
    }
    case 'awaiting-ack-with-buffer':
      return {
        client: { state: client.state, version, inFlight: client.inFlight, buffer: client.buffer.add(op) },
        send: null,
      };
  }
}

/**
 * The server has put the edit in flight into the log as `version`. The buffer, if any, goes out.
 *
 * @param nextSeq the identity for the edit to send; it is used up only if `send` is not null.
 * @throws Error if nothing is in flight, or `version` is not the next one.
 */
export function acknowledge(client: Client, version: number, nextSeq: number): Sending {
  requireNext(client, version);
  if (client.state === 'synchronized') throw new Error(`version ${version}: nothing is in flight`);
  if (client.state === 'awaiting-ack') return { client: openClient(version), send: null };
  return sendFrom(version, client.buffer, nextSeq);
}

/**
 * Takes in someone else's edit: `op` made `version` out of the version before it.
 *
 * @returns the next state and the operation for the view. Cost: the pieces of the pending edits that `op`
 *   reaches into.
 * @throws Error if `version` is not the next one.
 */
export function remote(client: Client, version: number, op: Op): Showing {
  requireNext(client, version);
  return carry(client, version, op);
}

/**
 * How an incoming version relates to the client's. It is the `'next'` one, it was `'seen'` already (drop it),
 * or there is a `'gap'` before it (ask for the backlog).
 */
export function sequel(client: Client, version: number): 'next' | 'seen' | 'gap' {
  if (version === client.version + 1) return 'next';
  return version <= client.version ? 'seen' : 'gap';
}

/**
 * Takes in a backlog: all edits of the log after the client's version, others' and its own, in order. Then it
 * says what to send. If the backlog does not hold the edit in flight, that edit goes out again under its own
 * identity; else the buffer goes out. Call it on every reconnect, even with an empty backlog.
 *
 * Others' edits are composed and meet what is pending once, so n edits over m cost O(n log n + m). An own edit
 * that is not the one in flight is one that this client forgot. It is taken in like others'.
 *
 * @param nextSeq the identity for the edit to send; it is used up only if `send` bears it.
 */
export function catchUp(client: Client, backlog: readonly LoggedEdit[], nextSeq: number): Showing & Sending {
  const ops = backlog.map((entry) => entry.op);
  const version = client.version + ops.length;
  const own = client.state === 'synchronized' ? -1 : indexOfOwn(backlog, client.inFlight.clientSeq);
  if (own === -1) {
    const caught = carry(client, version, composeAll(ops));
    return { ...caught, send: resend(caught.client) };
  }
  const until = carry(client, version, composeAll(ops.slice(0, own)));
  const after = composeAll(ops.slice(own + 1));
  if (until.client.state !== 'awaiting-ack-with-buffer') {
    return { client: openClient(version), op: compose(until.op, after), send: null };
  }
  const [buffer, op] = until.client.buffer.rebase(after);
  return { ...sendFrom(version, buffer, nextSeq), op: compose(until.op, op) };
}

/** The edit in flight, to send again, made for the client's version. Null if nothing is in flight. */
export function resend(client: Client): Outgoing | null {
  if (client.state === 'synchronized') return null;
  const { clientSeq, edit } = client.inFlight;
  return { clientSeq, version: client.version, op: edit.toOp() };
}

/**
 * The server has refused the edit in flight for good. That edit is taken back from the view. The buffer stays,
 * as far as it stands without that edit, and goes out.
 *
 * @param before the server's text at the client's version: what the edit deleted is read from it.
 * @param nextSeq the identity for the edit to send; it is used up only if `send` is not null.
 * @throws Error if nothing is in flight.
 */
export function refuse(client: Client, before: string | TextBuffer, nextSeq: number): Showing & Sending {
  if (client.state === 'synchronized') throw new Error('nothing is in flight');
  const { version, inFlight } = client;
  const inverse = invert(inFlight.edit.toOp(), before);
  if (client.state === 'awaiting-ack') return { client: openClient(version), op: inverse, send: null };
  const [buffer, op] = client.buffer.rebase(inverse);
  return { ...sendFrom(version, buffer, nextSeq), op };
}

/** The operation that leads from the server's text at the client's version to the view. */
export function pendingOp(client: Client): Op {
  if (client.state === 'synchronized') return NOOP;
  const inFlight = client.inFlight.edit.toOp();
  return client.state === 'awaiting-ack' ? inFlight : compose(inFlight, client.buffer.toOp());
}

function carry(client: Client, version: number, op: Op): Showing {
  switch (client.state) {
    case 'synchronized':
      return { client: openClient(version), op };
    case 'awaiting-ack': {
      const { state, inFlight } = client;
      const [edit, shown] = inFlight.edit.rebase(op);
      return { client: { state, version, inFlight: { clientSeq: inFlight.clientSeq, edit } }, op: shown };
    }
    case 'awaiting-ack-with-buffer': {
      const { state, inFlight } = client;
      const [edit, between] = inFlight.edit.rebase(op);
      const [buffer, shown] = client.buffer.rebase(between);
      const { clientSeq } = inFlight;
      return { client: { state, version, inFlight: { clientSeq, edit }, buffer }, op: shown };
    }
  }
}

/** Sends `edit`, unless nothing is left of it. */
function sendFrom(version: number, edit: Pending, clientSeq: number): Sending {
  const op = edit.toOp();
  if (isNoop(op)) return { client: openClient(version), send: null };
  const client: Client = { state: 'awaiting-ack', version, inFlight: { clientSeq, edit } };
  return { client, send: { clientSeq, version, op } };
}

function indexOfOwn(backlog: readonly LoggedEdit[], clientSeq: number): number {
  return backlog.findIndex((entry) => entry.clientSeq === clientSeq);
}

function requireNext(client: Client, version: number): void {
  if (sequel(client, version) !== 'next') {
    throw new Error(`version ${version} does not follow version ${client.version}`);
  }
}
