import { MessagesSquare } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { quoteSelection } from './acts.ts';
import { ChatBackground } from './ChatBackground.tsx';
import { CHAT_KEYS, ChatButton, UnreadMark } from './ChatButton.tsx';
import { ChatPanel } from './ChatPanel.tsx';
import { chatOf } from './state.ts';

function commands(desk: Desk): readonly Command[] {
  const file = desk.active();
  const entry = file === null ? undefined : desk.view().room.files.get(file);
  return [
    {
      id: 'chat.write',
      title: 'Write a message',
      section: 'Room',
      order: 5,
      enabled: desk.may('chat.send'),
      run: () => {
        desk.show('chat');
        chatOf(desk).setState(({ wanted }) => ({ wanted: wanted + 1 }));
      },
    },
    {
      id: 'chat.selection',
      title: 'Send the selection to the chat',
      section: 'Room',
      order: 7,
      keys: ['alt+q'],
      enabled: desk.may('chat.send') && entry?.blob === null,
      run: () => void quoteSelection(desk),
    },
  ];
}

/** What people of the room say to each other. */
export const chat: Feature = {
  panels: [
    {
      id: 'chat',
      title: 'Chat',
      side: 'right',
      order: 35,
      Content: ChatPanel,
      keys: [CHAT_KEYS],
      size: { start: 300, least: 250, most: '45%' },
      phone: { icon: MessagesSquare, order: 35, Mark: UnreadMark },
    },
  ],
  header: [{ place: 'end', order: 28, Content: ChatButton }],
  commands,
  Background: ChatBackground,
};
