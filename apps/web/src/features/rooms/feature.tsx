import { DoorClosed, DoorOpen, LogOut, Pencil } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { KeepRecent } from './KeepRecent.ts';
import { RenameRoomDialog } from './RenameRoomDialog.tsx';
import { RoomMenu } from './RoomMenu.tsx';

const ICON = { size: 16, strokeWidth: 1.5 } as const;

function commands(desk: Desk): readonly Command[] {
  const { locked } = desk.view().room;
  return [
    {
      id: 'room.rename',
      title: 'Rename room…',
      section: 'Room',
      order: 30,
      enabled: desk.may('room.rename'),
      menu: { group: 1, order: 20, icon: <Pencil {...ICON} /> },
      run: () => desk.openDialog('rename-room'),
    },
    {
      id: 'room.lock',
      title: locked ? 'Open to newcomers' : 'Close to newcomers',
      section: 'Room',
      order: 40,
      enabled: desk.may('room.lock'),
      menu: {
        group: 1,
        order: 30,
        icon: locked ? <DoorOpen {...ICON} /> : <DoorClosed {...ICON} />,
        hint: locked ? 'Links admit people again' : 'Links admit nobody new',
      },
      run: () => void desk.send({ kind: 'room.lock', locked: !locked }),
    },
    {
      id: 'room.leave',
      title: 'Leave room',
      section: 'Room',
      order: 60,
      enabled: true,
      menu: { group: 3, order: 10, icon: <LogOut {...ICON} /> },
      run: desk.leave,
    },
  ];
}

/** The room as a whole: its name, its door, and the way out. */
export const rooms: Feature = {
  header: [{ place: 'title', order: 10, Content: RoomMenu }],
  dialogs: [{ id: 'rename-room', Content: RenameRoomDialog }],
  commands,
  Background: KeepRecent,
};
