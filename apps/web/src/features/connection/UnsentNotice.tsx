import type { Notice as Unsent } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCopy } from '../../ui/hooks.ts';
import { Notice } from '../../ui/Notice.tsx';

type UnsentNoticeProps = {
  notice: Unsent;
  /** The reason has gone: for example, a viewer may edit by now. */
  past?: boolean;
  onDismiss?: () => void;
};

/** Edits, or a message, that the room did not take: why, and the way to keep what was typed. */
export function UnsentNotice({ notice, past = false, onDismiss }: UnsentNoticeProps) {
  const { copy, state } = useCopy();
  const kept = notice.typed ?? notice.text;
  return (
    <Notice
      tone="danger"
      {...(onDismiss === undefined ? {} : { onDismiss })}
      className="animate-rise border-line border-t"
      actions={
        kept !== null && (
          <Button onClick={() => void copy(kept)}>
            {state === 'copied' ? 'Copied' : notice.typed === null ? 'Copy my version' : 'Copy what I typed'}
          </Button>
        )
      }
    >
      <span className="font-medium">
        {notice.path !== null
          ? `An edit to ${notice.path} did not reach the room.`
          : notice.file === null && notice.typed !== null
            ? 'A message did not reach the chat.'
            : 'An edit did not reach the room.'}
      </span>{' '}
      <span className="text-ink-2">
        {past ? 'You can copy it, and put it in now.' : notice.error.message}
        {state === 'failed' && ' The browser refused to copy: try again.'}
      </span>
    </Notice>
  );
}
