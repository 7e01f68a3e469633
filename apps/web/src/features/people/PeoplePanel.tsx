import { type Member, may, type ParticipantId, type Refusal, type Role } from '@codesync/protocol';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { followingOf, useFollowing } from '../../desk/following.ts';
import { useCommand, useDesk, useNotes } from '../../desk/hooks.tsx';
import { useLetters, useLive, useMay, useRoom } from '../../desk/room.tsx';
import { isStill } from '../../room-source/still.ts';
import type { CommandResult } from '../../room-source/types.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { PersonRow, whereOf } from './PersonRow.tsx';
import { doesWords, peopleInOrder, runningOf } from './words.ts';

/** Who is in the room, as what, and where; the host decides here who may do what. */
export function PeoplePanel({ onClose }: PanelProps) {
  const desk = useDesk();
  const command = useCommand();
  const you = useRoom((view) => view.you);
  const members = useRoom(({ room }) => room.members);
  const files = useRoom(({ room }) => room.files);
  const activities = useRoom((view) => view.activities);
  const runs = useRoom(({ room }) => room.runs);
  const terminals = useRoom(({ room }) => room.terminals);
  const lost = useLive((view) => view.lost);
  const letters = useLetters();
  const driver = useRoom(({ room }) => room.driver);
  const followed = useFollowing(({ now }) => now?.who ?? null);
  const notes = useNotes('people');
  const mayBring = useMay('edit');
  const [refused, setRefused] = useState<Refusal | null>(null);
  const stillRefused = useLive((view) => (refused !== null && isStill(refused.code, view) ? refused : null));
  const [removing, setRemoving] = useState<Member | null>(null);
  const { here, away } = peopleInOrder(members.values(), you?.id ?? null);
  const host = you !== null && may(you.role, 'member.role');
  const asking = host ? here.filter((member) => member.asking) : [];
  const invite = () => desk.openDialog('share');

  const send = async (answer: Promise<CommandResult>) => {
    const result = await answer;
    setRefused(result.ok ? null : result.error);
  };
  const setRole = (participant: ParticipantId, role: Role) =>
    void send(command({ kind: 'member.role', participant, role }));

  const nameFor = (id: ParticipantId) => (id === you?.id ? 'you' : (members.get(id)?.name ?? null));
  const followOf = ({ id }: Member) => ({
    on: id === followed,
    toggle: () => (id === followed ? followingOf(desk).stop() : followingOf(desk).follow(id)),
    bring: mayBring ? () => void followingOf(desk).bring(id) : null,
  });

  const row = (member: Member) => {
    const isYou = member.id === you?.id;
    const activity = isYou || !member.here ? undefined : activities.get(member.id);
    return (
      <PersonRow
        key={member.id}
        member={member}
        letters={letters.get(member.id)}
        isYou={isYou}
        lost={member.here && !isYou && lost.has(member.id)}
        where={whereOf({ files }, activity)}
        does={doesWords(
          activity,
          activity?.following == null ? null : nameFor(activity.following),
          member.here && !isYou ? runningOf(runs.values(), member.id) : [],
          terminals,
        )}
        attention={activity?.attention ?? 'active'}
        drives={member.id === driver}
        follow={isYou || !member.here ? null : followOf(member)}
        manage={
          host ? { setRole: (role) => setRole(member.id, role), remove: () => setRemoving(member) } : null
        }
        onGo={(file, line) => (line === null ? desk.openFile(file) : desk.reveal(file, { line }))}
      />
    );
  };

  return (
    <section aria-label="People" className="flex h-full min-h-0 flex-col bg-surface-1">
      <PanelHeader title="People" {...(onClose === undefined ? {} : { onClose })}>
        <IconButton label="Invite people" onClick={invite}>
          <UserPlus size={16} strokeWidth={1.5} />
        </IconButton>
      </PanelHeader>
      <div className="min-h-0 flex-1 overflow-y-auto pb-3">
        {stillRefused !== null && (
          <Notice tone="danger" onDismiss={() => setRefused(null)} className="mx-2 mb-2 rounded-md">
            {stillRefused.message}
          </Notice>
        )}
        {notes.map(({ order, Content }) => (
          <Content key={order} />
        ))}
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
            <Button onClick={invite} className="mt-2" icon={<UserPlus size={14} strokeWidth={1.5} />}>
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
