import { Search } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { openSearch } from './desk-search.ts';

/** Keys that open the search; the first is shown. */
export const SEARCH_KEYS = ['mod+shift+f'] as const;

export function SearchButton() {
  const desk = useDesk();
  return (
    <IconButton
      label="Search in all files"
      shortcut={shown(SEARCH_KEYS[0], desk.mac)}
      onClick={() => openSearch(desk, false)}
      className="max-[1100px]:hidden"
    >
      <Search size={16} strokeWidth={1.5} />
    </IconButton>
  );
}
