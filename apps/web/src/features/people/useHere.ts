import type { Member } from '@codesync/protocol';
import { useMemo } from 'react';
import { useRoom } from '../../desk/room.tsx';
import { peopleInOrder } from './words.ts';

/** The people who are here, you first. */
export function useHere(): readonly Member[] {
  const you = useRoom((view) => view.you?.id ?? null);
  const members = useRoom(({ room }) => room.members);
  return useMemo(() => peopleInOrder(members.values(), you).here, [members, you]);
}
