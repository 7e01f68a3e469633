import type { LinkRole, LinksReply, Member, Refusal } from '@codesync/protocol';
import clsx from 'clsx';
import { Check, Copy, Eye, Link2Off, Pencil } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import type { CommandResult, RoomSource } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/Dialog.tsx';
import { useCopy } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { INPUT } from '../../ui/TextField.tsx';
import { reachWords } from './reach.ts';

const LINKS: readonly { readonly role: LinkRole; readonly title: string; readonly hint: string }[] = [
  { role: 'editor', title: 'Link for editing', hint: 'Whoever opens it can type and run.' },
  { role: 'viewer', title: 'Link for viewing', hint: 'Whoever opens it reads along and can ask to edit.' },
];

type ShareDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  roomId: string;
  /** Only hosts see and make links. */
  host: boolean;
  hosts: readonly Member[];
  locked: boolean;
  /** Changes when a link is revoked, by anyone. */
  generations: Readonly<Record<LinkRole, number>>;
  linkTo: (role: LinkRole, secret: string) => string;
  command: RoomSource['command'];
  onShowPeople: () => void;
};

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'links'; readonly links: LinksReply['links'] };

/** The links into the room, and the door. */
export function ShareDialog(props: ShareDialogProps) {
  const { open, onOpenChange, host, hosts } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Share this room"
      description={host ? 'Anyone with a link can come in, until you revoke it.' : undefined}
    >
      {host ? <HostLinks {...props} /> : <AskHost hosts={hosts} />}
    </Dialog>
  );
}

function AskHost({ hosts }: { hosts: readonly Member[] }) {
  const here = hosts.filter((member) => member.here);
  const named = (here.length > 0 ? here : hosts).map(({ name }) => name);
  return (
    <p className="text-base text-ink-2">
      Only the host gives out links to this room.{' '}
      {named.length === 0 ? (
        'Ask the person who sent you yours.'
      ) : (
        <>
          Ask <span className="font-medium text-ink-1">{named.join(' or ')}</span>
          {here.length > 0 ? ', who is here now.' : ', who is not here just now.'}
        </>
      )}
    </p>
  );
}

function HostLinks({
  roomId,
  locked,
  generations,
  linkTo,
  command,
  onOpenChange,
  onShowPeople,
}: ShareDialogProps) {
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' });
  const [refused, setRefused] = useState<Refusal | null>(null);
  const [revoking, setRevoking] = useState<LinkRole | null>(null);
  const [attempt, setAttempt] = useState(0);

  // The secrets change with each generation.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for each generation and attempt
  useEffect(() => {
    let current = true;
    void api.links(roomId).then((reply) => {
      if (!current) return;
      setLoaded(
        reply.ok
          ? { kind: 'links', links: reply.value.links }
          : { kind: 'failed', message: reply.error.message },
      );
    });
    return () => {
      current = false;
    };
  }, [roomId, generations.editor, generations.viewer, attempt]);

  const send = async (answer: Promise<CommandResult>) => {
    const result = await answer;
    setRefused(result.ok ? null : result.error);
  };

  const reach = reachWords(location.hostname);
  return (
    <>
      {reach !== null && (
        <Notice tone="warning" className="mb-3 items-start! rounded-md py-2!">
          <p className="font-medium">{reach.title}</p>
          <p className="mt-0.5 text-ink-2 text-xs">{reach.detail}</p>
        </Notice>
      )}
      {refused !== null && (
        <Notice tone="danger" onDismiss={() => setRefused(null)} className="mb-3 rounded-md">
          {refused.message}
        </Notice>
      )}
      {loaded.kind === 'failed' ? (
        <Notice
          tone="danger"
          className="rounded-md"
          actions={
            <Button
              onClick={() => {
                setLoaded({ kind: 'loading' });
                setAttempt(attempt + 1);
              }}
            >
              Try again
            </Button>
          }
        >
          {loaded.message}
        </Notice>
      ) : (
        LINKS.map(({ role, title, hint }) => (
          <LinkRow
            key={role}
            role={role}
            title={title}
            hint={hint}
            link={loaded.kind === 'links' ? linkTo(role, loaded.links[role]) : null}
            onRevoke={() => setRevoking(role)}
          />
        ))
      )}
      <div className="mt-4 flex items-center gap-4 border-line border-t pt-4">
        <div className="min-w-0 flex-1">
          <p className="font-medium">{locked ? 'Closed to newcomers' : 'Open to newcomers'}</p>
          <p className="text-ink-2 text-xs">
            {locked
              ? 'Links admit nobody new. Those who were here come and go as before.'
              : 'Everyone with a link can come in.'}
          </p>
        </div>
        <Button onClick={() => void send(command({ kind: 'room.lock', locked: !locked }))}>
          {locked ? 'Open to newcomers' : 'Close to newcomers'}
        </Button>
      </div>
      <div className="mt-4 flex items-center gap-4 border-line border-t pt-4">
        <p className="min-w-0 flex-1 text-ink-2 text-xs">
          Change what someone may do, or remove them, in the people panel.
        </p>
        <Button
          variant="ghost"
          onClick={() => {
            onOpenChange(false);
            onShowPeople();
          }}
        >
          People and roles
        </Button>
      </div>
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(isOpen) => {
          if (!isOpen) setRevoking(null);
        }}
        title={`Revoke the link for ${revoking === 'editor' ? 'editing' : 'viewing'}?`}
        confirm="Revoke"
        onConfirm={() => {
          if (revoking !== null) void send(command({ kind: 'link.revoke', role: revoking }));
        }}
      >
        The link stops working for everyone who has it, and a new one takes its place. People who are in the
        room stay.
      </ConfirmDialog>
    </>
  );
}

type LinkRowProps = {
  role: LinkRole;
  title: string;
  hint: string;
  link: string | null;
  onRevoke: () => void;
};

const ICONS = { editor: Pencil, viewer: Eye } as const;

function LinkRow({ role, title, hint, link, onRevoke }: LinkRowProps) {
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
