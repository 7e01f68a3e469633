// Terminals: which there are, who may type into them, and how their shells ended. What they show is not here. Pure.
import { type CommandKind, type EventKind, LIMITS, type Terminal, type TerminalId } from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import { byId, withEntry, withoutEntry } from '../entries.ts';
import type { Noun } from '../noun.ts';

export type TerminalsPart = {
  /** In the order in which they were opened. */
  readonly terminals: ReadonlyMap<TerminalId, Terminal>;
};

type Of<Kind> = Extract<Kind, `terminal.${string}`>;

export const terminals: Noun<{
  part: TerminalsPart;
  kept: 'terminals';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: TerminalsPart;
}> = {
  empty: { terminals: new Map() },

  fold: {
    'terminal.opened': (state, { terminal, name }, { actor }) => ({
      ...state,
      terminals: withEntry(state.terminals, terminal, {
        id: terminal,
        name,
        by: actor,
        locked: false,
        shell: 1,
        end: null,
      }),
    }),
    'terminal.renamed': (state, { terminal, name }) => changed(state, terminal, () => ({ name })),
    'terminal.locked': (state, { terminal, locked }) => changed(state, terminal, () => ({ locked })),
    'terminal.ended': (state, { kind: _, terminal, ...end }) => changed(state, terminal, () => ({ end })),
    'terminal.restarted': (state, { terminal }) =>
      changed(state, terminal, ({ shell }) => ({ shell: shell + 1, end: null })),
    'terminal.closed': (state, { terminal }) => ({
      ...state,
      terminals: withoutEntry(state.terminals, terminal),
    }),
  },

  decide: {
    'terminal.open': ({ fold }, _, { terminal, name }) => {
      const { terminals } = fold.state;
      if (terminals.has(terminal)) return refuse('terminal.exists');
      if (terminals.size >= LIMITS.terminals) return refuse('terminal.tooMany');
      return fact({ kind: 'terminal.opened', terminal, name });
    },
    'terminal.rename': ({ fold }, _, { terminal, name }) =>
      known(fold.state, terminal, () => fact({ kind: 'terminal.renamed', terminal, name })),
    'terminal.lock': ({ fold }, _, { terminal, locked }) =>
      known(fold.state, terminal, () => fact({ kind: 'terminal.locked', terminal, locked })),
    'terminal.restart': ({ fold }, _, { terminal }) =>
      known(fold.state, terminal, ({ end }) =>
        end === null ? refuse('terminal.running') : fact({ kind: 'terminal.restarted', terminal }),
      ),
    'terminal.close': ({ fold }, _, { terminal }) =>
      known(fold.state, terminal, () => fact({ kind: 'terminal.closed', terminal })),
  },

  toKeyframe: (part) => ({ terminals: [...part.terminals.values()] }),
  fromKeyframe: (keyframe) => ({ terminals: byId(keyframe.terminals) }),
};

/** Returns the same state if there is no such terminal. */
function changed<State extends TerminalsPart>(
  state: State,
  id: TerminalId,
  change: (terminal: Terminal) => Partial<Terminal>,
): State {
  const terminal = state.terminals.get(id);
  if (terminal === undefined) return state;
  return { ...state, terminals: withEntry(state.terminals, id, { ...terminal, ...change(terminal) }) };
}

function known<Decision>(
  state: TerminalsPart,
  id: TerminalId,
  decide: (terminal: Terminal) => Decision,
): Decision | ReturnType<typeof refuse> {
  const terminal = state.terminals.get(id);
  return terminal === undefined ? refuse('terminal.unknown') : decide(terminal);
}
