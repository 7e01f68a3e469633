import clsx from 'clsx';
import { Check } from 'lucide-react';
import * as Radix from 'radix-ui/dropdown-menu';
import { type ReactNode, useContext } from 'react';
import { EventBoundary } from './EventBoundary.tsx';
import { FocusContext, giveBack, openerOf } from './focus.ts';
import { Kbd } from './Kbd.tsx';

export const MENU_SURFACE =
  'z-50 min-w-48 max-w-80 animate-fade rounded-md border border-line bg-surface-0 p-1 shadow-float dark:bg-surface-1 overflow-y-auto';
export const MENU_ROW = clsx(
  'flex h-7 cursor-default select-none items-center gap-2 rounded-sm px-2 text-sm outline-none phone:h-11',
  'data-[highlighted]:bg-surface-2 data-[disabled]:text-ink-3',
);

type MenuProps = {
  trigger: ReactNode;
  align?: 'start' | 'center' | 'end';
  children: ReactNode;
  /** For a menu that something else than its button opens too. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
};

/** `trigger` is one button. */
export function Menu({ trigger, align = 'start', children, ...state }: MenuProps) {
  const { home } = useContext(FocusContext);
  return (
    <Radix.Root modal={false} {...state}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <EventBoundary>
          <Radix.Content
            align={align}
            sideOffset={4}
            collisionPadding={8}
            className={clsx(MENU_SURFACE, 'max-h-[var(--radix-dropdown-menu-content-available-height)]')}
            // An item may open a dialog or an inline field, which then owns the focus.
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              if (document.activeElement === document.body) giveBack(openerOf(event.target as Element), home);
            }}
          >
            {children}
          </Radix.Content>
        </EventBoundary>
      </Radix.Portal>
    </Radix.Root>
  );
}

type MenuItemProps = {
  onSelect: () => void;
  icon?: ReactNode;
  shortcut?: string | undefined;
  danger?: boolean;
  disabled?: boolean;
  /** Why it is disabled, or a second line of what it does. */
  hint?: string | undefined;
  children: ReactNode;
};

export function MenuItem({
  onSelect,
  icon,
  shortcut,
  danger,
  disabled = false,
  hint,
  children,
}: MenuItemProps) {
  return (
    <Radix.Item
      disabled={disabled}
      onSelect={onSelect}
      className={clsx(
        MENU_ROW,
        hint !== undefined && 'h-auto py-1 phone:h-auto phone:min-h-11',
        danger && 'text-danger',
      )}
    >
      {icon !== undefined && (
        <span aria-hidden="true" className="shrink-0 text-ink-3 [[data-highlighted]_&]:text-current">
          {icon}
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{children}</span>
        {hint !== undefined && <span className="block text-ink-3 text-xs">{hint}</span>}
      </span>
      {shortcut !== undefined && <Kbd keys={shortcut} />}
    </Radix.Item>
  );
}

type MenuChoiceProps<T extends string> = {
  /** Null: none is chosen. */
  value: T | null;
  onChange: (value: T) => void;
  options: readonly { readonly value: T; readonly label: string; readonly hint?: string }[];
};

export function MenuChoice<T extends string>({ value, onChange, options }: MenuChoiceProps<T>) {
  return (
    <Radix.RadioGroup value={value ?? ''} onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <Radix.RadioItem
          key={option.value}
          value={option.value}
          className={clsx(MENU_ROW, 'pl-7', option.hint !== undefined && 'h-auto py-1')}
        >
          <Radix.ItemIndicator className="absolute left-2.5">
            <Check size={14} strokeWidth={2} aria-hidden="true" />
          </Radix.ItemIndicator>
          <span className="min-w-0 flex-1">
            <span className="block truncate">{option.label}</span>
            {option.hint !== undefined && <span className="block text-ink-3 text-xs">{option.hint}</span>}
          </span>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export const MenuLine = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;

export const MenuHeading = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 pt-1 pb-0.5 text-ink-3 text-xs">{children}</Radix.Label>
);
