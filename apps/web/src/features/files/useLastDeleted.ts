import { useEffect, useMemo, useRef, useState } from 'react';
import { useRoom } from '../../desk/room.tsx';
import { type Deletion, deletionsOf } from './deletions.ts';

/** How long the page offers the way back. The palette offers it for longer. */
const OFFERED_MS = 20_000;

/**
 * What one person deleted a moment ago, as long as it can be brought back; what they delete meanwhile is added.
 * What was deleted before this page opened is no news.
 */
export function useLastDeleted(): readonly Deletion[] {
  const deleted = useRoom(({ room }) => room.deleted);
  const deletedFolders = useRoom(({ room }) => room.deletedFolders);
  const deletions = useMemo(() => deletionsOf({ deleted, deletedFolders }), [deleted, deletedFolders]);
  const known = useRef<ReadonlySet<string> | null>(null);
  const [told, setTold] = useState<readonly Deletion[]>([]);

  useEffect(() => {
    const before = known.current;
    known.current = new Set(deletions.map(({ id }) => id));
    const fresh = before === null ? [] : deletions.filter(({ id }) => !before.has(id));
    const last = fresh.at(-1);
    if (last === undefined) return;
    setTold((shown) => [...shown, ...fresh].filter(({ by }) => by === last.by));
  }, [deletions]);

  useEffect(() => {
    if (told.length === 0) return;
    const timer = setTimeout(() => setTold([]), OFFERED_MS);
    return () => clearTimeout(timer);
  }, [told]);

  return useMemo(() => {
    const there = new Set(deletions.map(({ id }) => id));
    return told.filter(({ id }) => there.has(id));
  }, [told, deletions]);
}
