import { At, type Slots } from './slots.tsx';

/** One quiet line of facts at the foot of the page. */
export function StatusBar({ status }: Pick<Slots, 'status'>) {
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 border-line border-t bg-surface-1 px-3 text-2xs text-ink-2 tabular-nums">
      <At items={status} place="start" />
      <span className="flex-1" />
      <At items={status} place="end" />
    </footer>
  );
}
