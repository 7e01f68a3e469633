import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import type { Emulator } from './emulator.ts';
import { terminalsOf } from './state.ts';

/** Looks for words in a terminal: Enter goes to the place before, as the newest lines are at the foot. */
export function FindBar({ emulator }: { emulator: Emulator }) {
  const desk = useDesk();
  const [words, setWords] = useState('');
  const [found, setFound] = useState(true);
  const find = (back: boolean) => setFound(words === '' || emulator.find(words, back));
  const close = () => {
    terminalsOf(desk).setState({ finding: false });
    emulator.focus();
  };
  return (
    <div className="flex h-9 shrink-0 items-center gap-1 border-line border-b bg-surface-1 pr-1 pl-3 phone:h-12">
      <input
        // biome-ignore lint/a11y/noAutofocus: it was asked for
        autoFocus
        aria-label="Find in the terminal"
        placeholder="Find in the terminal"
        value={words}
        spellCheck={false}
        onChange={(event) => {
          setWords(event.target.value);
          setFound(true);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') find(!event.shiftKey);
          if (event.key === 'Escape') close();
        }}
        className="h-7 min-w-0 flex-1 bg-transparent text-sm outline-none"
      />
      <span role="status" className="text-danger text-xs">
        {found ? '' : 'Not found'}
      </span>
      <IconButton label="Find the one before" onClick={() => find(true)}>
        <ArrowUp size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Find the next one" onClick={() => find(false)}>
        <ArrowDown size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Close the search" onClick={close}>
        <X size={16} strokeWidth={1.5} />
      </IconButton>
    </div>
  );
}
