import { REFUSALS } from '@codesync/protocol';
import { foldersOf, type RoomState } from '@codesync/room';
import { FilePlus, FolderPlus, Upload } from 'lucide-react';
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { useActiveFile, useDesk } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { FocusContext, giveBack, openerOf } from '../../ui/focus.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { askToDelete, createFile, createFolder, hold, moveInto, nameNew, paste, rename } from './acts.ts';
import { askedOfFiles, type Naming, useAskedOfFiles } from './asked.ts';
import { EntryMenu } from './EntryMenu.tsx';
import { FileNameField } from './FileNameField.tsx';
import { FileTree } from './FileTree.tsx';
import type { TreeActs } from './keys.ts';
import { folderOf, nodeId, type TreeEntry, type TreeNode } from './tree.ts';
import { UploadNote } from './UploadNote.tsx';
import { chooseFiles, uploadDropped } from './uploads.ts';

/** The room's files and folders, and the fields in which they are named. */
export function FilesPanel({ onClose }: PanelProps) {
  const desk = useDesk();
  const mayEdit = useMay('edit');
  const empty = useRoom(({ room }) => room.files.size + room.emptyFolders.size === 0);
  const active = useActiveFile();
  const naming = useAskedOfFiles((asked) => asked.naming);
  const held = useAskedOfFiles((asked) => asked.held);
  const [menu, setMenu] = useState<{ readonly of: string; readonly open: boolean } | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const asked = askedOfFiles(desk);
  const setNaming = (next: Naming | null) => asked.setState({ naming: next });
  const activeFolder = active === undefined ? '' : folderOf(active.path);

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

  /** Another person has moved or deleted the folder, and the field has gone with it. */
  const stopNamingOf = useCallback(
    (entry: TreeEntry) => {
      asked.setState({ naming: null });
      desk.report(REFUSALS[entry.kind === 'folder' ? 'folder.unknown' : 'file.unknown']);
    },
    [desk, asked],
  );
  const submitting = useRef(false);
  const room = useRoom((view) => view.room);
  useEffect(() => {
    if (naming?.kind !== 'rename' || submitting.current || isThere(room, naming.entry)) return;
    stopNamingOf(naming.entry);
  }, [room, naming, stopNamingOf]);

  const acts = useMemo(
    (): TreeActs => ({
      rename: (entry) => asked.setState({ naming: { kind: 'rename', entry } }),
      remove: (entries) => askToDelete(desk, entries),
      hold: (how, entries) => hold(desk, how, entries),
      paste: (beside) => void paste(desk, beside),
      holds: () => asked.getState().held !== null,
      letGo: () => asked.setState({ held: null }),
      move: (entries, folder) => void moveInto(desk, entries, folder),
      upload: (data, folder) => void uploadDropped(desk, data, folder),
      openMenu: (of) => setMenu({ of, open: true }),
    }),
    [desk, asked],
  );
  const moving = useMemo(() => new Set(held?.how === 'move' ? held.entries.map(nodeId) : []), [held]);

  const fieldFor = (node: TreeNode, depth: number) => (
    <div role="treeitem" aria-level={depth + 1} tabIndex={-1}>
      <FileNameField
        kind={node.kind}
        known={node}
        label={`New name of ${node.path}`}
        initial={node.path}
        depth={depth}
        onCancel={stopNaming}
        onSubmit={async (path) => {
          submitting.current = true;
          const problem = await rename(desk, node, path);
          submitting.current = false;
          if (problem === null) stopNaming();
          else if (!isThere(desk.view().room, node)) stopNamingOf(node);
          return problem;
        }}
      />
    </div>
  );

  return (
    <section aria-label="Files" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="Files" {...(onClose === undefined ? {} : { onClose })}>
        {mayEdit && (
          <>
            <IconButton label="New file" onClick={() => nameNew(desk, 'file')}>
              <FilePlus size={16} strokeWidth={1.5} />
            </IconButton>
            <IconButton label="New folder" onClick={() => nameNew(desk, 'folder')}>
              <FolderPlus size={16} strokeWidth={1.5} />
            </IconButton>
            <IconButton label="Upload files" onClick={() => chooseFiles(desk, activeFolder.slice(0, -1))}>
              <Upload size={16} strokeWidth={1.5} />
            </IconButton>
          </>
        )}
      </PanelHeader>
      <div ref={list} className="flex min-h-0 flex-1 flex-col">
        {naming?.kind === 'new' && (
          <FileNameField
            key={naming.id}
            kind={naming.what}
            known={{ language: null, blob: null }}
            label={`Name of the new ${naming.what}`}
            initial={naming.folder}
            depth={0}
            onCancel={stopNaming}
            onSubmit={async (path) => {
              const problem = await (naming.what === 'file' ? createFile : createFolder)(desk, path);
              // Somebody far from the server may ask for the next one before this one is there.
              if (problem === null && asked.getState().naming === naming) setNaming(null);
              return problem;
            }}
          />
        )}
        {empty && naming === null && (
          <div className="px-3 pt-1">
            <p className="text-ink-3 text-xs">No files yet.</p>
            {mayEdit && (
              <Button className="mt-2" onClick={() => nameNew(desk, 'file')}>
                Create a file
              </Button>
            )}
          </div>
        )}
        <FileTree
          active={active?.id ?? null}
          onOpen={(file, how) => (how === 'keep' ? desk.openFile : desk.previewFile)(file)}
          acts={mayEdit ? acts : null}
          moving={moving}
          menuOf={menu?.of ?? null}
          menu={(node, entries) => (
            <EntryMenu
              entry={node}
              entries={entries}
              open={menu?.open === true}
              onOpenChange={(open) => setMenu({ of: node.id, open })}
            />
          )}
          insteadOf={naming?.kind === 'rename' ? nodeId(naming.entry) : null}
          instead={fieldFor}
        />
      </div>
      <UploadNote />
    </section>
  );
}

function isThere(room: RoomState, entry: TreeEntry): boolean {
  return entry.kind === 'file' ? room.files.has(entry.file) : foldersOf(room).has(entry.path);
}
