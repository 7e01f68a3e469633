import type { ChatMessage, MessageId } from '@codesync/protocol';
import { useLive, useRoom } from '../../desk/room.tsx';
import { type Channel, useChat } from './state.ts';

/** Whom this person reads and writes to, of those that there are for them, and what was said there. */
export function useChannel(): {
  readonly channel: Channel;
  readonly messages: ReadonlyMap<MessageId, ChatMessage>;
} {
  const isHost = useIsHost();
  const chosen = useChat((state) => state.channel);
  const everyone = useRoom(({ room }) => room.messages);
  const hosts = useLive((view) => view.hostMessages);
  const channel = isHost ? chosen : 'everyone';
  return { channel, messages: channel === 'hosts' ? hosts : everyone };
}

export function useIsHost(): boolean {
  return useRoom(({ you }) => you?.role === 'host');
}
