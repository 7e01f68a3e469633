import type { ChatMessage, ParticipantId } from '@codesync/protocol';
import clsx from 'clsx';
import { CornerDownRight } from 'lucide-react';
import { memo, useState } from 'react';
import { useDesk, useOnline } from '../../desk/hooks.tsx';
import { useLetters, useRoom } from '../../desk/room.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { hourOf } from '../../ui/time.ts';
import { deleteMessage, goToPlace, messageOf } from './acts.ts';
import { Markdown } from './Markdown.tsx';
import { MessageTools } from './MessageTools.tsx';
import { mentions } from './mentions.ts';
import { Reactions } from './Reactions.tsx';
import type { ShownMessage } from './shown.ts';
import { useChat } from './state.ts';

type MessageProps = {
  message: ShownMessage;
  /** Who wrote it stands above it. */
  headed: boolean;
};

/** One message: who wrote it, what it says and points at, and what others set under it. */
export const Message = memo(function Message({ message, headed }: MessageProps) {
  const desk = useDesk();
  const you = useRoom((view) => view.you?.id ?? null);
  const editing = useChat((state) => state.editing === message.id);
  const [deleting, setDeleting] = useState(false);
  const { id, text, place, waiting } = message;
  const names = you !== null && mentions(text, you);
  return (
    <article
      aria-label={`Message of ${useName(message.by)}, ${hourOf(message.at)}`}
      className={clsx(
        'group relative flex gap-2.5 px-3 phone:pr-19',
        headed ? 'mt-2 pt-1 pb-0.5' : 'py-0.5',
        names || editing ? 'bg-accent-soft' : 'hover:bg-surface-2',
      )}
    >
      <div className="w-6 shrink-0">{headed && <Author by={message.by} />}</div>
      <div className={clsx('flex min-w-0 flex-1 flex-col gap-1', waiting && 'opacity-70')}>
        {headed && <Head message={message} />}
        {place !== null && <PlaceLink message={message} onGo={() => goToPlace(desk, { id, place })} />}
        <Markdown text={text} />
        <Foot message={message} />
        <Reactions message={message} you={you} />
      </div>
      {!(waiting && messageOf(desk, id) === undefined) && (
        <MessageTools message={message} own={message.by === you} onDelete={() => setDeleting(true)} />
      )}
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this message?"
        confirm="Delete"
        onConfirm={() => deleteMessage(desk, id)}
      >
        Nobody sees it any more. It cannot be brought back.
      </ConfirmDialog>
    </article>
  );
});

function useName(by: ParticipantId | null): string {
  return useRoom(({ room }) => (by === null ? undefined : room.members.get(by)?.name)) ?? 'Someone';
}

function Author({ by }: { by: ParticipantId | null }) {
  const member = useRoom(({ room }) => (by === null ? undefined : room.members.get(by)));
  const letters = useLetters();
  return member === undefined ? null : (
    <Avatar name={member.name} letters={letters.get(member.id)} hue={member.hue} />
  );
}

function Head({ message: { by, at, waiting } }: { message: ShownMessage }) {
  return (
    <div className="flex items-baseline gap-1.5">
      <span className="truncate font-medium">{useName(by)}</span>
      {!waiting && <time className="shrink-0 text-2xs text-ink-3 group-hover:text-ink-2">{hourOf(at)}</time>}
    </div>
  );
}

/** The file that a message points into, and the way there. */
function PlaceLink({ message, onGo }: { message: ChatMessage; onGo: () => void }) {
  const { file, path: then } = message.place!;
  const path = useRoom(({ room }) => room.files.get(file)?.path);
  if (path === undefined) {
    return <p className="truncate text-ink-3 text-xs">{then} (deleted)</p>;
  }
  return (
    <button
      type="button"
      onClick={onGo}
      title={`Go to this place in ${path}`}
      className="inline-flex max-w-full items-center gap-1 self-start rounded-sm text-accent text-xs hover:text-accent-hover phone:-my-2 phone:min-h-11"
    >
      <CornerDownRight size={12} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />
      <span className="truncate underline underline-offset-2">{path}</span>
    </button>
  );
}

function Foot({ message: { editedAt, waiting } }: { message: ShownMessage }) {
  const online = useOnline();
  if (waiting) {
    return (
      <p className="text-2xs text-ink-3">
        {online ? 'Sending…' : 'Kept on this device. It is sent when the connection is back.'}
      </p>
    );
  }
  return editedAt !== null && <p className="text-2xs text-ink-3">edited</p>;
}
