import { Users } from 'lucide-react';
import type { Feature } from '../../desk/feature.ts';
import { AvatarStack, PEOPLE_KEYS } from './AvatarStack.tsx';
import { HereCount, HereWords } from './HereCount.tsx';
import { PeopleBackground } from './PeopleBackground.tsx';
import { PeoplePanel } from './PeoplePanel.tsx';
import { ViewerStrip } from './ViewerStrip.tsx';

/** Who is in the room, and who may do what. */
export const people: Feature = {
  panels: [
    {
      id: 'people',
      title: 'People',
      side: 'right',
      order: 30,
      Content: PeoplePanel,
      keys: [PEOPLE_KEYS],
      size: { start: 260, least: 250, most: '40%' },
      phone: { icon: Users, order: 30, Count: HereCount },
    },
  ],
  header: [{ place: 'end', order: 30, Content: AvatarStack }],
  status: [{ place: 'end', order: 10, Content: HereWords }],
  notes: [{ place: 'strip', order: 20, Content: ViewerStrip }],
  Background: PeopleBackground,
};
