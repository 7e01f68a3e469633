import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** The time, in Unix milliseconds, renewed every `everyMs` while `active`. */
export function useNow(everyMs: number, active: boolean, read: () => number = Date.now): number {
  const [now, setNow] = useState(read);
  useEffect(() => {
    if (!active) return;
    setNow(read());
    const timer = setInterval(() => setNow(read()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, active, read]);
  return now;
}

/** What is done sooner is not said to go on. */
const SOON_MS = 300;

/** Whether something has gone on for a while. */
export function useLong(going: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!going) return;
    const timer = setTimeout(() => setLong(true), SOON_MS);
    return () => clearTimeout(timer);
  }, [going]);
  return isLong;
}

/** Copies text; `copied` is true for two seconds after it worked, `failed` when the browser refused. */
export function useCopy(): {
  copy: (text: string) => Promise<void>;
  state: 'idle' | 'copied' | 'failed';
} {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = useCallback(
    async (text: string) => setState((await writeClipboard(text)) ? 'copied' : 'failed'),
    [],
  );
  return { copy, state };
}

/** False if the browser refused. Pages without TLS have no clipboard interface, so the old command serves there. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    try {
      return document.execCommand('copy');
    } catch {
      return false;
    } finally {
      area.remove();
    }
  }
}
