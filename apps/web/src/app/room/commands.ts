import type { Command } from '../../features/palette/command.ts';
import { stepFontSize } from '../../features/settings/settings.ts';
import { otherTheme } from '../../features/settings/theme.ts';
import type { Desk } from './useDesk.ts';

/** Everything that can be done in a room, once: the palette, the keys and the sheet of shortcuts show this list. */
export function commandsOf(desk: Desk): readonly Command[] {
  const { active, entry, runs, tabs, mayEdit, host, settings, theme, setLayer, view } = desk;
  const running = runs.going.at(-1);
  const systemDark = matchMedia('(prefers-color-scheme: dark)').matches;
  return [
    {
      id: 'run',
      title: entry === null ? 'Run' : `Run ${entry.path}`,
      section: 'Run',
      keys: ['mod+enter'],
      enabled: entry !== null && runs.mayRun,
      run: desk.runEntry,
    },
    {
      id: 'stop',
      title: 'Stop the running program',
      section: 'Run',
      keys: ['mod+shift+enter'],
      enabled: running !== undefined && runs.mayRun,
      run: () => {
        if (running !== undefined) void runs.stop(running.id);
      },
    },
    {
      id: 'run.pin',
      title: desk.pinned
        ? 'Run what is open'
        : entry === null
          ? 'Always run one file'
          : `Always run ${entry.path}`,
      section: 'Run',
      enabled: entry !== null && runs.mayRun,
      run: () => {
        if (entry !== null) desk.pinEntry(desk.pinned ? null : entry.id);
      },
    },
    {
      id: 'run.folder',
      title:
        desk.workFolder === 'room'
          ? 'Start programs in their file’s own folder'
          : 'Start programs in the top folder',
      section: 'Run',
      enabled: runs.mayRun,
      run: () => desk.setWorkFolder(desk.workFolder === 'room' ? 'entry' : 'room'),
    },
    {
      id: 'failure.next',
      title: 'Go to the next line that failed',
      section: 'Run',
      keys: ['f8'],
      enabled: true,
      run: desk.nextFailure,
    },
    {
      id: 'file.new',
      title: 'New file',
      section: 'Files',
      keys: ['alt+n'],
      enabled: mayEdit,
      run: desk.nameNewFile,
    },
    {
      id: 'file.open',
      title: 'Go to file…',
      section: 'Files',
      keys: ['mod+p'],
      enabled: true,
      run: () => setLayer('open-file'),
    },
    {
      id: 'file.rename',
      title: active === undefined ? 'Rename file' : `Rename ${active.path}`,
      section: 'Files',
      enabled: mayEdit && active !== undefined,
      run: () => {
        if (active !== undefined) desk.nameAnew(active.id);
      },
    },
    {
      id: 'file.delete',
      title: active === undefined ? 'Delete file' : `Delete ${active.path}…`,
      section: 'Files',
      enabled: mayEdit && active !== undefined,
      run: () => {
        if (active !== undefined) desk.setDeleting(active);
      },
    },
    {
      id: 'file.format',
      title: 'Format document',
      section: 'Files',
      keys: ['shift+alt+f'],
      enabled: mayEdit && active !== undefined,
      run: desk.format,
    },
    ...[...view.room.deleted.values()].reverse().map(({ id, path }) => ({
      id: `file.restore ${id}`,
      title: `Restore ${path}`,
      section: 'Files' as const,
      enabled: mayEdit,
      run: () => void desk.restoreFile(id),
    })),
    {
      id: 'tab.close',
      title: 'Close tab',
      section: 'Files',
      keys: ['alt+w'],
      enabled: tabs.tabs.active !== null,
      run: () => {
        if (tabs.tabs.active !== null) tabs.close(tabs.tabs.active);
      },
    },
    {
      id: 'tab.next',
      title: 'Next tab',
      section: 'Files',
      keys: ['alt+pagedown'],
      enabled: tabs.tabs.open.length > 1,
      run: () => tabs.step(1),
    },
    {
      id: 'tab.previous',
      title: 'Previous tab',
      section: 'Files',
      keys: ['alt+pageup'],
      enabled: tabs.tabs.open.length > 1,
      run: () => tabs.step(-1),
    },
    {
      id: 'view.files',
      title: 'Toggle files',
      section: 'View',
      keys: ['mod+b'],
      enabled: true,
      run: () => desk.toggle('files'),
    },
    {
      id: 'view.output',
      title: 'Toggle output',
      section: 'View',
      keys: ['ctrl+`', 'mod+`'],
      enabled: true,
      run: () => desk.toggle('output'),
    },
    {
      id: 'view.people',
      title: 'Toggle people',
      section: 'View',
      keys: ['alt+p'],
      enabled: true,
      run: () => desk.toggle('people'),
    },
    {
      id: 'view.wrap',
      title: settings.wordWrap ? 'Do not wrap code' : 'Wrap code',
      section: 'View',
      keys: ['alt+z'],
      enabled: true,
      run: () => settings.set({ wordWrap: !settings.wordWrap }),
    },
    {
      id: 'view.minimap',
      title: settings.minimap ? 'Hide the minimap' : 'Show the minimap',
      section: 'View',
      enabled: true,
      run: () => settings.set({ minimap: !settings.minimap }),
    },
    {
      id: 'view.theme',
      title: theme === 'dark' ? 'Switch to light theme' : 'Switch to dark theme',
      section: 'View',
      enabled: true,
      run: () => settings.set({ theme: otherTheme(theme, systemDark) }),
    },
    {
      id: 'view.larger',
      title: 'Larger text',
      section: 'View',
      keys: ['alt+='],
      enabled: true,
      run: () => settings.set({ fontSize: stepFontSize(settings.fontSize, 1) }),
    },
    {
      id: 'view.smaller',
      title: 'Smaller text',
      section: 'View',
      keys: ['alt+-'],
      enabled: true,
      run: () => settings.set({ fontSize: stepFontSize(settings.fontSize, -1) }),
    },
    {
      id: 'room.saved',
      title: 'Is all saved?',
      section: 'Room',
      keys: ['mod+s'],
      enabled: true,
      run: desk.tellSaved,
    },
    {
      id: 'room.share',
      title: 'Copy a link…',
      section: 'Room',
      enabled: true,
      run: () => setLayer('share'),
    },
    {
      id: 'room.rename',
      title: 'Rename room…',
      section: 'Room',
      enabled: host,
      run: () => setLayer('rename-room'),
    },
    {
      id: 'room.lock',
      title: view.room.locked ? 'Open to newcomers' : 'Close to newcomers',
      section: 'Room',
      enabled: host,
      run: () => desk.lock(!view.room.locked),
    },
    {
      id: 'room.status',
      title: 'Status…',
      section: 'Room',
      enabled: true,
      run: () => setLayer('status'),
    },
    { id: 'room.leave', title: 'Leave room', section: 'Room', enabled: true, run: desk.leave },
    {
      id: 'help.palette',
      title: 'Command palette',
      section: 'Help',
      keys: ['mod+k', 'f1', 'mod+shift+p'],
      enabled: true,
      run: () => setLayer('palette'),
    },
    {
      id: 'help.settings',
      title: 'Settings…',
      section: 'Help',
      keys: ['mod+,'],
      enabled: true,
      run: () => setLayer('settings'),
    },
    {
      id: 'help.shortcuts',
      title: 'Keyboard shortcuts',
      section: 'Help',
      keys: ['mod+shift+/', 'shift+?'],
      enabled: true,
      run: () => setLayer('shortcuts'),
    },
  ];
}
