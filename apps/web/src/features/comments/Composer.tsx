import { LIMITS } from '@codesync/protocol';
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { Button } from '../../ui/Button.tsx';
import { INPUT } from '../../ui/TextField.tsx';
import { type DraftKey, draftsOf } from './drafts.ts';

/** So close to the limit, it is said how much is left. */
const NEAR = 200;

type ComposerProps = {
  label: string;
  placeholder?: string;
  /** What the button says. */
  action: string;
  /** Keeps what is typed under this name. */
  draft: DraftKey;
  /** What is there at first. */
  text?: string;
  /** Another object asks for the focus. */
  wanted?: object | null;
  /** It was sent; false keeps it. */
  onSend: (text: string) => boolean | Promise<boolean>;
  onCancel?: () => void;
};

/** A field for one comment. Enter sends it, Shift with Enter makes a line, Escape leaves it. */
export function Composer({
  label,
  placeholder,
  action,
  draft,
  text: begun = '',
  wanted,
  onSend,
  onCancel,
}: ComposerProps) {
  const drafts = draftsOf(useDesk());
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => drafts.get(draft) ?? begun);
  const [busy, setBusy] = useState(false);
  const left = LIMITS.commentUnits - text.trim().length;
  const sendable = text.trim() !== '' && left >= 0 && !busy;

  useLayoutEffect(() => {
    if (wanted) field.current?.focus();
  }, [wanted]);

  const write = (next: string) => {
    setText(next);
    drafts.set(draft, next);
  };
  const send = async () => {
    if (!sendable) return;
    setBusy(true);
    const done = await onSend(text.trim());
    setBusy(false);
    if (!done) return;
    drafts.forget(draft);
    setText('');
  };
  const cancel = () => {
    drafts.forget(draft);
    setText(begun);
    onCancel?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape' && onCancel !== undefined && text.trim() === begun.trim()) {
      event.preventDefault();
      cancel();
    }
  };

  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <textarea
        ref={field}
        data-sends
        id={id}
        rows={1}
        value={text}
        placeholder={placeholder}
        aria-describedby={left < NEAR ? `${id}-left` : undefined}
        aria-invalid={left < 0 || undefined}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        className={`${INPUT} block h-auto max-h-48 min-h-8 resize-none py-1.5 [field-sizing:content]`}
      />
      {left < NEAR && (
        <p id={`${id}-left`} className={left < 0 ? 'text-danger text-xs' : 'text-ink-3 text-xs'}>
          {left < 0 ? `${-left} characters too many.` : `${left} characters left.`}
        </p>
      )}
      {(text !== '' || onCancel !== undefined) && (
        <div className="flex justify-end gap-1.5">
          {onCancel !== undefined && (
            <Button variant="ghost" onClick={cancel}>
              Cancel
            </Button>
          )}
          <Button variant="primary" disabled={!sendable} busy={busy} onClick={() => void send()}>
            {action}
          </Button>
        </div>
      )}
    </div>
  );
}
