import { CheckCheck, MessageSquarePlus } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { shown as keysShown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { commentHere, open } from './acts.ts';
import { Composer } from './Composer.tsx';
import { commentsOf, pathOf, seeAll, useComments, useUnsent } from './desk-comments.ts';
import { COMMENT_KEYS } from './keys.ts';
import { byFile } from './places.ts';
import { Quote } from './Quote.tsx';
import { ThreadCard } from './ThreadCard.tsx';
import { UnsentThread } from './UnsentThread.tsx';

/** The threads of comments, by file; the one that is looked at is open. */
export function CommentsPanel({ onClose }: PanelProps) {
  const desk = useDesk();
  const threads = useRoom(({ room }) => room.threads);
  const placed = useComments((shown) => shown.placed);
  const resolved = useComments((shown) => shown.resolved);
  const unsent = useUnsent();
  const groups = useMemo(
    () => byFile(placed.filter(({ thread }) => (thread.resolved !== null) === resolved)),
    [placed, resolved],
  );
  const waiting = unsent.filter((each) => each.kind === 'open');

  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes while this is open is seen
  useEffect(() => seeAll(desk), [desk, threads]);

  return (
    <section aria-label="Comments" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="Comments" {...(onClose === undefined ? {} : { onClose })}>
        <IconButton
          label="Show resolved comments"
          pressed={resolved}
          onClick={() => commentsOf(desk).setState({ resolved: !resolved })}
        >
          <CheckCheck size={16} strokeWidth={1.5} />
        </IconButton>
        <IconButton
          label="Comment on the selection"
          shortcut={keysShown(COMMENT_KEYS, desk.mac)}
          onClick={() => commentHere(desk)}
        >
          <MessageSquarePlus size={16} strokeWidth={1.5} />
        </IconButton>
      </PanelHeader>
      <div className="min-h-0 flex-1 space-y-3 overflow-y-auto px-2 pb-3">
        <NewThread />
        {!resolved && waiting.map((each) => <UnsentThread key={each.comment} unsent={each} />)}
        {groups.map(({ file, path, gone, threads: all }) => (
          <section key={file} aria-label={path}>
            <h3 className="flex items-baseline gap-1.5 px-1 pb-1 text-ink-3 text-xs">
              <span className="truncate" title={path}>
                {path}
              </span>
              {gone && <span className="shrink-0">· deleted</span>}
            </h3>
            <ul className="space-y-1.5">
              {all.map((each) => (
                <ThreadCard key={each.thread.id} placed={each} />
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && waiting.length === 0 && <Nothing resolved={resolved} />}
      </div>
    </section>
  );
}

/** The field for a thread that is about to be begun, below what it is about. */
function NewThread() {
  const desk = useDesk();
  const beginning = useComments((shown) => shown.beginning);
  const wanted = useComments((shown) => (shown.wanted?.field === 'new' ? shown.wanted : null));
  const room = useRoom((view) => view.room);
  if (beginning === null) return null;
  const path = pathOf(room, beginning.file);
  return (
    <section
      aria-label="New comment"
      className="space-y-2 rounded-md border border-accent bg-surface-0 p-2 dark:bg-surface-2"
    >
      <Quote text={beginning.quote} path={path} />
      <Composer
        label={`Comment on ${path}`}
        placeholder="Write a comment"
        action="Comment"
        draft="new"
        wanted={wanted}
        onSend={(text) => {
          open(desk, text);
          return true;
        }}
        onCancel={() => {
          commentsOf(desk).setState({ beginning: null });
          desk.focusHome();
        }}
      />
    </section>
  );
}

function Nothing({ resolved }: { resolved: boolean }) {
  const desk = useDesk();
  const beginning = useComments((shown) => shown.beginning);
  if (beginning !== null) return null;
  return (
    <p className="px-1 pt-1 text-ink-3 text-xs">
      {resolved ? 'No comment is resolved yet.' : 'No open comments.'}
      {!resolved && (
        <span className="phone:hidden">
          {' '}
          Select code and press {keysShown(COMMENT_KEYS, desk.mac)}, or press beside a line.
        </span>
      )}
    </p>
  );
}
