import type { ClientId } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import { useSource } from '../../desk/room.tsx';

/** Somebody who types changes their line seldom, and their place with every key. */
const EVERY_MS = 250;

/** The line that another client's main cursor is in, a quarter of a second late at most; null when it is in none. */
export function useLineOf(client: ClientId | null): number | null {
  const source = useSource();
  const [line, setLine] = useState<number | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const look = () => {
      timer = null;
      setLine(client === null ? null : source.lineOf(client));
    };
    look();
    if (client === null) return;
    const stop = source.onMoves(() => {
      timer ??= setTimeout(look, EVERY_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [source, client]);
  return line;
}
