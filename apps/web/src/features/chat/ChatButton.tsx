import { MessagesSquare } from 'lucide-react';
import { useDesk, useSeenPanels } from '../../desk/hooks.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { useUnread } from './useUnread.ts';

/** Keys that open and close the chat. */
export const CHAT_KEYS = 'alt+m';

/** Opens and closes the chat, and says how much in it was not seen. */
export function ChatButton() {
  const desk = useDesk();
  const { count, named } = useUnread();
  const open = useSeenPanels().has('chat');
  const words = count === 0 ? 'Chat' : `Chat: ${count} unread${named ? ', you are named' : ''}`;
  return (
    <IconButton
      label={words}
      shortcut={shown(CHAT_KEYS, desk.mac)}
      aria-expanded={open}
      className="relative"
      onClick={() => desk.toggle('chat')}
    >
      <MessagesSquare size={16} strokeWidth={1.5} />
      {count > 0 && <Badge count={count} className="-top-0.5 -right-1" />}
    </IconButton>
  );
}

/** Over the icon of a phone's bar. */
export function UnreadMark() {
  const { count } = useUnread();
  return count > 0 && <Badge count={count} className="top-1.5 left-1/2 ml-1.5" />;
}

function Badge({ count, className }: { count: number; className: string }) {
  return (
    <span
      className={`absolute inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 font-semibold text-[10px] text-on-accent leading-none ${className}`}
    >
      {count > 99 ? '99+' : count}
      <span className="sr-only"> unread</span>
    </span>
  );
}
