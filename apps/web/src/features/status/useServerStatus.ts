import type { ServerStatus } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import type { RoomSource } from '../../room-source/types.ts';

const EVERY_MS = 2_000;

/** What the server said last, and when by this page's clock. */
export type Told = { readonly status: ServerStatus; readonly at: number };

/** Asks the server how it is while `active`. Null before it has answered, or if it does not tell this person. */
export function useServerStatus(ask: RoomSource['serverStatus'], active: boolean): Told | null {
  const [told, setTold] = useState<Told | null>(null);
  useEffect(() => {
    if (!active) {
      setTold(null);
      return;
    }
    let over = false;
    let timer: ReturnType<typeof setTimeout>;
    const next = async () => {
      const reply = await ask();
      if (over) return;
      if (reply?.ok) setTold({ status: reply.status, at: Date.now() });
      else if (reply !== null) setTold(null);
      timer = setTimeout(next, EVERY_MS);
    };
    void next();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [ask, active]);
  return told;
}
