import type { LinkRole, LinksReply, Refusal, RoomId } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { at } from '../../base.ts';
import { useCommand, useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { linkPath } from '../../link.ts';
import type { CommandResult } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { LinkRow } from './LinkRow.tsx';
import { reachWords } from './reach.ts';

const LINKS: readonly { readonly role: LinkRole; readonly title: string; readonly hint: string }[] = [
  { role: 'editor', title: 'Link for editing', hint: 'Whoever opens it can type and run.' },
  { role: 'viewer', title: 'Link for viewing', hint: 'Whoever opens it reads along and can ask to edit.' },
];

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'links'; readonly links: LinksReply['links'] };

/** The whole address of a link. */
function linkTo(room: RoomId, role: LinkRole, secret: string): string {
  return `${location.origin}${at(linkPath(room, role, secret).slice(1))}`;
}

/** The links into the room, and the door; only hosts see and make links. */
export function HostLinks({ onDone }: { onDone: () => void }) {
  const desk = useDesk();
  const command = useCommand();
  const roomId = useRoom((view) => view.id);
  const locked = useRoom(({ room }) => room.locked);
  const generations = useRoom(({ room }) => room.links);
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' });
  const [refused, setRefused] = useState<Refusal | null>(null);
  const [revoking, setRevoking] = useState<LinkRole | null>(null);
  const [attempt, setAttempt] = useState(0);

  // The secrets change with each generation, whoever revokes a link.
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
            link={loaded.kind === 'links' ? linkTo(roomId, role, loaded.links[role]) : null}
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
            onDone();
            desk.show('people');
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
