import { useDesk } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { restore } from './acts.ts';
import { inWords } from './tree.ts';
import { useLastDeleted } from './useLastDeleted.ts';

/** Says what somebody deleted a moment ago, and offers the way back. */
export function DeletedNote() {
  const desk = useDesk();
  const mayEdit = useMay('edit');
  const you = useRoom((view) => view.you?.id);
  const members = useRoom(({ room }) => room.members);
  const deletions = useLastDeleted();
  const last = deletions.at(-1);
  if (last === undefined) return null;
  const who = last.by === null ? undefined : last.by === you ? 'You' : members.get(last.by)?.name;
  return (
    <Notice
      tone="info"
      className="animate-rise border-line border-t"
      actions={
        mayEdit && (
          <Button variant="ghost" onClick={() => void restore(desk, deletions)}>
            Undo
          </Button>
        )
      }
    >
      {`${who ?? 'Someone'} deleted ${inWords(deletions.map(({ entry }) => entry))}.`}
    </Notice>
  );
}
