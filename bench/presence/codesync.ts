/**
 * CodeSync's own: what a page runs to tell of itself and to see others, over a real server. That passes places on as they
 * are: the text that they are in does not have to be there.
 */
import type { ClientId, PresenceEntry } from '@codesync/protocol';
import { Others } from '@codesync/room';
import { systemClock } from '../../apps/web/src/room-source/clock.ts';
import { OwnPresence } from '../../apps/web/src/room-source/own-presence.ts';
import { createRoom, type Joined, joinRoom, signIn, startCodeSync } from '../lib/codesync.ts';
import { type OnSeen, PLACES, type Seat, type Stage } from './seat.ts';

export async function codesync(): Promise<Stage> {
  const server = await startCodeSync({ CODESYNC_DOCKER: 'never' }, null);
  const { place } = server;
  const { room, secret } = await createRoom(place, 'python');
  const numbers = new Map<ClientId, number>();
  return {
    async sit(who, onSeen) {
      const joined = await joinRoom(place, await signIn(place), room, secret, (joined) => ({
        ...joined,
        take: () => {},
      }));
      numbers.set(joined.client, who);
      return seatOf(joined, numbers, onSeen);
    },
    stop: server.stop,
  };
}

function seatOf(
  { socket, client, keyframe, received }: Joined,
  numbers: ReadonlyMap<ClientId, number>,
  onSeen: OnSeen,
): Seat {
  const file = keyframe.files[0]!.id;
  const others = new Others(client, () => ({ version: 0, length: PLACES }));
  const own = new OwnPresence({
    clock: systemClock,
    text: () => ({ version: 0, pending: [] }),
    send: (update) => socket.emit('presence', update),
  });
  socket.on('presence', (entries: readonly PresenceEntry[]) => {
    const { arrived } = others.merge(entries, Date.now());
    own.company(others.any, arrived);
    for (const entry of entries) {
      const placed = others.of(entry.client);
      if (placed !== null) onSeen(numbers.get(entry.client) ?? -1, placed.spans[0]!.head);
    }
  });
  return {
    move: (place) => own.set({ file, spans: [{ anchor: place, head: place }] }),
    received,
    close: () => {
      own.stop();
      socket.disconnect();
    },
  };
}
