import type { Run } from '@codesync/protocol';
import { useEffect, useRef, useState } from 'react';
import { announcement } from './words.ts';

/** The last thing worth saying aloud about runs. What was there when the page opened is not news. */
export function useAnnouncement(runs: readonly Run[], nameOf: (run: Run) => string): string {
  const before = useRef<readonly Run[] | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const words = before.current === null ? null : announcement(before.current, runs, nameOf);
    before.current = runs;
    if (words !== null) setSaid(words);
  }, [runs, nameOf]);
  return said;
}
