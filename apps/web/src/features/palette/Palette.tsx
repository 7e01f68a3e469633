import { FileId } from '@codesync/protocol';
import { Command as List } from 'cmdk';
import { Search } from 'lucide-react';
import * as Dialog from 'radix-ui/dialog';
import { type ComponentType, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { type Command, SECTIONS } from '../../desk/command.ts';
import type { DialogProps } from '../../desk/feature.ts';
import { useCommands, useDesk, useFiles } from '../../desk/hooks.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { EventBoundary } from '../../ui/EventBoundary.tsx';
import { useFocusReturn } from '../../ui/focus.ts';
import { Kbd } from '../../ui/Kbd.tsx';

const ROW =
  'flex h-8 cursor-default items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-surface-2 phone:h-11';
const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs';

/** Every command and every file, by typing. */
export function CommandPalette(props: DialogProps) {
  return <Palette {...props} title="Command palette" Content={CommandList} />;
}

/** Every file, by typing. */
export function FilePalette(props: DialogProps) {
  return <Palette {...props} title="Go to file" Content={FileList} />;
}

type ListProps = {
  text: string;
  onText: (text: string) => void;
  /** Closes the palette, then acts. */
  choose: (action: () => void) => void;
};

type PaletteProps = DialogProps & { title: string; Content: ComponentType<ListProps> };

function Palette({ open, onOpenChange, title, Content }: PaletteProps) {
  const [text, setText] = useState('');
  const giveFocusBack = useFocusReturn(open);
  const chosen = useRef<(() => void) | null>(null);
  const choose = (action: () => void) => {
    onOpenChange(false);
    setText('');
    chosen.current = action;
  };
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
            <Content text={text} onText={setText} choose={choose} />
          </Dialog.Content>
        </EventBoundary>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function CommandList(props: ListProps) {
  return (
    <Field {...props} label="Commands and files" hint="Type a command or a file name">
      <CommandItems {...props} commands={useCommands()} />
      <FileItems {...props} />
    </Field>
  );
}

function FileList(props: ListProps) {
  return (
    <Field {...props} label="Files" hint="Type the name of a file">
      <FileItems {...props} />
    </Field>
  );
}

/** Right, at the end of what is typed, previews the file that is chosen. */
function previewed(event: KeyboardEvent<HTMLInputElement>, list: Element | null): FileId | null {
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  if (event.key !== 'ArrowRight' || selectionStart !== value.length || selectionEnd !== value.length)
    return null;
  const row = list?.querySelector<HTMLElement>('[data-selected="true"][data-file]');
  return FileId.safeParse(row?.dataset.file).data ?? null;
}

type FieldProps = Omit<ListProps, 'choose'> & { label: string; hint: string; children: ReactNode };

/** A field to type in, and what is found below it. */
function Field({ text, onText, label, hint, children }: FieldProps) {
  const desk = useDesk();
  const list = useRef<HTMLDivElement>(null);
  return (
    <List ref={list} label={label} loop>
      <div className="flex h-11 items-center gap-2.5 border-line border-b px-3.5">
        <Search aria-hidden="true" size={16} strokeWidth={1.5} className="shrink-0 text-ink-3" />
        <List.Input
          value={text}
          onValueChange={onText}
          placeholder={hint}
          onKeyDown={(event) => {
            const file = previewed(event, list.current);
            if (file !== null) desk.glance(file);
          }}
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

type CommandItemsProps = Pick<ListProps, 'choose'> & { commands: readonly Command[] };

function CommandItems({ commands, choose }: CommandItemsProps) {
  const { mac } = useDesk();
  return SECTIONS.map((section) => {
    const some = commands.filter((command) => command.section === section && command.enabled);
    if (some.length === 0) return null;
    return (
      <List.Group key={section} heading={section} className={GROUP}>
        {some.map((command) => (
          <List.Item
            key={command.id}
            value={`${command.title} ${command.id}`}
            onSelect={() => choose(command.run)}
            className={ROW}
          >
            <span className="min-w-0 flex-1 truncate">{command.title}</span>
            {command.keys?.[0] !== undefined && <Kbd keys={shown(command.keys[0], mac)} />}
          </List.Item>
        ))}
      </List.Group>
    );
  });
}

function FileItems({ choose }: Pick<ListProps, 'choose'>) {
  const { openFile } = useDesk();
  const files = useFiles();
  if (files.length === 0) return null;
  return (
    <List.Group heading="Go to file" className={GROUP}>
      {files.map((file) => (
        <List.Item
          key={file.id}
          data-file={file.id}
          value={`file ${file.path}`}
          onSelect={() => choose(() => openFile(file.id))}
          className={ROW}
        >
          <span className="min-w-0 flex-1 truncate">{file.path}</span>
        </List.Item>
      ))}
    </List.Group>
  );
}
