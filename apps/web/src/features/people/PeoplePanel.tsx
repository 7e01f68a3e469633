import type { FileId, Member, ParticipantId, RefusalCode, Role } from '@codesync/protocol';
import { may, type Refusal } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { Ellipsis, UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { CommandResult, RoomSource, RoomView } from '../../room-source/types.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, MenuChoice, MenuHeading, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { peopleInOrder, ROLE_WORDS } from './words.ts';

const ROLE_OPTIONS = (['host', 'editor', 'viewer'] as const).map((role) => ({
  value: role,
  label: ROLE_WORDS[role].label,
  hint: ROLE_WORDS[role].may,
}));

type PeoplePanelProps = {
  room: RoomState;
  you: RoomView['you'];
  letters: ReadonlyMap<ParticipantId, string>;
  lost: RoomView['lost'];
  whereabouts: RoomView['whereabouts'];
  command: RoomSource['command'];
  /** Whether what a refusal said is so now. */
  isStill: (code: RefusalCode) => boolean;
  onOpenFile: (file: FileId) => void;
  onShare: () => void;
  onClose?: () => void;
};

/** Who is in the room, as what, and where; the host decides here who may do what. */
export function PeoplePanel({
  room,
  you,
  letters,
  lost,
  whereabouts,
  command,
  isStill,
  onOpenFile,
  onShare,
  onClose,
}: PeoplePanelProps) {
  const [refused, setRefused] = useState<Refusal | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const { here, away } = peopleInOrder(room.members.values(), you?.id ?? null);
  const host = you !== null && may(you.role, 'member.role');
  const asking = host ? here.filter((member) => member.asking) : [];

  const send = async (answer: Promise<CommandResult>) => {
    const result = await answer;
    setRefused(result.ok ? null : result.error);
  };
  const setRole = (participant: ParticipantId, role: Role) =>
    void send(command({ kind: 'member.role', participant, role }));

  const row = (member: Member) => (
    <PersonRow
      key={member.id}
      member={member}
      letters={letters.get(member.id)}
      isYou={member.id === you?.id}
      lost={member.here && member.id !== you?.id && lost.has(member.id)}
      where={member.id === you?.id || !member.here ? null : whereOf(room, whereabouts.get(member.id))}
      manage={
        host ? { setRole: (role) => setRole(member.id, role), remove: () => setRemoving(member) } : null
      }
      onOpenFile={onOpenFile}
    />
  );

  return (
    <section aria-label="People" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="People" {...(onClose === undefined ? {} : { onClose })}>
        <IconButton label="Invite people" onClick={onShare}>
          <UserPlus size={16} strokeWidth={1.5} />
        </IconButton>
      </PanelHeader>
      <div className="min-h-0 flex-1 overflow-y-auto pb-3">
        {refused !== null && isStill(refused.code) && (
          <Notice tone="danger" onDismiss={() => setRefused(null)} className="mx-2 mb-2 rounded-md">
            {refused.message}
          </Notice>
        )}
        {asking.map((member) => (
          <div
            key={member.id}
            role="status"
            className="mx-2 mb-2 rounded-md border border-line bg-surface-0 p-2.5 dark:bg-surface-2"
          >
            <div className="flex items-center gap-2">
              <Avatar name={member.name} letters={letters.get(member.id)} hue={member.hue} />
              <p className="min-w-0 flex-1">
                <span className="font-medium">{member.name}</span> asks to edit
              </p>
            </div>
            <div className="mt-2 flex gap-2 pl-8">
              <Button
                variant="primary"
                onClick={() => setRole(member.id, 'editor')}
                aria-label={`Grant ${member.name}`}
              >
                Grant
              </Button>
              <Button onClick={() => setRole(member.id, 'viewer')} aria-label={`Decline ${member.name}`}>
                Decline
              </Button>
            </div>
          </div>
        ))}
        <ul aria-label="Here now">{here.map(row)}</ul>
        {here.length <= 1 && (
          <div className="px-3 pt-2">
            <p className="text-ink-3 text-xs">You are the only one here. Send a link to work together.</p>
            <Button onClick={onShare} className="mt-2" icon={<UserPlus size={14} strokeWidth={1.5} />}>
              Invite
            </Button>
          </div>
        )}
        {away.length > 0 && (
          <>
            <h3 className="px-3 pt-4 pb-1 text-ink-3 text-xs">Were here</h3>
            <ul aria-label="Were here">{away.map(row)}</ul>
          </>
        )}
      </div>
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => {
          if (!open) setRemoving(null);
        }}
        title={`Remove ${removing?.name ?? ''}?`}
        confirm="Remove"
        onConfirm={() => {
          if (removing !== null) void send(command({ kind: 'member.remove', participant: removing.id }));
        }}
      >
        They leave the room at once and cannot come back with the links they have. What they wrote stays.
      </ConfirmDialog>
    </section>
  );
}

type Where = { readonly file: FileId; readonly path: string };

function whereOf(room: RoomState, file: FileId | undefined): Where | null {
  const entry = file === undefined ? undefined : room.files.get(file);
  return entry === undefined ? null : { file: entry.id, path: entry.path };
}

type PersonRowProps = {
  member: Member;
  letters: string | undefined;
  isYou: boolean;
  lost: boolean;
  where: Where | null;
  manage: { setRole: (role: Role) => void; remove: () => void } | null;
  onOpenFile: (file: FileId) => void;
};

function PersonRow({ member, letters, isYou, lost, where, manage, onOpenFile }: PersonRowProps) {
  return (
    <li className="group flex min-h-10 items-center gap-2.5 px-3 hover:bg-surface-2 phone:min-h-14">
      <Avatar name={member.name} letters={letters} hue={member.hue} here={member.here || isYou} lost={lost} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-1.5">
          <span className="truncate">{member.name}</span>
          {isYou && <span className="shrink-0 text-ink-3 text-xs group-hover:text-ink-2">you</span>}
        </div>
        <div className="truncate text-ink-3 text-xs group-hover:text-ink-2">
          {ROLE_WORDS[member.role].label}
          {lost && ' · Connection lost'}
          {where !== null && (
            <>
              {' in '}
              <button
                type="button"
                onClick={() => onOpenFile(where.file)}
                title={`Go to ${where.path}`}
                className="rounded-sm text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-ink-1"
              >
                {where.path}
              </button>
            </>
          )}
        </div>
      </div>
      {manage !== null && (
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              aria-label={`Manage ${member.name}`}
              className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-surface-3 hover:text-ink-1 group-hover:text-ink-2 phone:size-11"
            >
              <Ellipsis size={16} strokeWidth={1.5} aria-hidden="true" />
            </button>
          }
        >
          <MenuHeading>Role of {member.name}</MenuHeading>
          <MenuChoice<Role> value={member.role} onChange={manage.setRole} options={ROLE_OPTIONS} />
          {!isYou && (
            <>
              <MenuLine />
              <MenuItem danger onSelect={manage.remove} icon={<UserMinus size={16} strokeWidth={1.5} />}>
                Remove from room…
              </MenuItem>
            </>
          )}
        </Menu>
      )}
    </li>
  );
}
