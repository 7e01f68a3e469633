// Run configurations: ways to run the room's code that the room keeps. Pure.
import {
  type CommandKind,
  type ConfigurationId,
  type EventKind,
  LIMITS,
  type RefusalCode,
  type RunConfiguration,
  setupProblem,
} from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import { byId, withEntry, withoutEntry } from '../entries.ts';
import type { FilesPart } from '../file-tree.ts';
import type { EventOf, Noun } from '../noun.ts';

export type ConfigurationsPart = {
  /** In the order in which they were made. */
  readonly configurations: ReadonlyMap<ConfigurationId, RunConfiguration>;
  /** The one that Run takes for everyone; null: a file. It is there. */
  readonly pinnedConfiguration: ConfigurationId | null;
};

type Of<Kind> = Extract<Kind, `configuration.${string}`>;

export const configurations: Noun<{
  part: ConfigurationsPart;
  kept: 'configurations' | 'pinnedConfiguration';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: ConfigurationsPart & FilesPart;
}> = {
  empty: { configurations: new Map(), pinnedConfiguration: null },

  fold: {
    'configuration.created': (state, made) => withConfiguration(state, made),
    'configuration.changed': (state, changed) => withConfiguration(state, changed),
    'configuration.deleted': (state, { configuration }) => ({
      ...state,
      configurations: withoutEntry(state.configurations, configuration),
      pinnedConfiguration: state.pinnedConfiguration === configuration ? null : state.pinnedConfiguration,
    }),
    'configuration.pinned': (state, { configuration }) => ({ ...state, pinnedConfiguration: configuration }),
  },

  decide: {
    'configuration.create': ({ fold: { state } }, _, { kind: _kind, ...made }) => {
      const { configurations } = state;
      if (configurations.has(made.configuration)) return refuse('configuration.exists');
      if (configurations.size >= LIMITS.configurations) return refuse('configuration.tooMany');
      const problem = problemOf(state, made, undefined);
      return problem === null ? fact({ kind: 'configuration.created', ...made }) : refuse(problem);
    },
    'configuration.change': ({ fold: { state } }, _, { kind: _kind, ...changed }) => {
      const before = state.configurations.get(changed.configuration);
      if (before === undefined) return refuse('configuration.unknown');
      const problem = problemOf(state, changed, before);
      return problem === null ? fact({ kind: 'configuration.changed', ...changed }) : refuse(problem);
    },
    'configuration.delete': ({ fold: { state } }, _, { configuration }) =>
      state.configurations.has(configuration)
        ? fact({ kind: 'configuration.deleted', configuration })
        : refuse('configuration.unknown'),
    'configuration.pin': ({ fold: { state } }, _, { configuration }) =>
      configuration === null || state.configurations.has(configuration)
        ? fact({ kind: 'configuration.pinned', configuration })
        : refuse('configuration.unknown'),
  },

  toKeyframe: ({ configurations: all, pinnedConfiguration }) => ({
    configurations: [...all.values()],
    pinnedConfiguration,
  }),
  fromKeyframe: ({ configurations: all, pinnedConfiguration }) => ({
    configurations: byId(all),
    pinnedConfiguration,
  }),
};

function withConfiguration<State extends ConfigurationsPart>(
  state: State,
  { kind: _, configuration: id, ...rest }: EventOf<'configuration.created' | 'configuration.changed'>,
): State {
  return { ...state, configurations: withEntry(state.configurations, id, { id, ...rest }) };
}

type Given = Omit<RunConfiguration, 'id'>;

/** Why it cannot be kept; null when it can. A file that is gone may stay in it, and none may come into it. */
function problemOf({ files }: FilesPart, given: Given, before: Given | undefined): RefusalCode | null {
  if (given.entry !== before?.entry && !files.has(given.entry)) return 'file.unknown';
  if (given.stdin !== null && given.stdin !== before?.stdin && !files.has(given.stdin)) return 'file.unknown';
  return setupProblem(given);
}
