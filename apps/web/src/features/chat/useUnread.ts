import { useMemo } from 'react';
import { useLive, useRoom } from '../../desk/room.tsx';
import { mentions } from './mentions.ts';
import { unreadOf } from './shown.ts';
import { useChat } from './state.ts';

/** How many messages of others this person has not seen, and whether one of them names this person. */
export function useUnread(): { readonly count: number; readonly named: boolean } {
  const messages = useRoom(({ room }) => room.messages);
  const hostMessages = useLive((view) => view.hostMessages);
  const you = useRoom((view) => view.you?.id ?? null);
  const readAt = useChat((state) => state.readAt);
  return useMemo(() => {
    const unread = [
      ...unreadOf(messages.values(), readAt.everyone, you),
      ...unreadOf(hostMessages.values(), readAt.hosts, you),
    ];
    return { count: unread.length, named: you !== null && unread.some(({ text }) => mentions(text, you)) };
  }, [messages, hostMessages, readAt, you]);
}
