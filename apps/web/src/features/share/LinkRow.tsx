import type { LinkRole } from '@codesync/protocol';
import clsx from 'clsx';
import { Check, Copy, Eye, Link2Off, Pencil } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { useCopy } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { INPUT } from '../../ui/TextField.tsx';

type LinkRowProps = {
  role: LinkRole;
  title: string;
  hint: string;
  /** Null: it is being fetched. */
  link: string | null;
  onRevoke: () => void;
};

const ICONS = { editor: Pencil, viewer: Eye } as const;

/** One link into the room, to be copied or revoked. */
export function LinkRow({ role, title, hint, link, onRevoke }: LinkRowProps) {
  const { copy, state } = useCopy();
  const Icon = ICONS[role];
  const edits = role === 'editor';
  return (
    <div className="py-2">
      <div className="mb-2 flex items-center gap-2.5">
        <span
          aria-hidden="true"
          className={clsx(
            'inline-flex size-8 shrink-0 items-center justify-center rounded-md',
            edits ? 'bg-accent text-on-accent' : 'border border-line-strong text-ink-2',
          )}
        >
          <Icon size={16} strokeWidth={1.5} />
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="font-medium">{title}</h3>
          <p className="text-ink-3 text-xs">{hint}</p>
        </div>
      </div>
      <div className="flex items-center gap-2">
        {link === null ? (
          <div className={`${INPUT} flex items-center gap-2 border-line text-ink-3`}>
            <Spinner /> Fetching the link
          </div>
        ) : (
          <input
            readOnly
            aria-label={title}
            value={link}
            onFocus={(event) => event.target.select()}
            className={`${INPUT} font-mono text-xs`}
          />
        )}
        <Button
          variant={edits ? 'primary' : 'secondary'}
          disabled={link === null}
          aria-label={`Copy ${title.toLowerCase()}`}
          onClick={() => void copy(link ?? '')}
          icon={
            state === 'copied' ? <Check size={14} strokeWidth={2} /> : <Copy size={14} strokeWidth={1.5} />
          }
          className="h-8 w-24"
        >
          {state === 'copied' ? 'Copied' : 'Copy'}
        </Button>
        <IconButton label={`Revoke ${title.toLowerCase()}`} disabled={link === null} onClick={onRevoke}>
          <Link2Off size={16} strokeWidth={1.5} />
        </IconButton>
      </div>
      <p role="status" className={state === 'failed' ? 'mt-1 text-danger text-xs' : 'sr-only'}>
        {state === 'failed' && 'The browser refused to copy. Select the link and copy it by hand.'}
        {state === 'copied' && 'Copied'}
      </p>
    </div>
  );
}
