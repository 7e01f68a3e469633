import { Link2 } from 'lucide-react';
import type { Feature } from '../../desk/feature.ts';
import { ShareButton } from './ShareButton.tsx';
import { ShareDialog } from './ShareDialog.tsx';

/** The links into the room. */
export const share: Feature = {
  header: [{ place: 'end', order: 40, Content: ShareButton }],
  dialogs: [{ id: 'share', Content: ShareDialog }],
  commands: (desk) => [
    {
      id: 'room.share',
      title: 'Copy a link…',
      section: 'Room',
      order: 20,
      enabled: true,
      menu: { group: 1, order: 10, icon: <Link2 size={16} strokeWidth={1.5} /> },
      run: () => desk.openDialog('share'),
    },
  ],
};
