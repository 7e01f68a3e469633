import { useDesk } from '../../desk/hooks.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { shownOf, useSearch, useShown } from './desk-search.ts';
import { replaceAll, totalInWords } from './replace.ts';

/** Asks before all matches are replaced for everyone. */
export function ReplaceDialog() {
  const desk = useDesk();
  const asking = useShown((shown) => shown.asking);
  const found = useSearch((state) => state.found);
  const replacement = useSearch((state) => state.replacement);
  return (
    <ConfirmDialog
      open={asking}
      onOpenChange={(open) => shownOf(desk).setState({ asking: open })}
      title={`Replace ${totalInWords(found)}?`}
      confirm="Replace"
      onConfirm={() => void replaceAll(desk)}
    >
      {replacement === ''
        ? 'They are deleted for everyone in the room, at once.'
        : `They become “${replacement}” for everyone in the room, at once.`}{' '}
      In each file, undo takes it back as one step.
    </ConfirmDialog>
  );
}
