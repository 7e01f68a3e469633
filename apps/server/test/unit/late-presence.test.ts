// Cursors that move while a client that polls cannot be told.
import { EventEmitter } from 'node:events';
import { JUST_HERE, type PresenceEntry } from '@codesync/protocol';
import { clientId, participantId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { LatePresence } from '../../src/sockets/late-presence.ts';

function entry(client: string, clock: number): PresenceEntry {
  return {
    client: clientId(client),
    participant: participantId('someone'),
    clock,
    cursors: null,
    viewport: null,
    activity: JUST_HERE,
    gone: false,
  };
}

test('of each client the latest waits for the next request, and nothing waits for a client that can be told', () => {
  const late = new LatePresence();
  const told: (readonly PresenceEntry[])[] = [];
  const listener = (name: string, writable: boolean) => {
    const transport = Object.assign(new EventEmitter(), { name, writable });
    const emit = (_: string, entries: readonly PresenceEntry[]) => told.push(entries);
    return { transport, conn: { transport }, emit };
  };
  const polling = listener('polling', false);
  const all = [polling, listener('polling', true), listener('websocket', false)];
  late.note(all, [entry('a', 1), entry('b', 1)]);
  late.note(all, [entry('a', 2)]);
  for (const { transport } of all) transport.emit('ready');
  expect(told).toEqual([[entry('a', 2), entry('b', 1)]]);
  late.note(all, [entry('a', 3)]);
  polling.transport.emit('ready');
  expect(told[1]).toEqual([entry('a', 3)]);
  polling.transport.emit('ready');
  expect(told).toHaveLength(2);
});
