import { mayResolve } from '@codesync/room';
import clsx from 'clsx';
import { Check, CornerUpLeft, RotateCcw } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useLetters, useRoom } from '../../desk/room.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { ask, goTo, reply, toggleThread } from './acts.ts';
import { CommentItem } from './CommentItem.tsx';
import { Composer } from './Composer.tsx';
import { useComments, useUnsent } from './desk-comments.ts';
import type { Placed } from './places.ts';
import { Quote } from './Quote.tsx';
import { UnsentItem } from './UnsentThread.tsx';

/** A thread: a row that goes to its place, and, when it is the one that is looked at, all that was said. */
export function ThreadCard({ placed }: { placed: Placed }) {
  const { thread, path, range, line } = placed;
  const desk = useDesk();
  const members = useRoom(({ room }) => room.members);
  const letters = useLetters();
  const chosen = useComments((shown) => shown.chosen === thread.id);
  const wanted = useComments((shown) => (shown.chosen === thread.id ? shown.wanted : null));
  const waiting = useUnsent().some((each) => each.kind === 'reply' && each.thread === thread.id);
  const row = useRef<HTMLButtonElement>(null);
  const [first] = thread.comments;
  const by = first === undefined || first.by === null ? undefined : members.get(first.by);
  const name = by?.name ?? 'Somebody';
  const gone = range !== null && range.start === range.end && thread.quote !== '';
  const place = (
    <span className="shrink-0 tabular-nums">{range === null ? 'file deleted' : `line ${line}`}</span>
  );
  const answers = thread.comments.length - 1;

  useLayoutEffect(() => {
    if (!chosen) return;
    row.current?.scrollIntoView({ block: 'nearest' });
    if (wanted?.field === 'thread') row.current?.focus();
  }, [chosen, wanted]);

  return (
    <li
      className={clsx(
        'rounded-md border bg-surface-0 dark:bg-surface-2',
        chosen ? 'border-accent' : 'border-line hover:border-line-strong',
      )}
    >
      <button
        ref={row}
        type="button"
        data-thread-row=""
        aria-expanded={chosen}
        onClick={() => {
          // On a phone the code would take the place of the thread that is to be read.
          if (chosen || range === null || desk.phone()) toggleThread(desk, thread.id);
          else goTo(desk, placed);
        }}
        onKeyDown={walk}
        className="block w-full space-y-1 rounded-md p-2 text-left"
      >
        <span className="flex items-center gap-1.5 text-ink-3 text-xs">
          {!chosen && (
            <Avatar
              name={name}
              letters={by === undefined ? undefined : letters.get(by.id)}
              hue={by?.hue ?? 0}
              size="xs"
            />
          )}
          <span className={chosen ? 'sr-only' : 'min-w-0 truncate font-medium text-ink-1'}>{name}</span>
          {chosen && place}
          <span className="grow" />
          {gone && <span className="shrink-0">text deleted</span>}
          {!chosen && place}
        </span>
        <span className={chosen ? 'sr-only' : 'line-clamp-2 break-words text-sm'}>{first?.text}</span>
        {(answers > 0 || waiting) && (
          <span className={chosen ? 'sr-only' : 'block text-ink-3 text-xs'}>
            {answers > 0 && answersInWords(answers)}
            {waiting && <span className="text-warning"> not sent yet</span>}
          </span>
        )}
      </button>
      {chosen && <Opened placed={placed} path={path} gone={gone} wanted={wanted} />}
    </li>
  );
}

type OpenedProps = { placed: Placed; path: string; gone: boolean; wanted: { readonly field: string } | null };

function Opened({ placed, path, gone, wanted }: OpenedProps) {
  const { thread, range } = placed;
  const desk = useDesk();
  const room = useRoom((view) => view.room);
  const you = useRoom((view) => view.you);
  const unsent = useUnsent().filter((each) => each.kind === 'reply' && each.thread === thread.id);
  const decides = you !== null && mayResolve(room, you.id, thread);
  const resolved = thread.resolved !== null;
  const decide = async () => {
    const kind = resolved ? 'comment.reopen' : 'comment.resolve';
    // The card goes from this list, and its button with it.
    if (await ask(desk, { kind, thread: thread.id })) desk.focusHome();
  };
  const by = thread.resolved?.by ? room.members.get(thread.resolved.by)?.name : undefined;
  return (
    <div className="space-y-2.5 px-2 pb-2">
      <Quote text={thread.quote} path={path} gone={gone || range === null} />
      <ol className="space-y-2.5">
        {thread.comments.map((comment) => (
          <CommentItem key={comment.id} thread={thread} comment={comment} />
        ))}
        {unsent.map((each) => (
          <UnsentItem key={each.comment} unsent={each} />
        ))}
      </ol>
      {resolved && <p className="text-ink-3 text-xs">Resolved{by === undefined ? '' : ` by ${by}`}</p>}
      <Composer
        label={`Reply to ${thread.comments[0]?.text.slice(0, 60) ?? 'the thread'}`}
        placeholder="Reply"
        action="Reply"
        draft={`reply ${thread.id}`}
        wanted={wanted?.field === 'reply' ? wanted : null}
        onSend={(text) => {
          reply(desk, thread.id, text);
          return true;
        }}
      />
      <div className="flex flex-wrap gap-1.5">
        {decides && (
          <Button
            variant="ghost"
            icon={
              resolved ? <RotateCcw size={14} strokeWidth={1.5} /> : <Check size={14} strokeWidth={1.5} />
            }
            onClick={() => void decide()}
          >
            {resolved ? 'Reopen' : 'Resolve'}
          </Button>
        )}
        {range !== null && (
          <Button
            variant="ghost"
            icon={<CornerUpLeft size={14} strokeWidth={1.5} />}
            onClick={() => goTo(desk, placed)}
          >
            Go to line {placed.line}
          </Button>
        )}
      </div>
    </div>
  );
}

function answersInWords(count: number): string {
  return count === 1 ? '1 reply' : `${count} replies`;
}

/** Arrow keys go from thread to thread. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0) return;
  const panel = event.currentTarget.closest('section[aria-label="Comments"]');
  const rows = [...(panel?.querySelectorAll<HTMLElement>('[data-thread-row]') ?? [])];
  const next = rows[rows.indexOf(event.currentTarget) + by];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
