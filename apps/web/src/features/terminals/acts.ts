// What can be done with terminals.
import { type Terminal, TerminalId } from '@codesync/protocol';
import { nanoid } from 'nanoid';
import type { Desk } from '../../desk/desk.ts';
import { terminalsOf } from './state.ts';

/** The one that this person sees, if there is any. */
export function seenTerminal(
  terminals: ReadonlyMap<TerminalId, Terminal>,
  seen: TerminalId | null,
): Terminal | null {
  return (seen === null ? undefined : terminals.get(seen)) ?? [...terminals.values()].at(-1) ?? null;
}

/** Opens one more, and shows it. */
export async function openTerminal(desk: Desk): Promise<void> {
  const terminal = TerminalId.parse(nanoid(12));
  desk.show('terminal');
  terminalsOf(desk).setState({ seen: terminal });
  await desk.send({ kind: 'terminal.open', terminal, name: freeName(desk.view().room.terminals.values()) });
}

export function restartTerminal(desk: Desk, terminal: TerminalId): Promise<void> {
  return desk.send({ kind: 'terminal.restart', terminal });
}

/** “Terminal 1”, or the first number that is free. */
export function freeName(terminals: Iterable<Pick<Terminal, 'name'>>): string {
  const taken = new Set([...terminals].map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = `Terminal ${number}`;
    if (!taken.has(name)) return name;
  }
}
