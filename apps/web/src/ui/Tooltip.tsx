import * as Radix from 'radix-ui/tooltip';
import type { ReactNode } from 'react';
import { EventBoundary } from './EventBoundary.tsx';
import { Kbd } from './Kbd.tsx';

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={450} skipDelayDuration={250}>
    {children}
  </Radix.Provider>
);

type TooltipProps = {
  content: ReactNode;
  shortcut?: string | undefined;
  children: ReactNode;
};

/** `children` is one focusable element. Its accessible name or description must say what the tooltip says. */
export function Tooltip({ content, shortcut, children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <EventBoundary>
          <Radix.Content
            side="bottom"
            sideOffset={6}
            collisionPadding={8}
            className="z-50 flex max-w-72 animate-fade items-center gap-2 rounded-md border border-line bg-surface-0 px-2 py-1 text-ink-1 text-xs shadow-float dark:bg-surface-2 [@media(hover:none)]:hidden"
          >
            {content}
            {shortcut !== undefined && <Kbd keys={shortcut} />}
          </Radix.Content>
        </EventBoundary>
      </Radix.Portal>
    </Radix.Root>
  );
}
