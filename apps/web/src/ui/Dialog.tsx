import clsx from 'clsx';
import { X } from 'lucide-react';
import * as RadixAlert from 'radix-ui/alert-dialog';
import * as Radix from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { EventBoundary } from './EventBoundary.tsx';
import { useFocusReturn } from './focus.ts';

const SCRIM = 'fixed inset-0 z-40 animate-fade bg-scrim';
const SHEET = clsx(
  'fixed z-40 flex flex-col border border-line bg-surface-0 shadow-float dark:bg-surface-1 animate-rise',
  'left-1/2 top-[12vh] max-h-[76vh] w-[calc(100vw-32px)] -translate-x-1/2 rounded-lg',
  'phone:inset-x-0 phone:top-auto phone:bottom-0 phone:left-0 phone:max-h-[88vh] phone:w-full phone:translate-x-0',
  'phone:rounded-b-none phone:pb-[env(safe-area-inset-bottom)]',
);

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** One line below the title. */
  description?: ReactNode;
  width?: 'sm' | 'md' | 'lg' | 'xl' | 'full';
  /** There is nothing to press in it. The focus begins at its text, so that the keys scroll it. */
  reading?: boolean;
  children: ReactNode;
};

const WIDTHS = {
  sm: 'max-w-[400px]',
  md: 'max-w-[520px]',
  lg: 'max-w-[640px]',
  xl: 'max-w-[760px]',
  full: 'max-w-[1320px] top-[6vh]! max-h-[88vh]! phone:top-auto!',
} as const;

/** A dialog on a wide page, a sheet from below on a phone. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  width = 'md',
  reading = false,
  children,
}: DialogProps) {
  const giveFocusBack = useFocusReturn(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <EventBoundary>
          <Radix.Overlay className={SCRIM} />
          <Radix.Content
            className={clsx(SHEET, WIDTHS[width], 'phone:max-w-none')}
            onCloseAutoFocus={giveFocusBack}
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          >
            <div className="px-5 pt-4 pr-12 pb-1 phone:pr-15">
              <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-0.5 text-ink-2">{description}</Radix.Description>
              )}
            </div>
            <div
              className="min-h-0 overflow-y-auto px-5 pt-2 pb-5 outline-none"
              {...(reading ? { tabIndex: 0 } : {})}
            >
              {children}
            </div>
            {/* Last, so that the focus begins at what the dialog is for. */}
            <Radix.Close
              aria-label="Close"
              className="absolute top-3 right-3 inline-flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-surface-2 hover:text-ink-1 phone:size-11"
            >
              <X size={16} strokeWidth={1.5} />
            </Radix.Close>
          </Radix.Content>
        </EventBoundary>
      </Radix.Portal>
    </Radix.Root>
  );
}

type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen, and whether it can be taken back. */
  children: ReactNode;
  confirm: string;
  onConfirm: () => void;
};

/** Asks before something that cannot be taken back; focus starts on “Cancel”. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  confirm,
  onConfirm,
}: ConfirmDialogProps) {
  const giveFocusBack = useFocusReturn(open);
  return (
    <RadixAlert.Root open={open} onOpenChange={onOpenChange}>
      <RadixAlert.Portal>
        <EventBoundary>
          <RadixAlert.Overlay className={SCRIM} />
          <RadixAlert.Content
            className={clsx(SHEET, WIDTHS.sm, 'phone:max-w-none')}
            onCloseAutoFocus={giveFocusBack}
          >
            <div className="px-5 pt-4 pb-5">
              <RadixAlert.Title className="font-semibold text-base">{title}</RadixAlert.Title>
              <RadixAlert.Description className="mt-1 text-ink-2">{children}</RadixAlert.Description>
              <div className="mt-5 flex justify-end gap-2 phone:flex-col-reverse">
                <RadixAlert.Cancel asChild>
                  <Button>Cancel</Button>
                </RadixAlert.Cancel>
                <RadixAlert.Action asChild>
                  <Button variant="danger" onClick={onConfirm}>
                    {confirm}
                  </Button>
                </RadixAlert.Action>
              </div>
            </div>
          </RadixAlert.Content>
        </EventBoundary>
      </RadixAlert.Portal>
    </RadixAlert.Root>
  );
}
