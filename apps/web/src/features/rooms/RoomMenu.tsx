import { ChevronDown, DoorClosed } from 'lucide-react';
import { Fragment } from 'react';
import { useCommands } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { menuGroups } from './menu.ts';

/** The room's name, and what can be done with the room as a whole. */
export function RoomMenu() {
  const name = useRoom(({ room }) => room.name);
  const locked = useRoom(({ room }) => room.locked);
  return (
    <h1 className="flex min-w-0">
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`Room: ${name}${locked ? ', closed to newcomers' : ''}`}
            className="inline-flex h-7 min-w-0 items-center gap-1 rounded-md px-2 font-medium hover:bg-surface-2 phone:h-11"
          >
            <span className="truncate">{name}</span>
            {locked && (
              <DoorClosed aria-hidden="true" size={14} strokeWidth={1.5} className="shrink-0 text-ink-3" />
            )}
            <ChevronDown aria-hidden="true" size={14} strokeWidth={1.5} className="shrink-0 text-ink-3" />
          </button>
        }
      >
        <Items />
      </Menu>
    </h1>
  );
}

/** The commands that have a place in this menu, a line between the groups. */
function Items() {
  return menuGroups(useCommands()).map((group, index) => (
    <Fragment key={group[0]!.id}>
      {index > 0 && <MenuLine />}
      {group.map(({ id, title, menu, run }) => (
        <MenuItem key={id} icon={menu.icon} hint={menu.hint} onSelect={run}>
          {title}
        </MenuItem>
      ))}
    </Fragment>
  ));
}
