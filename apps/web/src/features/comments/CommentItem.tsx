import type { Comment, Thread } from '@codesync/protocol';
import { mayDeleteComment } from '@codesync/room';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useLetters, useRoom } from '../../desk/room.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { useNow } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, MenuItem } from '../../ui/Menu.tsx';
import { ago } from '../../ui/time.ts';
import { ask } from './acts.ts';
import { Composer } from './Composer.tsx';

const MINUTE_MS = 60_000;

/** One comment, and what its reader may do with it. */
export function CommentItem({ thread, comment }: { thread: Thread; comment: Comment }) {
  const desk = useDesk();
  const room = useRoom((view) => view.room);
  const you = useRoom((view) => view.you);
  const letters = useLetters();
  const now = useNow(MINUTE_MS, true);
  const [editing, setEditing] = useState<object | null>(null);
  const by = comment.by === null ? undefined : room.members.get(comment.by);
  const name = by?.name ?? 'Somebody';
  const own = you !== null && comment.by === you.id;
  const deletes = you !== null && mayDeleteComment(room, you.id, comment);
  const of = { thread: thread.id, comment: comment.id };
  return (
    <li className="flex gap-2">
      <Avatar
        name={name}
        letters={by === undefined ? undefined : letters.get(by.id)}
        hue={by?.hue ?? 0}
        size="sm"
      />
      <div className="min-w-0 flex-1">
        <div className="flex min-h-6 items-center gap-1.5">
          <span className="min-w-0 truncate font-medium text-sm">{name}</span>
          <span className="shrink-0 text-ink-3 text-xs">
            {ago(comment.at, Math.max(now, comment.at))}
            {comment.editedAt !== null && ' · edited'}
          </span>
          <span className="grow" />
          {(own || deletes) && (
            <Menu
              align="end"
              trigger={
                <IconButton label={`More about the comment of ${name}`} className="!size-6 phone:!size-11">
                  <Ellipsis size={14} strokeWidth={1.5} />
                </IconButton>
              }
            >
              {own && (
                <MenuItem icon={<Pencil size={16} strokeWidth={1.5} />} onSelect={() => setEditing({})}>
                  Edit
                </MenuItem>
              )}
              {deletes && (
                <MenuItem
                  icon={<Trash2 size={16} strokeWidth={1.5} />}
                  danger
                  onSelect={() => void ask(desk, { kind: 'comment.delete', ...of })}
                >
                  Delete
                </MenuItem>
              )}
            </Menu>
          )}
        </div>
        {editing === null ? (
          <p className="whitespace-pre-wrap break-words text-sm">{comment.text}</p>
        ) : (
          <Composer
            label="Your comment"
            action="Save"
            draft={`edit ${comment.id}`}
            text={comment.text}
            wanted={editing}
            onSend={async (text) => {
              const done = text === comment.text || (await ask(desk, { kind: 'comment.edit', ...of, text }));
              if (done) setEditing(null);
              return done;
            }}
            onCancel={() => setEditing(null)}
          />
        )}
      </div>
    </li>
  );
}
