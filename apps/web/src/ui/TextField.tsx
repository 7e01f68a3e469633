import clsx from 'clsx';
import { type ComponentProps, useId } from 'react';

type TextFieldProps = Omit<ComponentProps<'input'>, 'id'> & {
  label: string;
  /** The label is for those who do not see what the place around the field already says. */
  labelHidden?: boolean;
  /** What is wrong with the value, in a sentence. */
  error?: string | null;
};

export const INPUT = clsx(
  'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface-0 px-2.5 text-sm dark:bg-surface-1 phone:h-11 phone:text-base',
  'hover:border-ink-3 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0',
  'aria-invalid:border-danger',
);

export function TextField({ label, labelHidden = false, error = null, className, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'mb-1 block text-ink-2 text-xs'}>
        {label}
      </label>
      <input
        id={id}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== null || undefined}
        aria-describedby={error === null ? undefined : `${id}-error`}
        {...rest}
        className={INPUT}
      />
      {error !== null && (
        <p id={`${id}-error`} role="alert" className="mt-1 text-danger text-xs">
          {error}
        </p>
      )}
    </div>
  );
}
