import { Command } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';

/** Keys that open the palette; the first is shown. */
export const PALETTE_KEYS = ['mod+k', 'f1', 'mod+shift+p'] as const;

export function PaletteButton() {
  const desk = useDesk();
  return (
    <IconButton
      label="Command palette"
      shortcut={shown(PALETTE_KEYS[0], desk.mac)}
      onClick={() => desk.openDialog('palette')}
      className="max-[900px]:hidden"
    >
      <Command size={16} strokeWidth={1.5} />
    </IconButton>
  );
}
