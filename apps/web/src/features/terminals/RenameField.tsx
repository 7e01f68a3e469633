import { LIMITS, type TerminalId } from '@codesync/protocol';
import { useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { terminalsOf } from './state.ts';

type RenameFieldProps = { terminal: TerminalId; name: string };

/** The name of a terminal while it is changed: Enter takes it, Escape leaves it as it was. */
export function RenameField({ terminal, name }: RenameFieldProps) {
  const desk = useDesk();
  const [text, setText] = useState(name);
  const end = () => terminalsOf(desk).setState({ renaming: null });
  const take = () => {
    const wanted = text.trim();
    if (wanted.length > LIMITS.nameUnits) {
      desk.report(`A terminal’s name has up to ${LIMITS.nameUnits} characters.`);
      return;
    }
    end();
    if (wanted !== '' && wanted !== name) void desk.send({ kind: 'terminal.rename', terminal, name: wanted });
  };
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: it was asked for by a double click or a command
      autoFocus
      aria-label={`New name of ${name}`}
      value={text}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') end();
      }}
      className="h-6 w-32 rounded-md border border-line-strong bg-surface-0 px-2 text-xs outline-none focus-visible:border-accent phone:h-10"
    />
  );
}
