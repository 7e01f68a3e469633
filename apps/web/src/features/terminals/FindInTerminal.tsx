import { useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { FindBar } from '../../ui/FindBar.tsx';
import type { Emulator } from './emulator.ts';
import { terminalsOf } from './state.ts';

/** Finds words in a terminal. Enter goes up, since the newest lines are at the foot. */
export function FindInTerminal({ emulator }: { emulator: Emulator }) {
  const desk = useDesk();
  const [words, setWords] = useState('');
  const [found, setFound] = useState(true);
  return (
    <FindBar
      label="Find in the terminal"
      words={words}
      told={found ? '' : 'Not found'}
      nowhere={words === ''}
      enter={-1}
      onWords={(typed) => {
        setWords(typed);
        setFound(true);
      }}
      onStep={(by) => setFound(words === '' || emulator.find(words, by === -1))}
      onClose={() => {
        terminalsOf(desk).setState({ finding: false });
        emulator.focus();
      }}
    />
  );
}
