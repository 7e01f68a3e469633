import { Bell, BellOff } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { useLive, useRoom } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { Channels } from './Channels.tsx';
import { Composer } from './Composer.tsx';
import { MessageList } from './MessageList.tsx';
import { shownMessages } from './shown.ts';
import { useChannel } from './useChannel.ts';

/** What people of the room say to each other. */
export function ChatPanel({ onClose }: PanelProps) {
  const { channel, messages } = useChannel();
  const files = useRoom(({ room }) => room.files);
  const you = useRoom((view) => view.you?.id ?? null);
  const unsent = useLive((view) => view.unsent);
  const { chatSound, set } = useSettings();
  // What is not sent yet counts as said when this began to be shown.
  const [now] = useState(Date.now);
  const shown = useMemo(
    () =>
      shownMessages({ messages, files }, unsent, channel === 'hosts', you, Math.max(now, lastAt(messages))),
    [messages, files, unsent, channel, you, now],
  );
  return (
    <section aria-label="Chat" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="Chat" {...(onClose === undefined ? {} : { onClose })}>
        <IconButton
          label={chatSound ? 'Turn the sound off' : 'Turn the sound on'}
          onClick={() => set({ chatSound: !chatSound })}
        >
          {chatSound ? <Bell size={16} strokeWidth={1.5} /> : <BellOff size={16} strokeWidth={1.5} />}
        </IconButton>
      </PanelHeader>
      <Channels />
      <MessageList key={channel} messages={shown} channel={channel} />
      <Composer messages={shown} channel={channel} />
    </section>
  );
}

function lastAt(messages: ReadonlyMap<unknown, { readonly at: number }>): number {
  return [...messages.values()].at(-1)?.at ?? 0;
}
