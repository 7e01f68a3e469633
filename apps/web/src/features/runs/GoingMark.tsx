import { useGoing } from './hooks.ts';

/** A dot while a program runs. */
export function GoingMark() {
  if (useGoing().length === 0) return null;
  return (
    <span className="absolute top-2 left-[calc(50%+10px)] size-2 rounded-full bg-accent">
      <span className="sr-only">a program runs</span>
    </span>
  );
}
