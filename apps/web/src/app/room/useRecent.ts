import { useEffect } from 'react';
import { rememberRoom } from '../../features/rooms/recent.ts';
import type { SteadyView } from './useRoomView.ts';

/** Keeps this room at the top of the start page's list, with those who are here now. */
export function useRecent({ id, ready, room, you, connection }: SteadyView): void {
  const online = connection.kind === 'online';
  useEffect(() => {
    if (!ready || !online || you === null) return;
    const people = [...room.members.values()]
      .filter((member) => member.id !== you.id && !member.removed)
      .sort((a, b) => Number(b.here) - Number(a.here))
      .map(({ name }) => name);
    rememberRoom({ id, name: room.name, language: room.language, at: Date.now(), people });
  }, [id, ready, online, you, room.name, room.language, room.members]);
}
