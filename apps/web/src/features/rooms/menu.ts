// What is in the menu of the room. Pure.
import type { Command } from '../../desk/command.ts';

type MenuCommand = Command & Required<Pick<Command, 'menu'>>;

/** The commands of the room's menu that can be given, by its groups, each in order. */
export function menuGroups(commands: readonly Command[]): readonly (readonly MenuCommand[])[] {
  const shown = commands.filter((command): command is MenuCommand => command.enabled && !!command.menu);
  const groups = [...new Set(shown.map(({ menu }) => menu.group))].sort((a, b) => a - b);
  return groups.map((group) =>
    shown.filter(({ menu }) => menu.group === group).sort((a, b) => a.menu.order - b.menu.order),
  );
}
