import { useMemo } from 'react';
import { followingOf, useFollowing } from '../../desk/following.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { useLive, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';

/** Above the code: who asks everyone to follow, and who went away that was followed. */
export function LeadStrip() {
  const leading = useLive((view) => view.leading);
  const you = useRoom((view) => view.you?.id ?? null);
  return (
    <>
      {leading !== null && (leading.by === you ? <Leading /> : <Asked by={leading.by} />)}
      <Gone />
    </>
  );
}

/** This person leads. */
function Leading() {
  const desk = useDesk();
  const you = useRoom((view) => view.you?.id ?? null);
  const activities = useRoom((view) => view.activities);
  const count = useMemo(
    () => [...activities.values()].filter(({ following }) => following === you).length,
    [activities, you],
  );
  return (
    <Notice
      tone="info"
      spoken="You lead: everyone was asked to follow you."
      actions={<Button onClick={() => void followingOf(desk).lead(false)}>Stop leading</Button>}
      className="border-line border-b"
    >
      You lead: everyone was asked to follow you.{' '}
      {count === 0 ? 'Nobody follows.' : count === 1 ? '1 follows.' : `${count} follow.`}
    </Notice>
  );
}

function Asked({ by }: { by: NonNullable<ReturnType<typeof useLeader>>['id'] }) {
  const desk = useDesk();
  const leader = useLeader(by);
  const follows = useFollowing(({ now }) => now?.who === by);
  if (leader === null) return null;
  const following = followingOf(desk);
  return (
    <Notice
      tone="info"
      actions={
        follows ? (
          <Button onClick={() => following.stop()}>Stop following</Button>
        ) : (
          <Button onClick={() => following.follow(by)}>Follow</Button>
        )
      }
      className="border-line border-b"
    >
      {follows ? `${leader.name} leads. Your screen goes along.` : `${leader.name} asks everyone to follow.`}
    </Notice>
  );
}

function useLeader(by: Parameters<ReturnType<typeof followingOf>['follow']>[0]) {
  return useRoom(({ room }) => room.members.get(by) ?? null);
}

function Gone() {
  const desk = useDesk();
  const gone = useFollowing((state) => state.gone);
  const member = useRoom(({ room }) => (gone === null ? undefined : room.members.get(gone)));
  if (member === undefined) return null;
  return (
    <Notice
      tone="info"
      onDismiss={() => followingOf(desk).take({ kind: 'read' })}
      className="border-line border-b"
    >
      {member.name} has left, so you follow them no longer.
    </Notice>
  );
}
