import { ChevronsDownUp, Ellipsis } from 'lucide-react';
import { useEffect } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { useMay } from '../../desk/room.tsx';
import { shown as keysShown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { searchOf, setClosed, shownOf, useSearch, useShown } from './desk-search.ts';
import { GlobFields } from './GlobFields.tsx';
import { QueryFields } from './QueryFields.tsx';
import { ResultTree } from './ResultTree.tsx';
import { SearchState } from './SearchState.tsx';

/** What is looked for in all files of the room, and where it is. */
export function SearchPanel({ onClose }: PanelProps) {
  const desk = useDesk();
  const mayEdit = useMay('edit');
  const withGlobs = useShown((shown) => shown.withGlobs);
  const found = useSearch((state) => state.found);
  const isEmpty = useSearch((state) => state.query.text === '');

  useEffect(() => {
    const search = searchOf(desk);
    search.see(true);
    return () => search.see(false);
  }, [desk]);
  // Whoever may not edit any more replaces nothing.
  useEffect(() => {
    if (!mayEdit) searchOf(desk).replaceBy(null);
  }, [desk, mayEdit]);

  return (
    <section aria-label="Search" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="Search" {...(onClose === undefined ? {} : { onClose })}>
        {found.size > 0 && (
          <IconButton label="Collapse all results" onClick={() => setClosed(desk, found.keys())}>
            <ChevronsDownUp size={16} strokeWidth={1.5} />
          </IconButton>
        )}
        <IconButton
          label="Choose files to search"
          pressed={withGlobs}
          onClick={() => shownOf(desk).setState({ withGlobs: !withGlobs })}
        >
          <Ellipsis size={16} strokeWidth={1.5} />
        </IconButton>
      </PanelHeader>
      <search className="shrink-0 space-y-1.5 px-2 pb-2">
        <QueryFields mayReplace={mayEdit} />
        {withGlobs && <GlobFields />}
      </search>
      <SearchState />
      {isEmpty ? (
        <p className="px-3 pt-1 text-ink-3 text-xs">
          Finds text in all files of the room, and follows what everybody types.
          <span className="phone:hidden">
            {' '}
            {keysShown('mod+shift+f', desk.mac)} comes here with what is selected.
          </span>
        </p>
      ) : (
        <ResultTree mayReplace={mayEdit} />
      )}
    </section>
  );
}
