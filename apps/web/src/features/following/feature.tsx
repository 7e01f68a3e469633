import { mayLead } from '@codesync/room';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { followingOf } from '../../desk/following.ts';
import { FOLLOW, FollowDialog } from './FollowDialog.tsx';
import { FollowFrame } from './FollowFrame.tsx';
import { FollowScreen } from './FollowScreen.ts';
import { LeadStrip } from './LeadStrip.tsx';
import { othersHere } from './people.ts';
import { SummonsStrip } from './SummonsStrip.tsx';

/** Keys that begin to follow, and end it. */
const FOLLOW_KEYS = 'alt+l';

/** Commands that there is one of for each person come behind the others of their section. */
const EACH_FOLLOW = 1_000;
const EACH_BRING = 2_000;

function commands(desk: Desk): readonly Command[] {
  const { room, you, leading } = desk.view();
  const following = followingOf(desk);
  const { now } = following.state.getState();
  const others = othersHere(room.members.values(), you?.id ?? null);
  const leads = leading !== null && leading.by === you?.id;
  const file = desk.active();
  const entry = file === null ? undefined : room.files.get(file);
  const brings = desk.may('edit') && entry?.blob === null && others.length > 0;
  const section = 'People';
  return [
    {
      id: 'follow',
      title: now === null ? 'Follow somebody…' : 'Stop following',
      section,
      order: 10,
      keys: [FOLLOW_KEYS],
      enabled: now !== null || others.length > 0,
      run: () => {
        if (now !== null) following.stop();
        else if (others.length === 1) following.follow(others[0]!.id);
        else desk.openDialog(FOLLOW);
      },
    },
    {
      id: 'follow.lead',
      title: leads ? 'Stop leading' : 'Ask everyone to follow me',
      section,
      order: 20,
      enabled: you !== null && mayLead(room, you.id) && (leads || others.length > 0),
      run: () => void following.lead(!leads),
    },
    {
      id: 'follow.bring',
      title: 'Ask everyone to come to this line',
      section,
      order: 30,
      enabled: brings,
      run: () => void following.bring(null),
    },
    ...others.map(
      ({ id, name }, i) =>
        ({
          id: `follow.${id}`,
          title: `Follow ${name}`,
          section,
          order: EACH_FOLLOW + i,
          enabled: now?.who !== id,
          run: () => following.follow(id),
        }) as const,
    ),
    ...others.map(
      ({ id, name }, i) =>
        ({
          id: `follow.bring.${id}`,
          title: `Ask ${name} to come to this line`,
          section,
          order: EACH_BRING + i,
          enabled: brings,
          run: () => void following.bring(id),
        }) as const,
    ),
  ];
}

/** Going along with another person's screen, and asking others to come. */
export const following: Feature = {
  notes: [
    { place: 'strip', order: 12, Content: LeadStrip },
    { place: 'strip', order: 14, Content: SummonsStrip },
    { place: 'frame', order: 10, Content: FollowFrame },
  ],
  dialogs: [{ id: FOLLOW, Content: FollowDialog }],
  commands,
  Background: FollowScreen,
};
