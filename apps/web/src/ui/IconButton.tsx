import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';
import { Tooltip } from './Tooltip.tsx';

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & {
  /** The accessible name, and the tooltip. */
  label: string;
  shortcut?: string | undefined;
  /** For toggles: whether it is on. */
  pressed?: boolean;
  children: ReactNode;
};

export function IconButton({ label, shortcut, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        className={clsx(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors duration-120',
          'hover:bg-surface-2 hover:text-ink-1 disabled:opacity-45 phone:size-11',
          pressed === true && 'bg-surface-2 text-ink-1',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
