import { useDesk } from '../../desk/hooks.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { askedOfFiles, useAskedOfFiles } from './naming.ts';

/** Asks before a file is deleted for everyone. */
export function DeleteDialog() {
  const desk = useDesk();
  const deleting = useAskedOfFiles((asked) => asked.deleting);
  return (
    <ConfirmDialog
      open={deleting !== null}
      onOpenChange={(open) => {
        if (!open) askedOfFiles(desk).setState({ deleting: null });
      }}
      title={`Delete ${deleting?.path ?? ''}?`}
      confirm="Delete"
      onConfirm={() => {
        if (deleting !== null) void desk.send({ kind: 'file.delete', file: deleting.id });
      }}
    >
      It goes for everyone in the room, at once. Undo brings it back as it was.
    </ConfirmDialog>
  );
}
