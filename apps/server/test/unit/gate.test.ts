// How much of what one client sends is read, before anything looks into it.
import { EventEmitter } from 'node:events';
import { LIMITS } from '@codesync/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Backlogs } from '../../src/sockets/backlogs.ts';
import type { Connection } from '../../src/sockets/connection.ts';
import { watch } from '../../src/sockets/gate.ts';

// The clock stands still: nothing is forgiven while the test works.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Whether the messages, sent at once as events of a client that is in the namespace, have it read slowly. */
function isSlowed(messages: readonly string[]): boolean {
  let paused = false;
  const socket = {
    _receiver: { _maxPayload: 0 },
    on: () => {},
    pause: () => (paused = true),
    resume: () => {},
    terminate: () => {},
  };
  const connection = Object.assign(new EventEmitter(), { transport: { writable: true, socket } });
  watch(connection as unknown as Connection, { takes: () => true } as unknown as Backlogs, LOG);
  for (const data of ['0', ...messages.map((text) => `2["command","${text}"]`)])
    connection.emit('packet', { type: 'message', data });
  return paused;
}

test.each([
  ['one byte', 'x', 1],
  ['two bytes', 'é', 2],
  ['three bytes', '字', 3],
  ['four bytes', '😀', 4],
])('text of characters of %s is read at the rate of its bytes', (_, character, bytes) => {
  const perMessage = 1_000_000;
  const message = character.repeat(perMessage / bytes);
  const within = Math.floor(LIMITS.receivedBytesBurst / perMessage) - 1;
  expect(isSlowed(Array(within).fill(message))).toBe(false);
  expect(isSlowed(Array(within + 2).fill(message))).toBe(true);
});
