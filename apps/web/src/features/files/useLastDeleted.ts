import type { DeletedFile } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { useEffect, useRef, useState } from 'react';

/** How long the page offers the way back. The palette offers it for longer. */
const OFFERED_MS = 20_000;

/** The file that somebody deleted a moment ago, until it is back. Files deleted before this page opened are no news. */
export function useLastDeleted(deleted: RoomState['deleted']): DeletedFile | null {
  const known = useRef<RoomState['deleted'] | null>(null);
  const [last, setLast] = useState<DeletedFile | null>(null);

  useEffect(() => {
    const before = known.current;
    known.current = deleted;
    const newest = [...deleted.values()].at(-1);
    if (before === null || newest === undefined || before.get(newest.id)?.at === newest.at) return;
    setLast(newest);
  }, [deleted]);

  useEffect(() => {
    if (last === null) return;
    const timer = setTimeout(() => setLast(null), OFFERED_MS);
    return () => clearTimeout(timer);
  }, [last]);

  return last === null ? null : (deleted.get(last.id) ?? null);
}
