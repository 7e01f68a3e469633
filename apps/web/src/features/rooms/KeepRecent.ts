import { useEffect } from 'react';
import { useOnline } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { rememberRoom } from './recent.ts';

/** Keeps this room at the top of the start page's list, with those who are here now. */
export function KeepRecent() {
  const online = useOnline();
  const id = useRoom((view) => view.id);
  const you = useRoom((view) => view.you);
  const name = useRoom(({ room }) => room.name);
  const language = useRoom(({ room }) => room.language);
  const members = useRoom(({ room }) => room.members);
  useEffect(() => {
    if (!online || you === null) return;
    const people = [...members.values()]
      .filter((member) => member.id !== you.id && !member.removed)
      .sort((a, b) => Number(b.here) - Number(a.here))
      .map(({ name }) => name);
    rememberRoom({ id, name, language, at: Date.now(), people });
  }, [id, online, you, name, language, members]);
  return null;
}
