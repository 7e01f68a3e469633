import type { Member, PairTimer } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import { useLive, useRoom } from '../../desk/room.tsx';
import { leftMs } from './words.ts';

/** Who drives; null: nobody. */
export function useDriver(): Member | null {
  return useRoom(({ room }) => (room.driver === null ? null : (room.members.get(room.driver) ?? null)));
}

/** What is left of a timer, in milliseconds: drawn anew each second while it runs. */
export function useLeft(timer: PairTimer): number {
  const ahead = useLive((view) => view.serverAheadMs);
  const [left, setLeft] = useState(() => leftMs(timer, Date.now() + ahead));
  useEffect(() => {
    const look = () => setLeft(leftMs(timer, Date.now() + ahead));
    look();
    if (timer.state.kind !== 'running') return;
    const ticking = setInterval(look, 1_000);
    return () => clearInterval(ticking);
  }, [timer, ahead]);
  return left;
}
