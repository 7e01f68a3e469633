import { MessageSquareText } from 'lucide-react';
import { useDesk, useSeenPanels } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { PANEL } from './acts.ts';
import { newestOf, useComments } from './desk-comments.ts';

/** Opens and closes the comments; a dot says that there are new ones. */
export function CommentsButton() {
  const desk = useDesk();
  const shown = useSeenPanels().has(PANEL);
  const count = useOpenCount();
  const unread = useUnread() && !shown;
  return (
    <IconButton
      label={`Comments: ${count} open${unread ? ', new ones' : ''}`}
      aria-expanded={shown}
      onClick={() => desk.toggle(PANEL)}
      className="relative max-[1180px]:hidden"
    >
      <MessageSquareText size={16} strokeWidth={1.5} />
      {unread && <Dot className="top-1 right-1" />}
    </IconButton>
  );
}

/** A phone's bar says it over the icon. */
export function UnreadMark() {
  if (!useUnread()) return null;
  return (
    <Dot className="top-2 left-[calc(50%+10px)]">
      <span className="sr-only">new comments</span>
    </Dot>
  );
}

function Dot({ className, children }: { className: string; children?: React.ReactNode }) {
  return <span className={`absolute size-2 rounded-full bg-accent ${className}`}>{children}</span>;
}

function useOpenCount(): number {
  return useRoom(({ room }) => {
    let count = 0;
    for (const { resolved } of room.threads.values()) if (resolved === null) count++;
    return count;
  });
}

function useUnread(): boolean {
  const seenAt = useComments((each) => each.seenAt);
  return useRoom(({ room, you }) => newestOf(room, you?.id ?? null) > seenAt);
}
