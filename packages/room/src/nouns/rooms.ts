// The room itself: its name, its settings and its links. Pure.
import type { CommandKind, EventKind, FileId, Language, LinkRole, WorkFolder } from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import type { FilesPart } from '../file-tree.ts';
import type { Noun } from '../noun.ts';

export type RoomPart = {
  readonly name: string;
  readonly language: Language;
  readonly createdAt: number;
  /** Closed to newcomers. */
  readonly locked: boolean;
  /** The file that Run starts for everyone; null: what each has open. It may be gone, and come back. */
  readonly entry: FileId | null;
  /** The working folder of programs at their start. */
  readonly workFolder: WorkFolder;
  /** The generation of each link that is in force. Older ones are revoked. */
  readonly links: Readonly<Record<LinkRole, number>>;
};

type Of<Kind> = Extract<Kind, `${'room' | 'entry' | 'workFolder' | 'link'}.${string}`>;

export const rooms: Noun<{
  part: RoomPart;
  kept: 'name' | 'language' | 'createdAt' | 'locked' | 'entry' | 'workFolder' | 'links';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: RoomPart & FilesPart;
}> = {
  empty: {
    name: '',
    language: 'python',
    createdAt: 0,
    locked: false,
    entry: null,
    workFolder: 'room',
    links: { editor: 1, viewer: 1 },
  },

  fold: {
    'room.created': (state, { name, language }, { at }) => ({ ...state, name, language, createdAt: at }),
    'room.renamed': (state, { name }) => ({ ...state, name }),
    'room.locked': (state, { locked }) => ({ ...state, locked }),
    'entry.pinned': (state, { file }) => ({ ...state, entry: file }),
    'workFolder.changed': (state, { folder }) => ({ ...state, workFolder: folder }),
    'link.revoked': (state, { role, generation }) => ({
      ...state,
      links: { ...state.links, [role]: generation },
    }),
  },

  decide: {
    'room.rename': (_, __, { name }) => fact({ kind: 'room.renamed', name }),
    'room.lock': (_, __, { locked }) => fact({ kind: 'room.locked', locked }),
    'entry.pin': ({ fold }, _, { file }) => {
      if (file !== null && !fold.state.files.has(file)) return refuse('file.unknown');
      return fact({ kind: 'entry.pinned', file });
    },
    'workFolder.set': (_, __, { folder }) => fact({ kind: 'workFolder.changed', folder }),
    'link.revoke': ({ fold }, _, { role }) =>
      fact({ kind: 'link.revoked', role, generation: fold.state.links[role] + 1 }),
  },

  toKeyframe: ({ name, language, createdAt, locked, entry, workFolder, links }) => {
    return { name, language, createdAt, locked, entry, workFolder, links };
  },
  fromKeyframe: ({ name, language, createdAt, locked, entry, workFolder, links }) => {
    return { name, language, createdAt, locked, entry, workFolder, links };
  },
};
