import { followingOf, useFollowing } from '../../desk/following.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { Spoken } from '../../ui/Notice.tsx';

/** Round the code while somebody is followed: in their colour, and with their name. */
export function FollowFrame() {
  const desk = useDesk();
  const now = useFollowing((state) => state.now);
  const member = useRoom(({ room }) => (now === null ? undefined : room.members.get(now.who)));
  if (now === null || member === undefined) return null;
  const colour = `var(--person-${member.hue})`;
  const words = `Following ${member.name}${now.lost ? ', whose connection is lost' : ''}`;
  return (
    <div
      data-following={now.who}
      style={{ boxShadow: `inset 0 0 0 2px ${colour}` }}
      className="pointer-events-none absolute inset-0 z-10"
    >
      <button
        type="button"
        onClick={() => followingOf(desk).stop()}
        style={{ background: colour }}
        className="pointer-events-auto absolute right-4 bottom-0 h-6 max-w-[80%] truncate rounded-t-md px-2.5 font-medium text-on-person text-xs focus-visible:-outline-offset-2 phone:h-9"
      >
        {words} <span aria-hidden="true">·</span> <span className="phone:hidden">Esc to stop</span>
        <span className="hidden phone:inline">Stop</span>
      </button>
      <Spoken words={words} />
    </div>
  );
}
