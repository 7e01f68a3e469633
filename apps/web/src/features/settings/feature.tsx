import { Settings } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { stepFontSize, useSettings } from '../../desk/settings.ts';
import { otherTheme, systemIsDark, themeNow } from '../../desk/theme.ts';
import { SettingsDialog } from './SettingsDialog.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

function commands(desk: Desk): readonly Command[] {
  const settings = useSettings.getState();
  const theme = themeNow();
  return [
    {
      id: 'view.wrap',
      title: settings.wordWrap ? 'Do not wrap code' : 'Wrap code',
      section: 'View',
      order: 40,
      keys: ['alt+z'],
      enabled: true,
      run: () => settings.set({ wordWrap: !settings.wordWrap }),
    },
    {
      id: 'view.minimap',
      title: settings.minimap ? 'Hide the minimap' : 'Show the minimap',
      section: 'View',
      order: 50,
      enabled: true,
      run: () => settings.set({ minimap: !settings.minimap }),
    },
    {
      id: 'view.theme',
      title: theme === 'dark' ? 'Switch to light theme' : 'Switch to dark theme',
      section: 'View',
      order: 60,
      enabled: true,
      run: () => settings.set({ theme: otherTheme(theme, systemIsDark()) }),
    },
    {
      id: 'view.larger',
      title: 'Larger text',
      section: 'View',
      order: 70,
      keys: ['alt+='],
      enabled: true,
      run: () => settings.set({ fontSize: stepFontSize(settings.fontSize, 1) }),
    },
    {
      id: 'view.smaller',
      title: 'Smaller text',
      section: 'View',
      order: 80,
      keys: ['alt+-'],
      enabled: true,
      run: () => settings.set({ fontSize: stepFontSize(settings.fontSize, -1) }),
    },
    {
      id: 'help.settings',
      title: 'Settings…',
      section: 'Help',
      order: 20,
      keys: ['mod+,'],
      enabled: true,
      menu: { group: 2, order: 10, icon: <Settings size={16} strokeWidth={1.5} /> },
      run: () => desk.openDialog('settings'),
    },
  ];
}

/** A narrow window needs the place for others. The palette and the settings have the theme, too. */
function HeaderThemeSwitch() {
  return (
    <span className="max-[1100px]:hidden">
      <ThemeSwitch />
    </span>
  );
}

/** How the page looks, for this browser. */
export const settings: Feature = {
  header: [{ place: 'end', order: 20, Content: HeaderThemeSwitch }],
  dialogs: [{ id: 'settings', Content: SettingsDialog }],
  commands,
};
