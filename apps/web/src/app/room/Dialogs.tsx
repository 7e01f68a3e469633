import { useDesk, useDeskState } from '../../desk/hooks.tsx';
import type { Slots } from './slots.tsx';

/** What can lie over the room, one at a time. */
export function Dialogs({ dialogs }: Pick<Slots, 'dialogs'>) {
  const desk = useDesk();
  const shown = useDeskState(({ dialog }) => dialog);
  return dialogs.map(({ id, Content }) => (
    <Content
      key={id}
      open={shown === id}
      onOpenChange={(open) => (open ? desk.openDialog(id) : desk.closeDialog(id))}
    />
  ));
}
