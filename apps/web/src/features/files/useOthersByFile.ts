import type { FileId, Member } from '@codesync/protocol';
import { useMemo } from 'react';
import { useRoom } from '../../desk/room.tsx';

/** Who else has their cursor in which file. */
export function useOthersByFile(): ReadonlyMap<FileId, readonly Member[]> {
  const members = useRoom(({ room }) => room.members);
  const whereabouts = useRoom((view) => view.whereabouts);
  return useMemo(() => {
    const byFile = new Map<FileId, Member[]>();
    for (const [id, file] of whereabouts) {
      const member = members.get(id);
      if (member === undefined) continue;
      const there = byFile.get(file);
      if (there === undefined) byFile.set(file, [member]);
      else there.push(member);
    }
    return byFile;
  }, [members, whereabouts]);
}
