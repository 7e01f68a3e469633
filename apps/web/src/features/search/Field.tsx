import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

type FieldProps = Omit<ComponentProps<'input'>, 'children'> & {
  label: string;
  isWrong?: boolean;
  /** Buttons at its end. */
  children?: ReactNode;
};

/** A field with buttons in it. */
export function Field({ label, isWrong = false, children, ...rest }: FieldProps) {
  return (
    <div
      className={clsx(
        'flex h-8 min-w-0 flex-1 items-center gap-0.5 rounded-md border bg-surface-0 pr-0.5 dark:bg-surface-1 phone:h-12',
        'focus-within:border-accent focus-within:outline-1 focus-within:outline-accent hover:border-ink-3',
        isWrong ? 'border-danger' : 'border-line-strong',
      )}
    >
      <input
        type="text"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-label={label}
        aria-invalid={isWrong || undefined}
        {...rest}
        className="h-full min-w-0 flex-1 rounded-md bg-transparent px-2 text-sm outline-none phone:text-base"
      />
      {children}
    </div>
  );
}
