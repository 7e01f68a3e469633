import type { Attention, ClientId, FileId, Member, Role } from '@codesync/protocol';
import type { PersonActivity, RoomState } from '@codesync/room';
import clsx from 'clsx';
import { Ellipsis, Footprints, LocateFixed, ShipWheel, UserMinus } from 'lucide-react';
import { Avatar } from '../../ui/Avatar.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, MenuChoice, MenuHeading, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { useLineOf } from './useLineOf.ts';
import { ROLE_WORDS } from './words.ts';

const ROLE_OPTIONS = (['host', 'editor', 'viewer'] as const).map((role) => ({
  value: role,
  label: ROLE_WORDS[role].label,
  hint: ROLE_WORDS[role].may,
}));

type Where = { readonly file: FileId; readonly path: string; readonly client: ClientId };

/** The file that somebody is in, if the room has it. */
export function whereOf(
  room: Pick<RoomState, 'files'>,
  activity: Pick<PersonActivity, 'file' | 'client'> | undefined,
): Where | null {
  const entry = activity?.file == null ? undefined : room.files.get(activity.file);
  return entry === undefined ? null : { file: entry.id, path: entry.path, client: activity!.client };
}

type PersonRowProps = {
  member: Member;
  letters: string | undefined;
  isYou: boolean;
  lost: boolean;
  where: Where | null;
  /** What they do just now, in words. */
  does: readonly string[];
  attention: Attention;
  drives: boolean;
  /** Null: they cannot be followed. `bring`: asks them to come to this person's line; null: not allowed. */
  follow: { on: boolean; toggle: () => void; bring: (() => void) | null } | null;
  /** Null: nothing. */
  manage: { setRole: (role: Role) => void; remove: () => void } | null;
  /** `line`: null when it is not known. */
  onGo: (file: FileId, line: number | null) => void;
};

/** Somebody of the room: as what, where, and what may be decided about them. */
export function PersonRow({
  member,
  letters,
  isYou,
  lost,
  where,
  does,
  attention,
  drives,
  follow,
  manage,
  onGo,
}: PersonRowProps) {
  const line = useLineOf(where?.client ?? null);
  const place = where === null ? '' : line === null ? where.path : `${where.path}:${line}`;
  return (
    <li className="group flex min-h-10 items-center gap-2.5 px-3 hover:bg-surface-2 phone:min-h-14">
      <Avatar
        name={member.name}
        letters={letters}
        hue={member.hue}
        here={member.here || isYou}
        lost={lost}
        quiet={attention !== 'active'}
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-1.5">
          <span className={clsx('truncate', does.length > 0 && 'max-w-[65%] shrink-0')}>{member.name}</span>
          {isYou && <span className="shrink-0 text-ink-3 text-xs group-hover:text-ink-2">you</span>}
          {drives && <DriverSign />}
          {!lost && does.length > 0 && (
            <span
              title={does.join(', ')}
              className="ml-auto min-w-0 truncate pl-1 text-ink-3 text-xs group-hover:text-ink-2"
            >
              {does.join(', ')}
            </span>
          )}
        </div>
        <div className="truncate text-ink-3 text-xs group-hover:text-ink-2">
          {ROLE_WORDS[member.role].label}
          {lost && ' · Connection lost'}
          {where !== null && (
            <>
              {' in '}
              <button
                type="button"
                onClick={() => onGo(where.file, line)}
                title={`Go to ${place}`}
                className="rounded-sm text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-ink-1"
              >
                {place}
              </button>
            </>
          )}
        </div>
      </div>
      {follow !== null && (
        <IconButton
          label={follow.on ? `Stop following ${member.name}` : `Follow ${member.name}`}
          pressed={follow.on}
          onClick={follow.toggle}
          {...(follow.on ? { className: 'text-accent' } : {})}
        >
          <Footprints size={16} strokeWidth={1.5} />
        </IconButton>
      )}
      {(manage !== null || follow?.bring != null) && (
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              aria-label={manage === null ? `More about ${member.name}` : `Manage ${member.name}`}
              className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-surface-3 hover:text-ink-1 group-hover:text-ink-2 phone:size-11"
            >
              <Ellipsis size={16} strokeWidth={1.5} aria-hidden="true" />
            </button>
          }
        >
          {follow?.bring != null && (
            <MenuItem onSelect={follow.bring} icon={<LocateFixed size={16} strokeWidth={1.5} />}>
              Ask to come to my line
            </MenuItem>
          )}
          {manage !== null && (
            <>
              {follow?.bring != null && <MenuLine />}
              <MenuHeading>Role of {member.name}</MenuHeading>
              <MenuChoice<Role> value={member.role} onChange={manage.setRole} options={ROLE_OPTIONS} />
            </>
          )}
          {manage !== null && !isYou && (
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

/** Beside the name of whoever drives. */
function DriverSign() {
  return (
    <span className="inline-flex shrink-0 items-center gap-0.5 rounded-sm border border-line-strong px-1 text-2xs text-ink-2">
      <ShipWheel size={10} strokeWidth={2} aria-hidden="true" />
      drives
    </span>
  );
}
