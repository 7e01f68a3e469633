import clsx from 'clsx';
import { Check, ChevronDown } from 'lucide-react';
import * as Radix from 'radix-ui/select';
import type { ReactNode } from 'react';
import { EventBoundary } from './EventBoundary.tsx';
import { unlessTaken } from './focus.ts';

type SelectProps<T extends string> = {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly {
    readonly value: T;
    readonly label: ReactNode;
    /** Shown beside the label in the list alone. */
    readonly hint?: string;
  }[];
  className?: string;
};

export function Select<T extends string>({ label, value, onChange, options, className }: SelectProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.Trigger
        aria-label={label}
        className={clsx(
          'inline-flex h-7 min-w-0 items-center gap-1.5 rounded-md border border-line bg-surface-0 pr-1.5 pl-2 text-sm dark:bg-surface-2',
          'hover:border-line-strong phone:h-11',
          className,
        )}
      >
        <span className="min-w-0 flex-1 truncate text-left">
          <Radix.Value />
        </span>
        <Radix.Icon asChild>
          <ChevronDown size={14} strokeWidth={1.5} className="shrink-0 text-ink-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <EventBoundary>
          <Radix.Content
            position="popper"
            sideOffset={4}
            collisionPadding={8}
            onCloseAutoFocus={unlessTaken}
            className="z-50 max-h-80 max-w-[calc(100vw-16px)] min-w-[var(--radix-select-trigger-width)] animate-fade overflow-hidden rounded-md border border-line bg-surface-0 shadow-float dark:bg-surface-1"
          >
            <Radix.Viewport className="p-1">
              {options.map((option) => (
                <Radix.Item
                  key={option.value}
                  value={option.value}
                  className="relative flex min-h-7 cursor-default select-none items-center rounded-sm py-0.5 pr-3 pl-7 outline-none data-[highlighted]:bg-surface-2 phone:min-h-11"
                >
                  <Radix.ItemIndicator className="absolute left-2">
                    <Check size={14} strokeWidth={2} aria-hidden="true" />
                  </Radix.ItemIndicator>
                  <span className="min-w-0 flex-1 truncate">
                    <Radix.ItemText>{option.label}</Radix.ItemText>
                  </span>
                  {option.hint !== undefined && (
                    <span className="ml-4 shrink-0 text-ink-3 text-xs tabular-nums">{option.hint}</span>
                  )}
                </Radix.Item>
              ))}
            </Radix.Viewport>
          </Radix.Content>
        </EventBoundary>
      </Radix.Portal>
    </Radix.Root>
  );
}
