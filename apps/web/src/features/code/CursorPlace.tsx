import { useStore } from 'zustand';
import { useActiveFile, useDesk } from '../../desk/hooks.tsx';

/** Where this person's cursor is. It is drawn anew with every key, and nothing else is. */
export function CursorPlace() {
  const { place } = useStore(useDesk().place);
  const active = useActiveFile();
  if (active === undefined || active.blob !== null || place === null) return null;
  return (
    <span>
      Ln {place.line}, Col {place.column}
      {place.selected > 0 && ` (${place.selected} selected)`}
    </span>
  );
}
