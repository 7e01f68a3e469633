// Whoever does not read what waits for them is disconnected, before it is more than the server can hold.
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { LIMITS } from '@codesync/protocol';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { Backlogs } from '../../src/sockets/backlogs.ts';
import { answersBy, type Connection } from '../../src/sockets/connection.ts';

/** A connection whose client reads when the test says so. */
class Reader {
  ended = false;
  readonly net = { writableLength: 0, write: (_: string, sent: () => void) => void this.#sent.push(sent) };
  readonly writeBuffer: { data: string }[] = [];
  readonly transport = {
    writable: true,
    socket: { _socket: this.net, terminate: () => this.#end() },
  };
  #sent: (() => void)[] = [];

  #end(): void {
    this.ended = true;
  }

  close(): void {}

  waits(bytes: number): void {
    this.net.writableLength += bytes;
  }

  reads(): void {
    this.net.writableLength = 0;
    for (const sent of this.#sent.splice(0)) sent();
  }

  get connection(): Connection {
    return this as unknown as Connection;
  }
}

const made: Backlogs[] = [];

function backlogsOf(...readers: Reader[]): Backlogs {
  const backlogs = new Backlogs(
    () => readers.filter(({ ended }) => !ended).map(({ connection }) => connection),
    pino({ level: 'silent' }),
  );
  made.push(backlogs);
  return backlogs;
}

afterEach(() => {
  for (const backlogs of made.splice(0)) backlogs.stop();
});

test('a client takes more until too much waits for it', () => {
  const reader = new Reader();
  const backlogs = backlogsOf(reader);
  reader.waits(LIMITS.unsentBytes);
  expect(backlogs.takes(reader.connection)).toBe(true);
  reader.waits(1);
  expect(backlogs.takes(reader.connection)).toBe(false);
  expect(reader.ended).toBe(true);
});

test('what Engine.IO holds back counts, by its size and by its number', () => {
  const [large, many] = [new Reader(), new Reader()];
  const backlogs = backlogsOf(large, many);
  large.writeBuffer.push({ data: 'x'.repeat(LIMITS.unsentBytes) });
  expect(backlogs.takes(large.connection)).toBe(true);
  large.waits(1);
  expect(backlogs.takes(large.connection)).toBe(false);
  for (let i = 0; i <= LIMITS.unsentMessages; i++) many.writeBuffer.push({ data: '' });
  expect(backlogs.takes(many.connection)).toBe(false);
});

test('a welcome may be of any size, but is not made for a client that has not read what came before', () => {
  const reader = new Reader();
  const backlogs = backlogsOf(reader);
  reader.waits(3 * LIMITS.unsentBytes);
  backlogs.welcomed(reader.connection);
  reader.waits(LIMITS.unsentBytes);
  expect(backlogs.takes(reader.connection)).toBe(true);
  expect(backlogs.takesWelcome(reader.connection)).toBe(false);
  expect(reader.ended).toBe(true);
});

test('the ones furthest behind make room for all', () => {
  const readers = Array.from({ length: 5 }, () => new Reader());
  const backlogs = backlogsOf(...readers);
  for (const [i, reader] of readers.entries()) {
    reader.waits(LIMITS.unsentBytesOfAll / 4 + i);
    backlogs.welcomed(reader.connection);
  }
  expect(readers.map(({ ended }) => ended)).toEqual([false, false, false, true, true]);
});

test('long answers to clients that read nothing are bounded for all together, not for each alone', () => {
  const answer = LIMITS.unsentBytes / 4;
  const readers = Array.from({ length: 200 }, () => new Reader());
  const backlogs = backlogsOf(...readers);
  for (let round = 0; round < 4; round++) {
    for (const reader of readers) {
      if (reader.ended || !backlogs.takes(reader.connection)) continue;
      reader.waits(answer);
      backlogs.sentLong(reader.connection);
    }
  }
  const waiting = readers.filter(({ ended }) => !ended).reduce((sum, { net }) => sum + net.writableLength, 0);
  expect(waiting).toBeLessThanOrEqual(LIMITS.unsentBytesOfAll);
  expect(waiting).toBeGreaterThan(LIMITS.unsentBytesOfAll / 2);
});

test('what waits for too long ends the connection; a client that reads slowly keeps it', () => {
  const [deaf, slow] = [new Reader(), new Reader()];
  const backlogs = backlogsOf(deaf, slow);
  for (const at of [0, 0.5, 1, 1.5]) {
    for (const reader of [deaf, slow]) reader.waits(10);
    backlogs.sweep(at * LIMITS.unsentMs);
    if (at === 0.5) slow.reads();
  }
  expect(deaf.ended).toBe(true);
  expect(slow.ended).toBe(false);
});

test('a client that polls and does not read the answers is behind as well', () => {
  class Answer extends EventEmitter {
    writableLength = 0;
    destroyed = false;
    destroy(): void {
      this.destroyed = true;
    }
  }
  const poller = () => {
    const reader = new Reader();
    const answer = new Answer();
    const connection = { transport: { writable: true }, writeBuffer: reader.writeBuffer, close: () => {} };
    answersBy(connection as unknown as Connection, answer as unknown as ServerResponse);
    return { connection: connection as unknown as Connection, answer };
  };
  const [deaf, slow, behind] = [poller(), poller(), poller()];
  const backlogs = new Backlogs(() => [deaf.connection, slow.connection], pino({ level: 'silent' }));
  made.push(backlogs);
  for (const at of [0, 0.5, 1, 1.5]) {
    for (const { answer } of [deaf, slow]) answer.writableLength = 10;
    backlogs.sweep(at * LIMITS.unsentMs);
    if (at === 0.5) slow.answer.emit('close');
  }
  expect(deaf.answer.destroyed).toBe(true);
  expect(slow.answer.destroyed).toBe(false);
  behind.answer.writableLength = LIMITS.unsentBytes + 1;
  expect(backlogs.takes(behind.connection)).toBe(false);
  expect(behind.answer.destroyed).toBe(true);
});
