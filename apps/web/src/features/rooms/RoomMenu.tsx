import { type Refusal, RoomName, wellFormed } from '@codesync/protocol';
import {
  Activity,
  ChevronDown,
  DoorClosed,
  DoorOpen,
  Keyboard,
  Link2,
  LogOut,
  Pencil,
  Settings,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RoomSource } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { roomNameProblem } from './room-name.ts';

type RoomMenuProps = {
  name: string;
  locked: boolean;
  host: boolean;
  onRename: () => void;
  onLock: (locked: boolean) => void;
  onShare: () => void;
  onSettings: () => void;
  onShortcuts: () => void;
  onStatus: () => void;
  onLeave: () => void;
};

const icon = { size: 16, strokeWidth: 1.5 } as const;

/** The room's name, and what can be done with the room as a whole. */
export function RoomMenu(props: RoomMenuProps) {
  const { name, locked, host, onRename, onLock, onShare, onSettings, onShortcuts, onStatus, onLeave } = props;
  return (
    <h1 className="flex min-w-0">
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`Room: ${name}${locked ? ', closed to newcomers' : ''}`}
            className="inline-flex h-7 min-w-0 items-center gap-1 rounded-md px-2 font-medium hover:bg-surface-2 phone:h-11"
          >
            <span className="truncate">{name}</span>
            {locked && (
              <DoorClosed aria-hidden="true" size={14} strokeWidth={1.5} className="shrink-0 text-ink-3" />
            )}
            <ChevronDown aria-hidden="true" size={14} strokeWidth={1.5} className="shrink-0 text-ink-3" />
          </button>
        }
      >
        <MenuItem icon={<Link2 {...icon} />} onSelect={onShare}>
          Copy a link…
        </MenuItem>
        {host && (
          <>
            <MenuItem icon={<Pencil {...icon} />} onSelect={onRename}>
              Rename room…
            </MenuItem>
            <MenuItem
              icon={locked ? <DoorOpen {...icon} /> : <DoorClosed {...icon} />}
              hint={locked ? 'Links admit people again' : 'Links admit nobody new'}
              onSelect={() => onLock(!locked)}
            >
              {locked ? 'Open to newcomers' : 'Close to newcomers'}
            </MenuItem>
          </>
        )}
        <MenuLine />
        <MenuItem icon={<Settings {...icon} />} onSelect={onSettings}>
          Settings…
        </MenuItem>
        <MenuItem icon={<Keyboard {...icon} />} onSelect={onShortcuts}>
          Keyboard shortcuts
        </MenuItem>
        <MenuItem icon={<Activity {...icon} />} onSelect={onStatus}>
          Status…
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<LogOut {...icon} />} onSelect={onLeave}>
          Leave room
        </MenuItem>
      </Menu>
    </h1>
  );
}

type RenameRoomDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  name: string;
  command: RoomSource['command'];
};

export function RenameRoomDialog({ open, onOpenChange, name, command }: RenameRoomDialogProps) {
  const [draft, setDraft] = useState(name);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Pick<Refusal, 'message'> | null>(null);

  useEffect(() => {
    if (!open) return;
    setDraft(name);
    setRefused(null);
  }, [open, name]);

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
