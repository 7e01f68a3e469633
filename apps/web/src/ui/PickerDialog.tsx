import { Command as List } from 'cmdk';
import { Search } from 'lucide-react';
import * as Dialog from 'radix-ui/dialog';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { EventBoundary } from './EventBoundary.tsx';
import { useFocusReturn } from './focus.ts';

const ROW =
  'flex h-8 cursor-default items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-surface-2 phone:h-11';
const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:wrap-anywhere';

/** Closes the picker, then acts. */
export type Choose = (action: () => void) => void;

type PickerDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What the list is called. */
  label: string;
  hint: string;
  /** The value of the row that is marked first; without it, the first row is. */
  start?: string | undefined;
  /** `list`: what is found. */
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>, list: Element | null) => void;
  /** Groups and rows. */
  children: (choose: Choose) => ReactNode;
};

/** A field to type in over a list of what is found: one is chosen by the arrows and Enter, by a click or a tap. */
export function PickerDialog({ open, onOpenChange, title, children, ...list }: PickerDialogProps) {
  const giveFocusBack = useFocusReturn(open);
  const [text, setText] = useState('');
  const chosen = useRef<(() => void) | null>(null);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <EventBoundary>
          <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
          <Dialog.Content
            aria-describedby={undefined}
            onCloseAutoFocus={(event) => {
              // First, so that what is chosen may take it.
              giveFocusBack(event);
              chosen.current?.();
              chosen.current = null;
            }}
            className="fixed top-[12vh] left-1/2 z-40 w-[calc(100vw-24px)] max-w-[560px] -translate-x-1/2 animate-rise overflow-hidden rounded-lg border border-line bg-surface-0 shadow-float dark:bg-surface-1 phone:top-3"
          >
            <Dialog.Title className="sr-only">{title}</Dialog.Title>
            <Found {...list} text={text} onText={setText}>
              {children((action) => {
                onOpenChange(false);
                setText('');
                chosen.current = action;
              })}
            </Found>
          </Dialog.Content>
        </EventBoundary>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type FoundProps = Pick<PickerDialogProps, 'label' | 'hint' | 'start' | 'onKeyDown'> & {
  text: string;
  onText: (text: string) => void;
  children: ReactNode;
};

function Found({ label, hint, start, onKeyDown, text, onText, children }: FoundProps) {
  const list = useRef<HTMLDivElement>(null);
  return (
    <List ref={list} label={label} loop {...(start === undefined ? {} : { defaultValue: start })}>
      <div className="flex h-11 items-center gap-2.5 border-line border-b px-3.5">
        <Search aria-hidden="true" size={16} strokeWidth={1.5} className="shrink-0 text-ink-3" />
        <List.Input
          value={text}
          onValueChange={onText}
          placeholder={hint}
          onKeyDown={(event) => onKeyDown?.(event, list.current)}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none"
        />
      </div>
      <List.List className="max-h-[min(400px,60vh)] overflow-y-auto p-1.5">
        <List.Empty className="px-2.5 py-6 text-center text-ink-3">Nothing is called that.</List.Empty>
        {children}
      </List.List>
    </List>
  );
}

type PickerRowProps = {
  /** What is found by typing. No two rows have the same. */
  value: string;
  onSelect: () => void;
  /** Of the file that the row is. */
  'data-file'?: string;
  children: ReactNode;
};

export function PickerRow(props: PickerRowProps) {
  return <List.Item {...props} className={ROW} />;
}

export function PickerGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <List.Group heading={heading} className={GROUP}>
      {children}
    </List.Group>
  );
}
