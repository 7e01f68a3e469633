import { useEffect } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { searchOf } from './desk-search.ts';
import { ReplaceDialog } from './ReplaceDialog.tsx';

/** What of the search is there for as long as the room is open. */
export function SearchBackground() {
  const desk = useDesk();
  useEffect(() => searchOf(desk).follow(), [desk]);
  return <ReplaceDialog />;
}
