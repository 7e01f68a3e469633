import { FileId } from '@codesync/protocol';
import type { ComponentProps, KeyboardEvent } from 'react';
import { SECTIONS } from '../../desk/command.ts';
import type { DialogProps } from '../../desk/feature.ts';
import { useCommands, useDesk, useFiles } from '../../desk/hooks.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { type Choose, PickerDialog, PickerGroup, PickerRow } from '../../ui/PickerDialog.tsx';

/** Every command and every file, by typing. */
export function CommandPalette(props: DialogProps) {
  return (
    <FilePicker
      {...props}
      title="Command palette"
      label="Commands and files"
      hint="Type a command or a file name"
    >
      {(choose) => (
        <>
          <CommandRows choose={choose} />
          <FileRows choose={choose} />
        </>
      )}
    </FilePicker>
  );
}

/** Every file, by typing. */
export function FilePalette(props: DialogProps) {
  return (
    <FilePicker {...props} title="Go to file" label="Files" hint="Type the name of a file">
      {(choose) => <FileRows choose={choose} />}
    </FilePicker>
  );
}

/** A picker with files in it, which can be previewed. */
function FilePicker(props: Omit<ComponentProps<typeof PickerDialog>, 'onKeyDown'>) {
  const { glance } = useDesk();
  return <PickerDialog {...props} onKeyDown={previewBy(glance)} />;
}

/** Right, at the end of what is typed, previews the file that is chosen. */
function previewBy(glance: (file: FileId) => void) {
  return (event: KeyboardEvent<HTMLInputElement>, list: Element | null): void => {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    if (event.key !== 'ArrowRight' || selectionStart !== value.length || selectionEnd !== value.length)
      return;
    const row = list?.querySelector<HTMLElement>('[data-selected="true"][data-file]');
    const file = FileId.safeParse(row?.dataset.file).data;
    if (file !== undefined) glance(file);
  };
}

function CommandRows({ choose }: { choose: Choose }) {
  const { mac } = useDesk();
  const commands = useCommands();
  return SECTIONS.map((section) => {
    const some = commands.filter((command) => command.section === section && command.enabled);
    if (some.length === 0) return null;
    return (
      <PickerGroup key={section} heading={section}>
        {some.map((command) => (
          <PickerRow
            key={command.id}
            value={`${command.title} ${command.id}`}
            onSelect={() => choose(command.run)}
          >
            <span className="min-w-0 flex-1 truncate">{command.title}</span>
            {command.keys?.[0] !== undefined && <Kbd keys={shown(command.keys[0], mac)} />}
          </PickerRow>
        ))}
      </PickerGroup>
    );
  });
}

function FileRows({ choose }: { choose: Choose }) {
  const { openFile } = useDesk();
  const files = useFiles();
  if (files.length === 0) return null;
  return (
    <PickerGroup heading="Go to file">
      {files.map((file) => (
        <PickerRow
          key={file.id}
          data-file={file.id}
          value={`file ${file.path}`}
          onSelect={() => choose(() => openFile(file.id))}
        >
          <span className="min-w-0 flex-1 truncate">{file.path}</span>
        </PickerRow>
      ))}
    </PickerGroup>
  );
}
