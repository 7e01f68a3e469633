import { Ellipsis, FilePlus, Pencil, Trash2 } from 'lucide-react';
import { useContext, useLayoutEffect, useRef } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { useActiveFile, useDesk } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { FocusContext, giveBack, openerOf } from '../../ui/focus.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, MenuItem } from '../../ui/Menu.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { createFile, renameFile } from './acts.ts';
import { FileNameField } from './FileNameField.tsx';
import { type FileRow, FileTree, type FileTreeActs } from './FileTree.tsx';
import { askedOfFiles, type Naming, useAskedOfFiles } from './naming.ts';
import { folderOf } from './tree.ts';

/** The room's files, and the fields in which they are named. */
export function FilesPanel({ onClose }: PanelProps) {
  const desk = useDesk();
  const mayEdit = useMay('edit');
  const empty = useRoom(({ room }) => room.files.size === 0);
  const active = useActiveFile();
  const naming = useAskedOfFiles((asked) => asked.naming);
  const list = useRef<HTMLDivElement>(null);
  const asked = askedOfFiles(desk);
  const setNaming = (next: Naming | null) => asked.setState({ naming: next });

  const { last, home } = useContext(FocusContext);
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (naming !== null) opener.current = openerOf(last());
  }, [naming, last]);

  const stopNaming = () => {
    setNaming(null);
    requestAnimationFrame(() => {
      // The row itself gave way to the field; another stands there now.
      if (opener.current?.isConnected) giveBack(opener.current, home);
      else list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    });
  };

  const acts: FileTreeActs = {
    rename: (file) => setNaming({ kind: 'rename', file }),
    remove: (deleting) => asked.setState({ deleting }),
    more: (row) => (
      <MoreOfFile
        path={row.path}
        onRename={() => acts.rename(row.file)}
        onDelete={() => acts.remove({ id: row.file, path: row.path })}
      />
    ),
  };
  const fieldFor = (row: FileRow) =>
    naming?.kind === 'rename' &&
    naming.file === row.file && (
      <div key={row.path} role="treeitem" aria-level={row.depth + 1} tabIndex={-1}>
        <FileNameField
          label={`New name of ${row.path}`}
          initial={row.path}
          depth={row.depth}
          onCancel={stopNaming}
          onSubmit={async (path) => {
            const problem = await renameFile(desk, row.file, path);
            if (problem === null) stopNaming();
            return problem;
          }}
        />
      </div>
    );

  return (
    <section aria-label="Files" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="Files" {...(onClose === undefined ? {} : { onClose })}>
        {mayEdit && (
          <IconButton
            label="New file"
            onClick={() =>
              setNaming({ kind: 'new', folder: active === undefined ? '' : folderOf(active.path) })
            }
          >
            <FilePlus size={16} strokeWidth={1.5} />
          </IconButton>
        )}
      </PanelHeader>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto pb-3">
        {naming?.kind === 'new' && (
          <FileNameField
            label="Name of the new file"
            initial={naming.folder}
            depth={0}
            onCancel={stopNaming}
            onSubmit={async (path) => {
              const problem = await createFile(desk, path);
              if (problem === null) setNaming(null);
              return problem;
            }}
          />
        )}
        {empty && naming === null && (
          <div className="px-3 pt-1">
            <p className="text-ink-3 text-xs">No files yet.</p>
            {mayEdit && (
              <Button className="mt-2" onClick={() => setNaming({ kind: 'new', folder: '' })}>
                Create a file
              </Button>
            )}
          </div>
        )}
        <FileTree
          active={active?.id ?? null}
          onOpen={desk.openFile}
          acts={mayEdit ? acts : null}
          instead={fieldFor}
          list={list}
        />
      </div>
    </section>
  );
}

type MoreOfFileProps = { path: string; onRename: () => void; onDelete: () => void };

function MoreOfFile({ path, onRename, onDelete }: MoreOfFileProps) {
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          tabIndex={-1}
          aria-label={`More for ${path}`}
          onClick={(event) => event.stopPropagation()}
          className="hidden size-6 shrink-0 items-center justify-center rounded-sm text-ink-2 hover:bg-surface-3 hover:text-ink-1 focus-visible:inline-flex group-hover:inline-flex aria-expanded:inline-flex phone:inline-flex phone:size-11"
        >
          <Ellipsis size={14} strokeWidth={1.5} aria-hidden="true" />
        </button>
      }
    >
      <MenuItem shortcut="F2" icon={<Pencil size={14} strokeWidth={1.5} />} onSelect={onRename}>
        Rename
      </MenuItem>
      <MenuItem danger shortcut="Del" icon={<Trash2 size={14} strokeWidth={1.5} />} onSelect={onDelete}>
        Delete…
      </MenuItem>
    </Menu>
  );
}
