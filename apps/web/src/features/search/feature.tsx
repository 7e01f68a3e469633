import { sortedFiles } from '@codesync/room';
import { Search as Icon } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { openSearch, searchOf, shownOf, step } from './desk-search.ts';
import { replaceMatch } from './replace.ts';
import { rowAt, rowsOf } from './rows.ts';
import { SearchBackground } from './SearchBackground.tsx';
import { SEARCH_KEYS, SearchButton } from './SearchButton.tsx';
import { SearchPanel } from './SearchPanel.tsx';

function commands(desk: Desk): readonly Command[] {
  const search = searchOf(desk);
  const { found, replacement } = search.state.getState();
  const mayReplace = desk.may('edit') && replacement !== null && found.size > 0;
  return [
    {
      id: 'search',
      title: 'Search in all files',
      section: 'Files',
      order: 22,
      keys: SEARCH_KEYS,
      enabled: true,
      run: () => openSearch(desk, false),
    },
    {
      id: 'search.replace',
      title: 'Replace in all files',
      section: 'Files',
      order: 23,
      keys: ['mod+shift+h'],
      enabled: desk.may('edit'),
      run: () => openSearch(desk, true),
    },
    {
      id: 'search.next',
      title: 'Next result',
      section: 'Files',
      order: 24,
      keys: ['f4'],
      enabled: found.size > 0,
      run: () => step(desk, 1),
    },
    {
      id: 'search.previous',
      title: 'Previous result',
      section: 'Files',
      order: 25,
      keys: ['shift+f4'],
      enabled: found.size > 0,
      run: () => step(desk, -1),
    },
    {
      id: 'search.replaceOne',
      title: 'Replace the chosen match',
      section: 'Files',
      order: 26,
      keys: ['mod+shift+1'],
      enabled: mayReplace,
      run: () => replaceChosen(desk),
    },
    {
      id: 'search.replaceAll',
      title: 'Replace all matches…',
      section: 'Files',
      order: 27,
      keys: ['mod+alt+enter'],
      enabled: mayReplace,
      run: () => shownOf(desk).setState({ asking: true }),
    },
  ];
}

/** Replaces the match that is chosen, or the first one. */
function replaceChosen(desk: Desk): void {
  const search = searchOf(desk);
  const { found } = search.state.getState();
  const rows = rowsOf(sortedFiles(desk.view().room.files), found, new Set());
  const at = rowAt(rows, search.currentNow(), (one, position) => search.now(one, position));
  const row = rows.slice(Math.max(0, at)).find(({ kind }) => kind === 'match');
  if (row?.kind === 'match') void replaceMatch(desk, row.found, row.match);
}

/** Search and replacement over all files of the room. */
export const search: Feature = {
  panels: [
    {
      id: 'search',
      title: 'Search',
      side: 'left',
      order: 15,
      closedAtFirst: true,
      Content: SearchPanel,
      size: { start: 300, least: 220, most: '45%' },
      phone: { icon: Icon, order: 50 },
    },
  ],
  header: [{ place: 'end', order: 5, Content: SearchButton }],
  commands,
  Background: SearchBackground,
};
