import type { ParticipantId, Terminal } from '@codesync/protocol';
import { Check, Copy, Ellipsis, Search } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { useCopy } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, MenuItem } from '../../ui/Menu.tsx';
import type { Emulator } from './emulator.ts';
import { terminalsOf } from './state.ts';

type TerminalToolsProps = {
  terminal: Terminal;
  /** Who typed last: the terminal has their size. */
  driver: ParticipantId | null;
  emulator: Emulator | null;
};

/** Who types into a terminal, and what can be done with it. */
export function TerminalTools({ terminal, driver, emulator }: TerminalToolsProps) {
  const desk = useDesk();
  const store = terminalsOf(desk);
  const may = useMay('terminal.close');
  const mayLock = useMay('terminal.lock');
  const you = useRoom((view) => view.you?.id ?? null);
  const name = useRoom(({ room }) => (driver === null ? null : (room.members.get(driver)?.name ?? null)));
  const { copy, state: copied } = useCopy();
  const { id, locked } = terminal;
  return (
    <>
      {name !== null && (
        <span className="shrink-0 truncate px-1 text-ink-3 text-xs @max-[560px]:hidden">
          {driver === you ? 'You type' : `${name} types`}
        </span>
      )}
      <IconButton
        label="Find in the terminal"
        onClick={() => store.setState({ finding: !store.getState().finding })}
      >
        <Search size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton
        label={copied === 'copied' ? 'Copied' : 'Copy the selection, or all'}
        disabled={emulator === null}
        onClick={() => void copy(emulator!.selection || emulator!.text)}
      >
        {copied === 'copied' ? <Check size={16} strokeWidth={1.5} /> : <Copy size={16} strokeWidth={1.5} />}
      </IconButton>
      <Menu
        align="end"
        trigger={
          <IconButton label={`More about ${terminal.name}`}>
            <Ellipsis size={16} strokeWidth={1.5} />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => emulator?.clear()}>Clear what scrolled away</MenuItem>
        {may && <MenuItem onSelect={() => store.setState({ renaming: id })}>Rename…</MenuItem>}
        {mayLock && (
          <MenuItem onSelect={() => void desk.send({ kind: 'terminal.lock', terminal: id, locked: !locked })}>
            {locked ? 'Let all editors type' : 'Let only hosts type'}
          </MenuItem>
        )}
        {may && (
          <MenuItem danger onSelect={() => store.setState({ closing: id })}>
            Close for everyone…
          </MenuItem>
        )}
      </Menu>
    </>
  );
}
