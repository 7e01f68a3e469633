// Files: which there are, and their names. For what is in them, see edits.ts. Pure.
import { TextBuffer } from '@codesync/ot';
import {
  type CommandKind,
  type DeletedFile,
  type EventKind,
  type FileId,
  LIMITS,
  pathProblem,
} from '@codesync/protocol';
import { fact, refuse } from '../decision.ts';
import { keepDeleted } from '../deleted.ts';
import { byId, withEntry, withoutEntry } from '../entries.ts';
import type { Noun } from '../noun.ts';
import { namesFor, pathIsFree } from '../paths.ts';

export type FileEntry = { readonly id: FileId; readonly path: string };

/** The text and version of files change with every keystroke and live in `RoomFold`. */
export type FilesPart = {
  readonly files: ReadonlyMap<FileId, FileEntry>;
  /** Files that can be brought back, the last deleted last. */
  readonly deleted: ReadonlyMap<FileId, DeletedFile>;
};

type Of<Kind> = Extract<Kind, `file.${string}`>;

const RENAME_FIRST = 'Another file has its name now. Rename that one, then bring this one back.';

export const files: Noun<{
  part: FilesPart;
  kept: 'files' | 'deleted';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: FilesPart;
}> = {
  empty: { files: new Map(), deleted: new Map() },

  fold: {
    'file.created': (state, { file, path, text }, _, texts) => {
      texts.set(file, { version: 0, buffer: TextBuffer.from(text) });
      return withFile(state, file, path);
    },
    'file.restored': (state, { file, path, version, text }, _, texts) => {
      texts.set(file, { version, buffer: TextBuffer.from(text) });
      return withFile(state, file, path);
    },
    'file.renamed': (state, { file, path }) => ({
      ...state,
      files: withEntry(state.files, file, { id: file, path }),
    }),
    'file.deleted': (state, { file }, { at, actor }, texts) => {
      const text = texts.get(file);
      const entry = state.files.get(file);
      texts.delete(file);
      if (text === undefined || entry === undefined) return state;
      const { version, buffer } = text;
      const gone = { ...entry, version, text: buffer.toString(), by: actor, at };
      return {
        ...state,
        files: withoutEntry(state.files, file),
        deleted: keepDeleted(state.deleted, gone),
      };
    },
  },

  decide: {
    'file.create': ({ fold: { state }, order }, _, { file, path, text }) => {
      if (state.files.has(file)) return refuse('file.exists');
      if (state.files.size >= LIMITS.files) return refuse('file.tooMany');
      if (!pathIsFree(state.files, file, path)) return refuse('file.exists');
      if (order.units + text.length > LIMITS.roomUnits) return refuse('room.tooLarge');
      return fact({ kind: 'file.created', file, path, text });
    },
    'file.rename': ({ fold: { state } }, _, { file, path }) => {
      if (!state.files.has(file)) return refuse('file.unknown');
      if (!pathIsFree(state.files, file, path)) return refuse('file.exists');
      return fact({ kind: 'file.renamed', file, path });
    },
    'file.delete': ({ fold: { state } }, _, { file }) => {
      if (!state.files.has(file)) return refuse('file.unknown');
      return fact({ kind: 'file.deleted', file });
    },
    /** Brings the file back as it was: under its name or, if another file has that now, beside it. */
    'file.restore': ({ fold: { state }, order }, _, { file }) => {
      if (state.files.has(file)) return refuse('file.restored');
      const deleted = state.deleted.get(file);
      if (deleted === undefined) return refuse('file.gone');
      if (state.files.size >= LIMITS.files) return refuse('file.tooMany');
      const { version, text } = deleted;
      if (order.units + text.length > LIMITS.roomUnits) return refuse('room.tooLarge');
      const path = namesFor(deleted.path).find(
        (name) => pathProblem(name) === null && pathIsFree(state.files, file, name),
      );
      if (path === undefined) return refuse('file.exists', RENAME_FIRST);
      return fact({ kind: 'file.restored', file, path, version, text });
    },
  },

  toKeyframe: (part, texts) => ({
    files: [...part.files.values()].map(({ id, path }) => {
      const { version, buffer } = texts.get(id)!;
      return { id, path, version, text: buffer.toString() };
    }),
    deleted: [...part.deleted.values()],
  }),
  fromKeyframe: (keyframe, texts) => {
    for (const { id, version, text } of keyframe.files) {
      texts.set(id, { version, buffer: TextBuffer.from(text) });
    }
    return {
      files: byId(keyframe.files.map(({ id, path }) => ({ id, path }))),
      deleted: byId(keyframe.deleted),
    };
  },
};

function withFile<State extends FilesPart>(state: State, file: FileId, path: string): State {
  return {
    ...state,
    files: withEntry(state.files, file, { id: file, path }),
    deleted: state.deleted.has(file) ? withoutEntry(state.deleted, file) : state.deleted,
  };
}
