import { Keyboard } from 'lucide-react';
import type { Feature } from '../../desk/feature.ts';
import { CommandPalette, FilePalette } from './Palette.tsx';
import { PALETTE_KEYS, PaletteButton } from './PaletteButton.tsx';
import { ShortcutsSheet } from './ShortcutsSheet.tsx';

/** Everything that can be done, found by typing or by its keys. */
export const palette: Feature = {
  header: [{ place: 'end', order: 10, Content: PaletteButton }],
  dialogs: [
    { id: 'palette', Content: CommandPalette },
    { id: 'open-file', Content: FilePalette },
    { id: 'shortcuts', Content: ShortcutsSheet },
  ],
  commands: (desk) => [
    {
      id: 'file.open',
      title: 'Go to file…',
      section: 'Files',
      order: 20,
      keys: ['mod+p'],
      enabled: true,
      run: () => desk.openDialog('open-file'),
    },
    {
      id: 'help.palette',
      title: 'Command palette',
      section: 'Help',
      order: 10,
      keys: PALETTE_KEYS,
      enabled: true,
      run: () => desk.openDialog('palette'),
    },
    {
      id: 'help.shortcuts',
      title: 'Keyboard shortcuts',
      section: 'Help',
      order: 30,
      keys: ['mod+shift+/', 'shift+?'],
      enabled: true,
      menu: { group: 2, order: 20, icon: <Keyboard size={16} strokeWidth={1.5} /> },
      run: () => desk.openDialog('shortcuts'),
    },
  ],
};
