import type { FileId, Member } from '@codesync/protocol';
import { useMemo } from 'react';
import { useRoom } from '../../desk/room.tsx';

/** Who else has their cursor in which file. */
export function useOthersByFile(): ReadonlyMap<FileId, readonly Member[]> {
  const members = useRoom(({ room }) => room.members);
  const activities = useRoom((view) => view.activities);
  return useMemo(() => {
    const byFile = new Map<FileId, Member[]>();
    for (const member of members.values()) {
      const file = activities.get(member.id)?.file ?? null;
      if (file === null) continue;
      const there = byFile.get(file);
      if (there === undefined) byFile.set(file, [member]);
      else there.push(member);
    }
    return byFile;
  }, [members, activities]);
}
