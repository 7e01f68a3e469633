// Everything that can be done in a room, once. Pure but for what the commands do.
import { type Command, SECTIONS } from './command.ts';
import type { Desk } from './desk.ts';
import type { Feature } from './feature.ts';

/**
 * What can be done with these features, in the order in which it is shown. The palette, the keys, the sheet of
 * shortcuts and the room's menu all show this list.
 */
export function allCommands(features: readonly Feature[], desk: Desk): readonly Command[] {
  return inOrder([
    ...features.flatMap(({ commands }) => commands?.(desk) ?? []),
    ...features.flatMap(({ panels = [] }) =>
      panels.map(({ id, title, keys = [], order }) => ({
        id: `view.${id}`,
        title: `Toggle ${title.toLowerCase()}`,
        section: 'View' as const,
        order,
        keys,
        enabled: true,
        run: () => desk.toggle(id),
      })),
    ),
  ]);
}

function inOrder(commands: readonly Command[]): readonly Command[] {
  return commands.toSorted(
    (a, b) => SECTIONS.indexOf(a.section) - SECTIONS.indexOf(b.section) || a.order - b.order,
  );
}
