import { useDesk } from '../../desk/hooks.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { remove } from './acts.ts';
import { askedOfFiles, useAskedOfFiles } from './asked.ts';
import { inWords } from './tree.ts';

/** Asks before something is deleted for everyone. */
export function DeleteDialog() {
  const desk = useDesk();
  const deleting = useAskedOfFiles((asked) => asked.deleting);
  const withFolder = deleting.some(({ kind }) => kind === 'folder');
  return (
    <ConfirmDialog
      open={deleting.length > 0}
      onOpenChange={(open) => {
        if (!open) askedOfFiles(desk).setState({ deleting: [] });
      }}
      title={`Delete ${inWords(deleting)}?`}
      confirm="Delete"
      onConfirm={() => void remove(desk, deleting)}
    >
      {withFolder
        ? 'All that lies in it goes for everyone in the room, at once. Undo brings it back as it was.'
        : 'It goes for everyone in the room, at once. Undo brings it back as it was.'}
    </ConfirmDialog>
  );
}
