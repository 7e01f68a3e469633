// What this person has begun to say, and how far they have read.
import type { ChatPlace, MessageId, RoomId } from '@codesync/protocol';
import { createStore, useStore } from 'zustand';
import { perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { recall, remember } from '../../storage.ts';

export type Channel = 'everyone' | 'hosts';

type ChatState = {
  readonly draft: string;
  /** What the draft is about. */
  readonly place: ChatPlace | null;
  /** The message that is being changed; null: the draft is a new one. */
  readonly editing: MessageId | null;
  /** Grows when the draft is to have the focus. */
  readonly wanted: number;
  /** Whom one reads and writes to; whoever is no host has everyone. */
  readonly channel: Channel;
  /** All messages up to then were seen, Unix milliseconds by the server's clock. */
  readonly readAt: Readonly<Record<Channel, number>>;
  /** The end of the list is in sight. */
  readonly looking: boolean;
};

export const chatOf = perDesk((desk) =>
  createStore<ChatState>(() => ({
    draft: '',
    place: null,
    editing: null,
    wanted: 0,
    channel: 'everyone',
    readAt: recall(keyOf(desk.view().id), storedReadAt, { everyone: 0, hosts: 0 }),
    looking: false,
  })),
);

export function useChat<T>(select: (state: ChatState) => T): T {
  return useStore(chatOf(useDesk()), select);
}

/** Everything up to `at` was seen. */
export function markRead(store: ReturnType<typeof chatOf>, room: RoomId, channel: Channel, at: number): void {
  const before = store.getState().readAt;
  if (at <= before[channel]) return;
  const readAt = { ...before, [channel]: at };
  store.setState({ readAt });
  remember(keyOf(room), readAt);
}

function storedReadAt(value: unknown): ChatState['readAt'] {
  const { everyone, hosts } = Object(value);
  return { everyone: Number(everyone) || 0, hosts: Number(hosts) || 0 };
}

function keyOf(room: RoomId): string {
  return `codesync.chat.${room}`;
}
