import { Dialog } from '../../ui/Dialog.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import type { Command } from './command.ts';
import { shown } from './shortcuts.ts';

/** Keys that belong to a place and not to a command. */
const IN_PLACE: readonly { readonly title: string; readonly keys: string }[] = [
  { title: 'Back to the editor', keys: 'escape' },
  { title: 'Rename the file chosen in the list', keys: 'F2' },
  { title: 'Delete the file chosen in the list', keys: 'Del' },
  { title: 'End the input of a running program', keys: 'ctrl+d' },
  { title: 'Let Tab move the focus out of the editor', keys: 'ctrl+m' },
];

type ShortcutsSheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  commands: readonly Command[];
  mac: boolean;
};

export function ShortcutsSheet({ open, onOpenChange, commands, mac }: ShortcutsSheetProps) {
  const rows = [
    ...commands.flatMap(({ id, title, keys }) =>
      keys?.[0] === undefined ? [] : [{ id, title, keys: keys[0] }],
    ),
    ...IN_PLACE.map(({ title, keys }) => ({ id: title, title, keys })),
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" width="lg">
      <dl className="grid grid-cols-2 gap-x-8 phone:grid-cols-1">
        {rows.map(({ id, title, keys }) => (
          <div key={id} className="flex min-h-8 items-center gap-3 border-line border-b py-1">
            <dt className="min-w-0 flex-1">{title}</dt>
            <dd>
              <Kbd keys={/^[a-z]+(\+|$)/.test(keys) ? shown(keys, mac) : keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
