import { MediaKind } from '@codesync/protocol';
import { Phone } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { CallBackground } from './CallBackground.tsx';
import { CallButton, PhoneCallButton } from './CallButton.tsx';
import { CallStrip } from './CallStrip.tsx';
import { DevicesDialog } from './DevicesDialog.tsx';
import { JoinDialog } from './JoinDialog.tsx';
import { CALL_KEYS } from './keys.ts';
import { callOf, shownOf } from './state.ts';
import { turnWords } from './words.ts';

function commands(desk: Desk): readonly Command[] {
  const call = callOf(desk);
  const { phase, media } = call.status.getState();
  const inCall = phase === 'in';
  const others = desk.view().call.members.length > 0;
  return [
    {
      id: 'call',
      title: inCall ? 'Leave the call' : others ? 'Join the call' : 'Start a call',
      section: 'Room',
      order: 8,
      keys: [CALL_KEYS.call],
      enabled: true,
      menu: { group: 1, order: 5, icon: <Phone size={16} strokeWidth={1.5} /> },
      run: () => (inCall ? call.leave() : desk.openDialog('call')),
    },
    ...MediaKind.options.map(
      (kind, i): Command => ({
        id: `call.${kind}`,
        title: turnWords(kind, media[kind]),
        section: 'Room',
        order: 8.1 + i / 10,
        keys: [CALL_KEYS[kind]],
        enabled: inCall,
        run: () => void call.turn(kind, !media[kind]),
      }),
    ),
    {
      id: 'call.devices',
      title: 'Choose microphone and camera',
      section: 'Room',
      order: 8.4,
      enabled: inCall,
      run: () => desk.openDialog('call.devices'),
    },
    {
      id: 'call.tiles',
      title: 'Show or hide who is in the call',
      section: 'Room',
      order: 8.5,
      enabled: inCall,
      run: () => shownOf(desk).setState(({ collapsed }) => ({ collapsed: !collapsed })),
    },
  ];
}

/** Voice, camera and screen between the people of the room. */
export const call: Feature = {
  header: [
    { place: 'end', order: 35, Content: CallButton },
    { place: 'state', order: 90, Content: PhoneCallButton },
  ],
  notes: [{ place: 'foot', order: 25, Content: CallStrip }],
  dialogs: [
    { id: 'call', Content: JoinDialog },
    { id: 'call.devices', Content: DevicesDialog },
  ],
  commands,
  Background: CallBackground,
};
