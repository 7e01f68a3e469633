import {
  ClipboardPaste,
  Copy,
  CopyPlus,
  Download,
  FileCode,
  FilePlus,
  FolderPlus,
  Pencil,
  Scissors,
  Trash2,
} from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { Menu, MenuItem } from '../../ui/Menu.tsx';
import { askToDelete, duplicate, hold, nameNew, paste } from './acts.ts';
import { askedOfFiles, useAskedOfFiles } from './asked.ts';
import { download } from './downloads.ts';
import { MoreButton } from './MoreButton.tsx';
import { folderAt, inWords, type TreeEntry, type TreeNode } from './tree.ts';

type EntryMenuProps = {
  entry: TreeNode;
  /** What is done with `entry` is done with all of these. */
  entries: readonly TreeEntry[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

const ICON = { size: 14, strokeWidth: 1.5 } as const;

/** What can be done with a file or folder, or with all that are selected. */
export function EntryMenu({ entry, entries, open, onOpenChange }: EntryMenuProps) {
  const desk = useDesk();
  const held = useAskedOfFiles((asked) => asked.held);
  const ask = askedOfFiles(desk).setState;
  const folder = folderAt(entry);
  const one = entries.length === 1;
  const keys = (shortcut: string) => shown(shortcut, desk.mac);
  return (
    <Menu
      align="end"
      open={open}
      onOpenChange={onOpenChange}
      trigger={<MoreButton path={one ? entry.path : inWords(entries)} />}
    >
      {entry.kind === 'folder' && one && (
        <>
          <MenuItem icon={<FilePlus {...ICON} />} onSelect={() => nameNew(desk, 'file', `${folder}/`)}>
            New file in it
          </MenuItem>
          <MenuItem icon={<FolderPlus {...ICON} />} onSelect={() => nameNew(desk, 'folder', `${folder}/`)}>
            New folder in it
          </MenuItem>
        </>
      )}
      {one && (
        <MenuItem
          shortcut="F2"
          icon={<Pencil {...ICON} />}
          onSelect={() => ask({ naming: { kind: 'rename', entry } })}
        >
          Rename
        </MenuItem>
      )}
      {entry.kind === 'file' && entry.blob === null && one && (
        <MenuItem
          icon={<FileCode {...ICON} />}
          onSelect={() => {
            desk.openFile(entry.file);
            desk.openDialog('language');
          }}
        >
          Language…
        </MenuItem>
      )}
      <MenuItem icon={<CopyPlus {...ICON} />} onSelect={() => void duplicate(desk, entries)}>
        Duplicate
      </MenuItem>
      <MenuItem
        shortcut={keys('mod+x')}
        icon={<Scissors {...ICON} />}
        onSelect={() => hold(desk, 'move', entries)}
      >
        Cut
      </MenuItem>
      <MenuItem
        shortcut={keys('mod+c')}
        icon={<Copy {...ICON} />}
        onSelect={() => hold(desk, 'copy', entries)}
      >
        Copy
      </MenuItem>
      {held !== null && (
        <MenuItem
          shortcut={keys('mod+v')}
          icon={<ClipboardPaste {...ICON} />}
          onSelect={() => void paste(desk, entry)}
        >
          {`Paste ${inWords(held.entries)} here`}
        </MenuItem>
      )}
      <MenuItem icon={<Download {...ICON} />} onSelect={() => void download(desk, entries)}>
        Download
      </MenuItem>
      <MenuItem danger shortcut="Del" icon={<Trash2 {...ICON} />} onSelect={() => askToDelete(desk, entries)}>
        Delete…
      </MenuItem>
    </Menu>
  );
}
