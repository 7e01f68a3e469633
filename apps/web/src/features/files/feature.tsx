import { LANGUAGES, languageOf } from '@codesync/protocol';
import { Files } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { nameAnew, nameNewFile, restoreFile } from './acts.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { DeletedNote } from './DeletedNote.tsx';
import { FilesPanel } from './FilesPanel.tsx';
import { askedOfFiles } from './naming.ts';
import { TabStrip } from './TabStrip.tsx';

function commands(desk: Desk): readonly Command[] {
  const { room } = desk.view();
  const { tabs } = desk.state.getState();
  const mayEdit = desk.may('edit');
  const active = tabs.active === null ? undefined : room.files.get(tabs.active);
  return [
    {
      id: 'file.new',
      title: 'New file',
      section: 'Files',
      order: 10,
      keys: ['alt+n'],
      enabled: mayEdit,
      run: () => nameNewFile(desk),
    },
    {
      id: 'file.rename',
      title: active === undefined ? 'Rename file' : `Rename ${active.path}`,
      section: 'Files',
      order: 30,
      enabled: mayEdit && active !== undefined,
      run: () => {
        if (active !== undefined) nameAnew(desk, active.id);
      },
    },
    {
      id: 'file.delete',
      title: active === undefined ? 'Delete file' : `Delete ${active.path}…`,
      section: 'Files',
      order: 40,
      enabled: mayEdit && active !== undefined,
      run: () => {
        if (active !== undefined) askedOfFiles(desk).setState({ deleting: active });
      },
    },
    {
      id: 'file.format',
      title: 'Format document',
      section: 'Files',
      order: 50,
      keys: ['shift+alt+f'],
      enabled: mayEdit && active !== undefined,
      run: () => {
        const language = active === undefined ? null : languageOf(active.path);
        const of = language === null ? 'this kind of file' : LANGUAGES[language].label;
        desk.tell(`There is no formatter for ${of} here. Nothing was changed.`);
      },
    },
    ...[...room.deleted.values()].reverse().map(
      ({ id, path }): Command => ({
        id: `file.restore ${id}`,
        title: `Restore ${path}`,
        section: 'Files',
        order: 60,
        enabled: mayEdit,
        run: () => void restoreFile(desk, id),
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
    { place: 'foot', order: 10, Content: DeletedNote },
  ],
  commands,
  Background: DeleteDialog,
};
