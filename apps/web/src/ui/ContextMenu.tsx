import clsx from 'clsx';
import * as Radix from 'radix-ui/context-menu';
import type { ReactElement, ReactNode } from 'react';
import { EventBoundary } from './EventBoundary.tsx';
import { Kbd } from './Kbd.tsx';
import { MENU_ROW, MENU_SURFACE } from './Menu.tsx';

type ContextMenuProps = {
  /** One element. Its menu opens by the second button, by a long press, and by the keys that ask for a menu. */
  of: ReactElement;
  children: ReactNode;
};

export function ContextMenu({ of, children }: ContextMenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{of}</Radix.Trigger>
      <Radix.Portal>
        <EventBoundary>
          <Radix.Content
            collisionPadding={8}
            className={clsx(MENU_SURFACE, 'max-h-[var(--radix-context-menu-content-available-height)]')}
          >
            {children}
          </Radix.Content>
        </EventBoundary>
      </Radix.Portal>
    </Radix.Root>
  );
}

type ContextItemProps = {
  onSelect: () => void;
  shortcut?: string | undefined;
  disabled?: boolean;
  children: ReactNode;
};

export function ContextItem({ onSelect, shortcut, disabled = false, children }: ContextItemProps) {
  return (
    <Radix.Item disabled={disabled} onSelect={onSelect} className={MENU_ROW}>
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {shortcut !== undefined && <Kbd keys={shortcut} />}
    </Radix.Item>
  );
}
