import { Files } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { askToDelete, duplicate, nameAnew, nameNew, restore } from './acts.ts';
import { DeletedNote } from './DeletedNote.tsx';
import { DownloadNote } from './DownloadNote.tsx';
import { deletionsOf } from './deletions.ts';
import { download, downloadRoom } from './downloads.ts';
import { FileBytes } from './FileBytes.tsx';
import { FilesBackground } from './FilesBackground.tsx';
import { FilesPanel } from './FilesPanel.tsx';
import { TabStrip } from './TabStrip.tsx';
import type { TreeEntry } from './tree.ts';
import { chooseFiles } from './uploads.ts';

/** How many of the last deletions the palette offers to undo. */
const OFFERED = 20;

function commands(desk: Desk): readonly Command[] {
  const { room } = desk.view();
  const { tabs } = desk.state.getState();
  const mayEdit = desk.may('edit');
  const active = tabs.active === null ? undefined : room.files.get(tabs.active);
  const entries: readonly TreeEntry[] =
    active === undefined ? [] : [{ kind: 'file', file: active.id, path: active.path }];
  return [
    {
      id: 'file.new',
      title: 'New file',
      section: 'Files',
      order: 10,
      keys: ['alt+n'],
      enabled: mayEdit,
      run: () => nameNew(desk, 'file'),
    },
    {
      id: 'folder.new',
      title: 'New folder',
      section: 'Files',
      order: 12,
      enabled: mayEdit,
      run: () => nameNew(desk, 'folder'),
    },
    {
      id: 'file.upload',
      title: 'Upload files…',
      section: 'Files',
      order: 42,
      enabled: mayEdit,
      run: () => chooseFiles(desk, ''),
    },
    {
      id: 'room.download',
      title: 'Download all files as a zip',
      section: 'Files',
      order: 46,
      enabled: room.files.size > 0,
      run: () => void downloadRoom(desk),
    },
    {
      id: 'file.download',
      title: active === undefined ? 'Download file' : `Download ${active.path}`,
      section: 'Files',
      order: 44,
      enabled: active !== undefined,
      run: () => void download(desk, entries),
    },
    {
      id: 'file.rename',
      title: active === undefined ? 'Rename file' : `Rename ${active.path}`,
      section: 'Files',
      order: 30,
      enabled: mayEdit && active !== undefined,
      run: () => {
        for (const entry of entries) nameAnew(desk, entry);
      },
    },
    {
      id: 'file.duplicate',
      title: active === undefined ? 'Duplicate file' : `Duplicate ${active.path}`,
      section: 'Files',
      order: 35,
      enabled: mayEdit && active !== undefined,
      run: () => void duplicate(desk, entries),
    },
    {
      id: 'file.delete',
      title: active === undefined ? 'Delete file' : `Delete ${active.path}…`,
      section: 'Files',
      order: 40,
      enabled: mayEdit && active !== undefined,
      run: () => askToDelete(desk, entries),
    },
    ...deletionsOf(room)
      .slice(-OFFERED)
      .reverse()
      .map(
        (deletion): Command => ({
          id: `file.restore ${deletion.id}`,
          title: `Restore ${deletion.entry.path}`,
          section: 'Files',
          order: 60,
          enabled: mayEdit,
          run: () => void restore(desk, [deletion]),
        }),
      ),
    {
      id: 'tab.close',
      title: 'Close tab',
      section: 'Files',
      order: 70,
      keys: ['alt+w'],
      enabled: tabs.active !== null,
      run: () => {
        if (tabs.active !== null) desk.closeTab(tabs.active);
      },
    },
    {
      id: 'tab.keep',
      title: 'Keep the previewed file open',
      section: 'Files',
      order: 75,
      enabled: tabs.active !== null && tabs.active === tabs.preview,
      run: () => {
        if (tabs.active !== null) desk.keepOpen(tabs.active);
      },
    },
    {
      id: 'tab.next',
      title: 'Next tab',
      section: 'Files',
      order: 80,
      keys: ['alt+pagedown'],
      enabled: tabs.open.length > 1,
      run: () => desk.stepTabs(1),
    },
    {
      id: 'tab.previous',
      title: 'Previous tab',
      section: 'Files',
      order: 90,
      keys: ['alt+pageup'],
      enabled: tabs.open.length > 1,
      run: () => desk.stepTabs(-1),
    },
  ];
}

/** The files of the room: the tree, the tabs, and what can be done with a file. */
export const files: Feature = {
  panels: [
    {
      id: 'files',
      title: 'Files',
      side: 'left',
      order: 10,
      Content: FilesPanel,
      keys: ['mod+b'],
      size: { start: 220, least: 160, most: '40%' },
      phone: { icon: Files, order: 40 },
    },
  ],
  notes: [
    { place: 'strip', order: 10, Content: TabStrip },
    { place: 'foot', order: 8, Content: DownloadNote },
    { place: 'foot', order: 10, Content: DeletedNote },
  ],
  views: [{ shows: ({ blob }) => blob !== null, Content: FileBytes }],
  commands,
  Background: FilesBackground,
};
