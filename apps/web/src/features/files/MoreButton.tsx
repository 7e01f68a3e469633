import clsx from 'clsx';
import { Ellipsis } from 'lucide-react';
import type { ComponentProps } from 'react';

type MoreButtonProps = ComponentProps<'button'> & { path: string };

/** Opens the menu of a file or folder. */
export function MoreButton({ path, onClick, className, ...rest }: MoreButtonProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`More for ${path}`}
      aria-haspopup="menu"
      {...rest}
      onClick={(event) => {
        event.stopPropagation();
        onClick?.(event);
      }}
      className={clsx(
        'hidden size-6 shrink-0 items-center justify-center rounded-sm text-ink-2 hover:bg-surface-3 hover:text-ink-1',
        'focus-visible:inline-flex group-hover:inline-flex aria-expanded:inline-flex phone:inline-flex phone:size-11',
        className,
      )}
    >
      <Ellipsis size={14} strokeWidth={1.5} aria-hidden="true" />
    </button>
  );
}
