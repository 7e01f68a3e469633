import { useEffect, useRef } from 'react';
import { watchLevel } from '../../call/level.ts';

/** Speech is around a tenth of the loudest there can be. */
const FULL = 0.2;

/** How loud a microphone is, as a bar. */
export function LevelMeter({ track }: { track: MediaStreamTrack | undefined }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (level: number) => {
      if (bar.current !== null) bar.current.style.width = `${Math.min(100, (level / FULL) * 100)}%`;
    };
    show(0);
    return track === undefined ? undefined : watchLevel(track, show);
  }, [track]);
  return (
    <div
      aria-hidden="true"
      data-meter="microphone"
      className="h-1.5 overflow-hidden rounded-full bg-surface-3"
    >
      <div ref={bar} className="h-full rounded-full bg-success" style={{ width: 0 }} />
    </div>
  );
}
