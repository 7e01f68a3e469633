import type { Terminal, TerminalId } from '@codesync/protocol';
import clsx from 'clsx';
import { Lock, Plus } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { useMay } from '../../desk/room.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { openTerminal } from './acts.ts';
import { RenameField } from './RenameField.tsx';
import { terminalsOf, useTerminals } from './state.ts';

type TerminalTabsProps = { terminals: readonly Terminal[]; seen: TerminalId | null };

/** The terminals by their names, and the button that opens one more. */
export function TerminalTabs({ terminals, seen }: TerminalTabsProps) {
  const desk = useDesk();
  const store = terminalsOf(desk);
  const may = useMay('terminal.open');
  const renaming = useTerminals((state) => state.renaming);
  return (
    <div className="flex min-w-0 items-center gap-0.5 overflow-x-auto border-line border-l pl-2">
      {terminals.map(({ id, name, locked, end }) =>
        id === renaming ? (
          <RenameField key={id} terminal={id} name={name} />
        ) : (
          <button
            key={id}
            type="button"
            aria-pressed={id === seen}
            onClick={() => store.setState({ seen: id })}
            onDoubleClick={() => {
              if (may) store.setState({ renaming: id });
            }}
            className={clsx(
              'inline-flex h-6 max-w-40 shrink-0 items-center gap-1 rounded-md px-2 text-xs phone:h-10',
              id === seen ? 'bg-surface-2 text-ink-1' : 'text-ink-2 hover:bg-surface-2',
            )}
          >
            {locked && <Lock size={11} strokeWidth={1.75} aria-label="Locked" />}
            <span className={clsx('truncate', end !== null && 'line-through decoration-1')}>{name}</span>
          </button>
        ),
      )}
      {may && (
        <IconButton label="New terminal" onClick={() => void openTerminal(desk)}>
          <Plus size={16} strokeWidth={1.5} />
        </IconButton>
      )}
    </div>
  );
}
