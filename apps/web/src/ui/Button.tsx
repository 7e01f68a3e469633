import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';
import { Spinner } from './Spinner.tsx';

type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';

const VARIANTS: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover font-medium',
  secondary:
    'bg-surface-0 dark:bg-surface-2 border border-line text-ink-1 hover:bg-surface-2 dark:hover:bg-surface-3',
  ghost: 'text-ink-2 hover:bg-surface-2 hover:text-ink-1',
  danger: 'bg-danger-soft text-danger border border-danger/40 hover:border-danger font-medium',
};

type ButtonProps = ComponentProps<'button'> & {
  variant?: ButtonVariant;
  icon?: ReactNode;
  /** Shows work in progress in the place of the icon, and takes no clicks meanwhile. */
  busy?: boolean;
};

export function Button({
  variant = 'secondary',
  icon,
  busy = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      {...rest}
      disabled={rest.disabled === true || busy}
      className={clsx(
        'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2.5 text-sm',
        'transition-colors duration-120 select-none disabled:opacity-55 phone:h-11 phone:px-4',
        VARIANTS[variant],
        className,
      )}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}
