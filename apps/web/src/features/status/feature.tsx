import { Activity } from 'lucide-react';
import type { Feature } from '../../desk/feature.ts';
import { StatusButton } from './StatusButton.tsx';
import { StatusDialog } from './StatusDialog.tsx';

/** How this page and the server are. */
export const status: Feature = {
  status: [{ place: 'end', order: 20, Content: StatusButton }],
  dialogs: [{ id: 'status', Content: StatusDialog }],
  commands: (desk) => [
    {
      id: 'room.status',
      title: 'Status…',
      section: 'Room',
      order: 50,
      enabled: true,
      menu: { group: 2, order: 30, icon: <Activity size={16} strokeWidth={1.5} /> },
      run: () => desk.openDialog('status'),
    },
  ],
};
