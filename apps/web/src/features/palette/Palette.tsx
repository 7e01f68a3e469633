import type { FileId } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { Command as List } from 'cmdk';
import { Search } from 'lucide-react';
import * as Dialog from 'radix-ui/dialog';
import { useRef, useState } from 'react';
import { EventBoundary } from '../../ui/EventBoundary.tsx';
import { useFocusReturn } from '../../ui/focus.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { type Command, SECTIONS } from './command.ts';
import { shown } from './shortcuts.ts';

type PaletteProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** None: it finds files only. */
  commands: readonly Command[];
  files: readonly FileEntry[];
  onOpenFile: (file: FileId) => void;
  mac: boolean;
};

const ROW =
  'flex h-8 cursor-default items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-surface-2 phone:h-11';
const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs';

/** Every command and every file, by typing. */
export function Palette({ open, onOpenChange, commands, files, onOpenFile, mac }: PaletteProps) {
  const [text, setText] = useState('');
  const giveFocusBack = useFocusReturn(open);
  const filesOnly = commands.length === 0;
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
            <Dialog.Title className="sr-only">{filesOnly ? 'Go to file' : 'Command palette'}</Dialog.Title>
            <List label={filesOnly ? 'Files' : 'Commands and files'} loop>
              <div className="flex h-11 items-center gap-2.5 border-line border-b px-3.5">
                <Search aria-hidden="true" size={16} strokeWidth={1.5} className="shrink-0 text-ink-3" />
                <List.Input
                  value={text}
                  onValueChange={setText}
                  placeholder={filesOnly ? 'Type the name of a file' : 'Type a command or a file name'}
                  className="h-full min-w-0 flex-1 bg-transparent text-base outline-none"
                />
              </div>
              <List.List className="max-h-[min(400px,60vh)] overflow-y-auto p-1.5">
                <List.Empty className="px-2.5 py-6 text-center text-ink-3">
                  Nothing is called that.
                </List.Empty>
                {SECTIONS.map((section) => {
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
                })}
                {files.length > 0 && (
                  <List.Group heading="Go to file" className={GROUP}>
                    {files.map((file) => (
                      <List.Item
                        key={file.id}
                        value={`file ${file.path}`}
                        onSelect={() => choose(() => onOpenFile(file.id))}
                        className={ROW}
                      >
                        <span className="min-w-0 flex-1 truncate">{file.path}</span>
                      </List.Item>
                    ))}
                  </List.Group>
                )}
              </List.List>
            </List>
          </Dialog.Content>
        </EventBoundary>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
