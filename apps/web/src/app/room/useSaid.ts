import { useCallback, useEffect, useState } from 'react';

/** An answer to something that was just pressed: how safe the text is, or a sentence. */
export type Said = 'saved' | { readonly text: string };

/** How long an answer stays that needs nothing more to be done. */
const READ_MS = 4_000;

/** The last answer. `saved`: all is; before that, the answer about it stays. */
export function useSaid(saved: boolean): {
  readonly said: Said | null;
  readonly say: (said: Said) => void;
} {
  const [said, setSaid] = useState<{ readonly said: Said } | null>(null);
  const stays = said?.said === 'saved' && !saved;
  useEffect(() => {
    if (said === null || stays) return;
    const timer = setTimeout(() => setSaid(null), READ_MS);
    return () => clearTimeout(timer);
  }, [said, stays]);
  return { said: said?.said ?? null, say: useCallback((next) => setSaid({ said: next }), []) };
}
