import { type Command, SECTIONS } from '../../desk/command.ts';
import type { DialogProps } from '../../desk/feature.ts';
import { useCommandList, useCommands, useDesk } from '../../desk/hooks.tsx';
import { shown, typesOnMac } from '../../desk/shortcuts.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { EDITOR_KEYS, PLACE_KEYS } from './fixed-keys.ts';

type Row = { readonly title: string; readonly keys: string };
type Group = { readonly name: string; readonly rows: readonly Row[] };

/** Every key that does something in a room, by where it belongs. */
export function ShortcutsSheet({ open, onOpenChange }: DialogProps) {
  const { mac } = useDesk();
  const commands = useCommandList();
  const groups = open && mac ? groupsOf(commands(), mac) : [];
  const typing = groups.some(({ rows }) => rows.some(({ keys }) => typesOnMac(keys)));
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      width="lg"
      reading
      {...(typing
        ? { description: 'Where text is typed, Option with a letter or a mark types its character.' }
        : {})}
    >
      <Groups mac={mac} />
    </Dialog>
  );
}

function Groups({ mac }: { mac: boolean }) {
  const groups = groupsOf(useCommands(), mac);
  return (
    <div className="columns-2 gap-8 phone:columns-1">
      {groups
        .filter(({ rows }) => rows.length > 0)
        .map(({ name, rows }) => (
          <section key={name} aria-label={name} className="mb-4">
            <h3 className="break-after-avoid pb-1 font-medium text-ink-3 text-xs">{name}</h3>
            <dl>
              {rows.map(({ title, keys }) => (
                <div
                  key={title}
                  className="flex min-h-8 break-inside-avoid items-center gap-3 border-line border-b py-1"
                >
                  <dt className="min-w-0 flex-1">{title}</dt>
                  <dd>
                    <Kbd keys={shown(keys, mac)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
    </div>
  );
}

function groupsOf(commands: readonly Command[], mac: boolean): readonly Group[] {
  return [
    ...SECTIONS.map((section) => ({ name: section, rows: rowsOf(commands, section) })),
    {
      name: 'In the code',
      rows: EDITOR_KEYS.map(({ title, keys, onMac = keys }) => ({ title, keys: mac ? onMac : keys })),
    },
    { name: 'In lists and in a program’s input', rows: PLACE_KEYS },
  ];
}

function rowsOf(commands: readonly Command[], section: Command['section']): readonly Row[] {
  return commands.flatMap(({ section: of, title, keys }) =>
    of !== section || keys?.[0] === undefined ? [] : [{ title, keys: keys[0] }],
  );
}
