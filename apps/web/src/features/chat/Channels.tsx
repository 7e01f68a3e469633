import clsx from 'clsx';
import { Lock } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { useLive, useRoom } from '../../desk/room.tsx';
import { unreadOf } from './shown.ts';
import { type Channel, chatOf, useChat } from './state.ts';
import { useChannel, useIsHost } from './useChannel.ts';

/** For hosts: whether they talk to everyone, or among themselves. */
export function Channels() {
  const isHost = useIsHost();
  const you = useRoom((view) => view.you?.id ?? null);
  const everyone = useRoom(({ room }) => room.messages);
  const hosts = useLive((view) => view.hostMessages);
  const readAt = useChat((state) => state.readAt);
  if (!isHost) return null;
  return (
    <fieldset className="mx-2 mb-1 grid shrink-0 grid-cols-2 rounded-md border border-line bg-surface-2 p-0.5">
      <legend className="sr-only">Who reads along</legend>
      <Choice of="everyone" unread={unreadOf(everyone.values(), readAt.everyone, you).length} />
      <Choice of="hosts" unread={unreadOf(hosts.values(), readAt.hosts, you).length} />
    </fieldset>
  );
}

function Choice({ of, unread }: { of: Channel; unread: number }) {
  const desk = useDesk();
  const chosen = useChannel().channel === of;
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={() => chatOf(desk).setState({ channel: of, editing: null })}
      className={clsx(
        'inline-flex h-6 items-center justify-center gap-1.5 rounded-sm text-xs phone:h-10',
        chosen ? 'bg-surface-0 font-medium text-ink-1 dark:bg-surface-3' : 'text-ink-2 hover:text-ink-1',
      )}
    >
      {of === 'hosts' && <Lock size={12} strokeWidth={1.5} aria-hidden="true" />}
      {of === 'hosts' ? 'Hosts only' : 'Everyone'}
      {!chosen && unread > 0 && (
        <span className="rounded-full bg-accent px-1.5 font-semibold text-[10px] text-on-accent">
          {unread}
          <span className="sr-only"> unread</span>
        </span>
      )}
    </button>
  );
}
