import { useEffect } from 'react';
import { useRoom } from '../../desk/room.tsx';
import { TerminalDialogs } from './Dialogs.tsx';
import { fetchViewSoon } from './lazy-view.ts';

/** What of the terminals is there for as long as the room is open. */
export function TerminalsBackground() {
  const some = useRoom(({ room }) => room.terminals.size > 0);
  useEffect(() => (some ? fetchViewSoon() : undefined), [some]);
  return <TerminalDialogs />;
}
