import { useDesk } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { restoreFile } from './acts.ts';
import { useLastDeleted } from './useLastDeleted.ts';

/** Says who deleted a file a moment ago, and offers the way back. */
export function DeletedNote() {
  const desk = useDesk();
  const mayEdit = useMay('edit');
  const you = useRoom((view) => view.you?.id);
  const members = useRoom(({ room }) => room.members);
  const deleted = useLastDeleted(useRoom(({ room }) => room.deleted));
  if (deleted === null) return null;
  const { by, id, path } = deleted;
  const who = by === null ? undefined : by === you ? 'You' : members.get(by)?.name;
  return (
    <Notice
      tone="info"
      className="animate-rise border-line border-t"
      actions={
        mayEdit && (
          <Button variant="ghost" onClick={() => void restoreFile(desk, id)}>
            Undo
          </Button>
        )
      }
    >
      {`${who ?? 'Someone'} deleted ${path}.`}
    </Notice>
  );
}
