import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';

/** Points down where the folder is open. */
export function FolderIcon({ open }: { open: boolean }) {
  return (
    <ChevronRight
      aria-hidden="true"
      size={14}
      strokeWidth={1.5}
      className={clsx('mx-px shrink-0 text-ink-3 transition-transform duration-120', open && 'rotate-90')}
    />
  );
}
