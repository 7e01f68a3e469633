import type { ChatMessage, MessageId, ParticipantId } from '@codesync/protocol';
import { useEffect, useRef } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useLive, useRoom } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { takeQuote } from './acts.ts';
import { playChime } from './sound.ts';
import { spokenMessages } from './spoken.ts';
import { useChat } from './state.ts';

/** Takes quotes into the chat, and tells of messages that come: aloud, and by a sound while nobody looks at them. */
export function ChatBackground() {
  const desk = useDesk();
  const everyone = useRoom(({ room }) => room.messages);
  const hosts = useLive((view) => view.hostMessages);
  const newest = newestOf(everyone, hosts);
  const you = useRoom((view) => view.you?.id ?? null);
  const ready = useRoom((view) => view.ready);
  const looking = useChat((state) => state.looking);
  const sound = useSettings((settings) => settings.chatSound);
  const spoken = useSettings((settings) => settings.sayMessages);
  /** Up to when there was something as the page came: that is no news. */
  const known = useRef<number | null>(null);

  useEffect(() => desk.onQuote((quote) => takeQuote(desk, quote)), [desk]);

  useEffect(() => {
    if (!ready) return;
    const before = known.current;
    known.current = Math.max(before ?? 0, newest?.at ?? 0);
    if (before === null || newest === undefined || newest.at <= before) return;
    if (newest.by !== you && !looking && sound) playChime();
    const { room } = desk.view();
    const nameOf = (id: ParticipantId | null) =>
      (id === null ? undefined : room.members.get(id)?.name) ?? 'Somebody';
    for (const [messages, isHosts] of [
      [everyone, false],
      [hosts, true],
    ] as const) {
      const sentences = spokenMessages(messages, before, { spoken, you, hosts: isHosts }, nameOf);
      for (const sentence of sentences) desk.announcer.say(sentence);
    }
  }, [desk, ready, newest, everyone, hosts, you, looking, sound, spoken]);
  return null;
}

type Messages = ReadonlyMap<MessageId, ChatMessage>;

function newestOf(...lists: readonly Messages[]): ChatMessage | undefined {
  return lists
    .flatMap((messages) => [...messages.values()].at(-1) ?? [])
    .toSorted((a, b) => a.at - b.at)
    .at(-1);
}
