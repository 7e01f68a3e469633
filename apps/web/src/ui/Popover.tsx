import * as Radix from 'radix-ui/popover';
import type { ReactNode } from 'react';
import { EventBoundary } from './EventBoundary.tsx';
import { unlessTaken } from './focus.ts';

type PopoverProps = {
  /** One button. */
  trigger: ReactNode;
  label: string;
  children: ReactNode;
};

/** A few sentences about a state, for whoever presses it. Fingers and keyboards reach it alike. */
export function Popover({ trigger, label, children }: PopoverProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <EventBoundary>
          <Radix.Content
            aria-label={label}
            sideOffset={6}
            collisionPadding={8}
            onCloseAutoFocus={unlessTaken}
            className="z-50 w-80 max-w-[calc(100vw-16px)] animate-fade rounded-md border border-line bg-surface-0 p-3 text-sm shadow-float outline-none dark:bg-surface-1"
          >
            {children}
          </Radix.Content>
        </EventBoundary>
      </Radix.Portal>
    </Radix.Root>
  );
}
