import { type Refusal, RoomName, wellFormed } from '@codesync/protocol';
import { useEffect, useEffectEvent, useState } from 'react';
import type { DialogProps } from '../../desk/feature.ts';
import { useCommand } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { roomNameProblem } from './room-name.ts';

export function RenameRoomDialog({ open, onOpenChange }: DialogProps) {
  const command = useCommand();
  const name = useRoom(({ room }) => room.name);
  const [draft, setDraft] = useState(name);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Pick<Refusal, 'message'> | null>(null);

  // The name as it is then. Somebody else's new one would take the place of what is typed.
  const begin = useEffectEvent(() => {
    setDraft(name);
    setRefused(null);
  });
  useEffect(() => {
    if (open) begin();
  }, [open]);

  const save = async () => {
    const parsed = RoomName.safeParse(wellFormed(draft));
    if (!parsed.success) return setRefused({ message: roomNameProblem(draft) });
    setBusy(true);
    const result = await command({ kind: 'room.rename', name: parsed.data });
    setBusy(false);
    if (result.ok) onOpenChange(false);
    else setRefused(result.error);
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Rename room" width="sm">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label="Room name"
          value={draft}
          error={refused?.message ?? null}
          onChange={(event) => {
            setDraft(event.target.value);
            setRefused(null);
          }}
        />
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
