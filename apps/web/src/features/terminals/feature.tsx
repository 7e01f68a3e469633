import { SquareTerminal } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { openTerminal, seenTerminal } from './acts.ts';
import { terminalsOf } from './state.ts';
import { TerminalPanel } from './TerminalPanel.tsx';
import { TerminalsBackground } from './TerminalsBackground.tsx';

function commands(desk: Desk): readonly Command[] {
  const store = terminalsOf(desk);
  const seen = seenTerminal(desk.view().room.terminals, store.getState().seen);
  const may = desk.may('terminal.open');
  return [
    {
      id: 'terminal.new',
      title: 'New terminal',
      section: 'Terminal',
      order: 10,
      keys: ['ctrl+shift+`'],
      enabled: may,
      run: () => void openTerminal(desk),
    },
    {
      id: 'terminal.rename',
      title: 'Rename the terminal',
      section: 'Terminal',
      order: 20,
      enabled: may && seen !== null,
      run: () => {
        desk.show('terminal');
        if (seen !== null) store.setState({ renaming: seen.id });
      },
    },
    {
      id: 'terminal.close',
      title: 'Close the terminal for everyone',
      section: 'Terminal',
      order: 30,
      enabled: may && seen !== null,
      run: () => {
        if (seen !== null) store.setState({ closing: seen.id });
      },
    },
  ];
}

/** Shells that everyone in the room sees. */
export const terminals: Feature = {
  panels: [
    {
      id: 'terminal',
      title: 'Terminal',
      side: 'below',
      order: 25,
      Content: TerminalPanel,
      keys: ['ctrl+`'],
      size: { start: '32%', least: 88 },
      phone: { icon: SquareTerminal, order: 25 },
    },
  ],
  commands,
  Background: TerminalsBackground,
};
