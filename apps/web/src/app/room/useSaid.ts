import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { RoomSource } from '../../room-source/types.ts';

/** An answer to something that was just pressed: how safe the text is, or a sentence. */
export type Said = 'saved' | { readonly text: string };

/** How long an answer stays that needs nothing more to be done. */
const READ_MS = 4_000;

const nothing = () => () => {};

/** The last answer. One about how safe the text is stays until all is saved. */
export function useSaid(source: RoomSource): {
  readonly said: Said | null;
  readonly say: (said: Said) => void;
} {
  const [said, setSaid] = useState<{ readonly said: Said } | null>(null);
  const aboutSaving = said?.said === 'saved';
  const stays = useSyncExternalStore(
    aboutSaving ? source.subscribe : nothing,
    () => aboutSaving && source.view().save.kind !== 'saved',
  );
  useEffect(() => {
    if (said === null || stays) return;
    const timer = setTimeout(() => setSaid(null), READ_MS);
    return () => clearTimeout(timer);
  }, [said, stays]);
  return { said: said?.said ?? null, say: useCallback((next) => setSaid({ said: next }), []) };
}
