import { useEffect } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { TerminalDialogs } from './Dialogs.tsx';
import { fetchViewSoon } from './lazy-view.ts';
import { terminalsOf } from './state.ts';

/** What of the terminals is there for as long as the room is open. */
export function TerminalsBackground() {
  const some = useRoom(({ room }) => room.terminals.size > 0);
  useEffect(() => (some ? fetchViewSoon() : undefined), [some]);
  const desk = useDesk();
  useEffect(() => desk.onTerminal((seen) => terminalsOf(desk).setState({ seen })), [desk]);
  return <TerminalDialogs />;
}
