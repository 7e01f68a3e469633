// What this person's screen has to do with terminals: which one is seen, and what is asked about them.
import type { TerminalId } from '@codesync/protocol';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type Desk, perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';

export type TerminalsState = {
  /** The one that is seen; null for the newest. */
  readonly seen: TerminalId | null;
  /** About to be closed for everyone. */
  readonly closing: TerminalId | null;
  readonly renaming: TerminalId | null;
  /** Text of several lines that waits to be let into a shell. */
  readonly pasting: { readonly text: string; readonly paste: () => void } | null;
  /** It is looked for words in the terminal. */
  readonly finding: boolean;
};

export const terminalsOf = perDesk((_desk: Desk) =>
  createStore<TerminalsState>(() => ({
    seen: null,
    closing: null,
    renaming: null,
    pasting: null,
    finding: false,
  })),
);

export function useTerminals<T>(select: (state: TerminalsState) => T): T {
  return useStore(terminalsOf(useDesk()), select);
}
