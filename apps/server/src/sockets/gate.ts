// What comes in over one connection, before anything looks into it: how much, how often, and whether a page sends such
// things.
import { LIMITS } from '@codesync/protocol';
import type { Log } from '../ports.ts';
import type { Backlogs } from './backlogs.ts';
import { type Connection, cutOff, end, type Packet, slowDown, takeMessages } from './connection.ts';
import { TokenBucket } from './token-bucket.ts';

/** What a client has to answer that its connection is closed. */
const LINGER_MS = 1_000;

/**
 * A page needs three packets of Socket.IO's protocol (revision 5): it enters the main namespace, sends events in it
 * without binary parts, and leaves it. It also sends frames of our own. Everything else would be work, memory or
 * answers without a limit of ours: unknown namespaces, attachments to wait for, many sockets over one connection.
 */
function isOfPage(data: string | Buffer, entered: boolean): boolean {
  if (typeof data !== 'string') return entered;
  if (data[0] === '2') return entered && (data[1] === '[' || (data[1]! >= '0' && data[1]! <= '9'));
  return entered ? data === '1' : data === '0' || data === '0{}';
}

/**
 * Watches a new connection. A client that does what no page does is disconnected. One that sends too much is read
 * slowly.
 */
export function watch(connection: Connection, backlogs: Backlogs, log: Log): void {
  const began = performance.now();
  const messages = new TokenBucket(LIMITS.messagesBurst, LIMITS.messagesPerSecond, began);
  const bytes = new TokenBucket(LIMITS.receivedBytesBurst, LIMITS.receivedBytesPerSecond, began);
  let entered = false;

  const turnOut = (reason: string): void => {
    log.warn({ reason }, 'a connection is ended that no page of ours would make');
    end(connection);
  };

  /** False when the connection has ended. */
  const counts = (size: number): boolean => {
    const now = performance.now();
    if (!messages.take(now)) {
      turnOut('too many messages');
      return false;
    }
    const wait = bytes.spend(now, size);
    if (wait > 0) slowDown(connection, wait);
    // Most messages are answered, so nothing is taken in for a client that does not read.
    return backlogs.takes(connection);
  };

  takeMessages(connection, 'join');
  // A client that does not answer the closing handshake would keep its socket open for half a minute.
  connection.once('close', () => setTimeout(() => cutOff(connection), LINGER_MS).unref());
  connection.transport.socket?.on('ping', () => void counts(0));
  connection.on('packet', ({ type, data = '' }: Packet) => {
    if (!counts(Buffer.byteLength(data)) || type !== 'message') return;
    if (!isOfPage(data, entered)) turnOut('not a message of a page');
    entered = true;
  });
}
