// Files and the folders that they lie in: which there are, and their names. For what is in files, see edits.ts. Pure.
import { TextBuffer } from '@codesync/ot';
import {
  type BlobHash,
  type BlobRef,
  type CommandKind,
  type EventKind,
  type FileId,
  LIMITS,
  pathProblem,
} from '@codesync/protocol';
import { anchorsFromJson, anchorsToJson } from '../anchors.ts';
import { type Decision, fact, type Given, refuse } from '../decision.ts';
import { keepDeletedFolders } from '../deleted.ts';
import { byId, withEntry, withoutEntry } from '../entries.ts';
import {
  type FileEntry,
  type FilesPart,
  isFolder,
  isText,
  treePaths,
  treeSize,
  withDeletedFolder,
  withEmpty,
  withFiles,
  withMoved,
  withoutFiles,
  withoutFolder,
} from '../file-tree.ts';
import type { FoldedTexts } from '../folded-text.ts';
import type { EventOf, Noun } from '../noun.ts';
import { isOrLiesIn, liesIn, obstacleTo, type Placed, parentOf, placeFor } from '../paths.ts';
import { blobBytes, tooLarge } from '../sizes.ts';

type Of<Kind> = Extract<Kind, `file.${string}` | `folder.${string}`>;

const RENAME_FIRST = 'Another file has its name now. Rename that one, then bring this one back.';
const TOO_LONG = 'Names in that folder would become too long, or lie too deep. Choose another place.';

export const files: Noun<{
  part: FilesPart;
  kept: 'files' | 'deleted' | 'emptyFolders' | 'deletedFolders';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: FilesPart;
}> = {
  empty: { files: new Map(), emptyFolders: new Set(), deleted: new Map(), deletedFolders: new Map() },

  fold: {
    'file.created': (state, created, _, texts) => withFiles(state, [foldCreated(texts, created)]),
    'file.uploaded': (state, { file, path, blob }, _, texts) => {
      texts.set(file, { version: 0, buffer: TextBuffer.from('') });
      return withFiles(state, [{ id: file, path, language: null, blob }]);
    },
    'file.replaced': (state, { file, blob }) => ({
      ...state,
      files: withEntry(state.files, file, { ...entryOf(state, file), blob }),
    }),
    'file.restored': (state, { file, path, version, text }, _, texts) => {
      const deleted = state.deleted.get(file);
      const { language, blob } = deleted ?? { language: null, blob: null };
      texts.set(file, { version, buffer: TextBuffer.from(text), ...anchorsFromJson(deleted?.anchors) });
      return withFiles(state, [{ id: file, path, language, blob }]);
    },
    'file.renamed': (state, { file, path, emptied }) =>
      withEmpty(withFiles(state, [{ ...entryOf(state, file), path }]), emptied),
    'file.languageChanged': (state, { file, language }) => ({
      ...state,
      files: withEntry(state.files, file, { ...entryOf(state, file), language }),
    }),
    'file.deleted': (state, { file, emptied }, { at, actor }, texts) =>
      withEmpty(withoutFiles(state, [file], { at, by: actor }, texts), emptied),
    'folder.created': (state, { path }) => withEmpty(state, path),
    'folder.moved': (state, { from, to, emptied }) => withEmpty(withMoved(state, from, to), emptied),
    'folder.deleted': (state, { path, files, emptied }, { at, actor: by }, texts) => {
      const empty = [...state.emptyFolders].filter((folder) => isOrLiesIn(folder, path));
      const left = withoutFolder(withoutFiles(state, files, { at, by }, texts), path);
      return withEmpty(withDeletedFolder(left, { path, files, empty, by, at }), emptied);
    },
    'folder.restored': (state, { path, files, empty }, _, texts) => {
      const entries = files.map(({ file, path: at }) => {
        const deleted = state.deleted.get(file);
        if (deleted === undefined) throw new Error(`file ${file} comes back, and was not deleted`);
        const { version, text, anchors } = deleted;
        texts.set(file, { version, buffer: TextBuffer.from(text), ...anchorsFromJson(anchors) });
        return { id: file, path: at, language: deleted.language, blob: deleted.blob };
      });
      const whole = empty.reduce(withEmpty, withFiles(state, entries));
      return { ...whole, deletedFolders: withoutEntry(whole.deletedFolders, path) };
    },
  },

  decide: {
    'file.create': ({ fold: { state }, order }, _, { file, path, text }) => {
      if (state.files.has(file)) return refuse('file.exists');
      return (
        tooLarge(order.units + text.length, blobBytes(state.files)) ??
        noPlaceFor(state, path) ??
        fact({ kind: 'file.created', file, path, text })
      );
    },
    'file.upload': ({ fold: { state }, order }, _, { file, path, blob: hash }, given) => {
      if (state.files.has(file)) return refuse('file.exists');
      const obstacle = noPlaceFor(state, path);
      if (obstacle !== null) return obstacle;
      return withBlob(given, hash, (blob) => {
        const full = tooLarge(order.units, blobBytes(state.files) + blob.bytes);
        return full ?? fact({ kind: 'file.uploaded', file, path, blob });
      });
    },
    'file.replace': ({ fold: { state }, order }, _, { file, blob: hash }, given) => {
      const entry = state.files.get(file);
      if (entry === undefined) return refuse('file.unknown');
      const before = entry.blob;
      if (before === null) return refuse('file.text');
      return withBlob(given, hash, (blob) => {
        const full = tooLarge(order.units, blobBytes(state.files) - before.bytes + blob.bytes);
        return full ?? fact({ kind: 'file.replaced', file, blob });
      });
    },
    'file.rename': ({ fold: { state } }, _, { file, path }) => {
      const from = state.files.get(file)?.path;
      if (from === undefined) return refuse('file.unknown');
      const left = leave(state, from, (other) => other === from, path);
      return taken(left.tree, path) ?? fact({ kind: 'file.renamed', file, path, ...left.emptied });
    },
    'file.language': ({ fold: { state } }, _, { file, language }) => {
      if (!state.files.has(file)) return refuse('file.unknown');
      return isText(state, file)
        ? fact({ kind: 'file.languageChanged', file, language })
        : refuse('file.binary');
    },
    'file.delete': ({ fold: { state } }, _, { file }) => {
      const path = state.files.get(file)?.path;
      if (path === undefined) return refuse('file.unknown');
      const { emptied } = leave(state, path, (other) => other === path);
      return fact({ kind: 'file.deleted', file, ...emptied });
    },
    /** Brings the file back as it was: under its name or, if another file has that now, beside it. */
    'file.restore': ({ fold: { state }, order }, _, { file }) => {
      if (state.files.has(file)) return refuse('file.restored');
      const deleted = state.deleted.get(file);
      if (deleted === undefined) return refuse('file.gone');
      if (treeSize(state) >= LIMITS.files) return refuse('file.tooMany');
      const { version, text, blob } = deleted;
      const bytes = blobBytes(state.files) + (blob?.bytes ?? 0);
      const full = tooLarge(order.units + text.length, bytes);
      if (full !== null) return full;
      const path = placeFor(deleted.path, state, isUsable);
      if (path === null) return refuse('file.exists', RENAME_FIRST);
      return fact({ kind: 'file.restored', file, path, version, text });
    },
    'folder.create': ({ fold: { state } }, _, { path }) =>
      noPlaceFor(state, path) ?? fact({ kind: 'folder.created', path }),
    'folder.move': ({ fold: { state } }, _, { from, to }) => {
      if (!isFolder(state, from)) return refuse('folder.unknown');
      if (liesIn(to, from)) return refuse('folder.inside');
      const leaves = (path: string) => isOrLiesIn(path, from);
      for (const path of treePaths(state)) {
        if (leaves(path) && !isUsable(to + path.slice(from.length))) return refuse('file.path', TOO_LONG);
      }
      const left = leave(state, from, leaves, to);
      return taken(left.tree, to) ?? fact({ kind: 'folder.moved', from, to, ...left.emptied });
    },
    'folder.delete': ({ fold: { state } }, _, { path }) => {
      if (!isFolder(state, path)) return refuse('folder.unknown');
      const files = [...state.files.values()].filter((file) => liesIn(file.path, path)).map(({ id }) => id);
      const { emptied } = leave(state, path, (other) => isOrLiesIn(other, path));
      return fact({ kind: 'folder.deleted', path, files, ...emptied });
    },
    /** Brings back what lay in the folder, each file as `file.restore` does. */
    'folder.restore': ({ fold: { state }, order }, _, { path }) => {
      const folder = keepDeletedFolders(state.deletedFolders, state.deleted).get(path);
      if (folder === undefined) return refuse('folder.gone');
      const gone = folder.files.flatMap((id) => state.deleted.get(id) ?? []);
      const units = gone.reduce((sum, { text }) => sum + text.length, order.units);
      const bytes = gone.reduce((sum, { blob }) => sum + (blob?.bytes ?? 0), blobBytes(state.files));
      const full = tooLarge(units, bytes);
      if (full !== null) return full;
      if (treeSize(state) + gone.length + folder.empty.length > LIMITS.files) return refuse('file.tooMany');
      const files = new Map(state.files);
      const back: { file: FileId; path: string }[] = [];
      for (const { id, path: was, language, blob } of gone) {
        const at = placeFor(was, { ...state, files }, isUsable);
        if (at === null) return refuse('file.exists', RENAME_FIRST);
        files.set(id, { id, path: at, language, blob });
        back.push({ file: id, path: at });
      }
      const empty = folder.empty.filter((each) => obstacleTo(each, { ...state, files }) === null);
      return fact({ kind: 'folder.restored', path, files: back, empty });
    },
  },

  toKeyframe: (part, texts) => ({
    files: [...part.files.values()].map(({ id, path, language, blob }) => {
      const { version, buffer, anchors } = texts.get(id)!;
      return { id, path, language, blob, version, text: buffer.toString(), ...anchorsToJson(anchors) };
    }),
    deleted: [...part.deleted.values()],
    emptyFolders: [...part.emptyFolders],
    deletedFolders: [...part.deletedFolders.values()],
  }),
  fromKeyframe: ({ files, deleted, emptyFolders, deletedFolders }, texts) => {
    for (const { id, version, text, anchors } of files) {
      texts.set(id, { version, buffer: TextBuffer.from(text), ...anchorsFromJson(anchors) });
    }
    return {
      files: byId(files.map(({ id, path, language, blob }) => ({ id, path, language, blob }))),
      deleted: byId(deleted),
      emptyFolders: new Set(emptyFolders),
      deletedFolders: new Map(deletedFolders.map((folder) => [folder.path, folder])),
    };
  },
};

/** Folds the text of a new file. Its entry has to come into the state by `withFiles`. */
export function foldCreated(texts: FoldedTexts, { file, path, text }: EventOf<'file.created'>): FileEntry {
  texts.set(file, { version: 0, buffer: TextBuffer.from(text) });
  return { id: file, path, language: null, blob: null };
}

/** Decides on a file whose content is `hash`, once it is known how long that is. */
function withBlob({ blob }: Given, hash: BlobHash, decide: (blob: BlobRef) => Decision): Decision {
  if (blob?.hash !== hash) return { kind: 'blob', hash };
  return blob.bytes === null ? refuse('blob.unknown') : decide({ hash, bytes: blob.bytes });
}

/** @throws Error if there is no such file: the log is damaged. */
function entryOf({ files }: FilesPart, file: FileId): FileEntry {
  const entry = files.get(file);
  if (entry === undefined) throw new Error(`there is no file ${file}`);
  return entry;
}

function isUsable(path: string): boolean {
  return pathProblem(path) === null;
}

/** Why nothing new can be made at `path`; null when it can. */
function noPlaceFor(state: FilesPart, path: string): Decision | null {
  return treeSize(state) >= LIMITS.files ? refuse('file.tooMany') : taken(state, path);
}

/** Why nothing of `tree` may move to `path`; null when it may. */
function taken(tree: Placed, path: string): Decision | null {
  const obstacle = obstacleTo(path, tree);
  switch (obstacle?.kind) {
    case undefined:
      return null;
    case 'file':
      return refuse('file.exists');
    case 'folder':
      return refuse('folder.exists');
    case 'inFile':
      return refuse(
        'file.exists',
        `There is a file “${obstacle.path}”: nothing can lie in it. Choose another name.`,
      );
    case 'case':
      return refuse(
        'file.case',
        `There is “${obstacle.instead}” already. It differs from “${obstacle.path}” only in capitals, which some systems cannot tell apart. Choose another name.`,
      );
  }
}

/**
 * What stays when everything that `leaves` has left the folder of `from`. It is emptied by that, unless `to` lies in
 * it again.
 */
function leave(
  { files, emptyFolders }: FilesPart,
  from: string,
  leaves: (path: string) => boolean,
  to?: string,
): { readonly tree: Placed; readonly emptied: { readonly emptied?: string } } {
  const tree = {
    files: new Map([...files].filter(([, { path }]) => !leaves(path))),
    emptyFolders: new Set([...emptyFolders].filter((path) => !leaves(path))),
  };
  const folder = parentOf(from);
  const isEmptied = folder !== null && !(to !== undefined && liesIn(to, folder)) && !isFolder(tree, folder);
  if (!isEmptied) return { tree, emptied: {} };
  return { tree: { ...tree, emptyFolders: tree.emptyFolders.add(folder) }, emptied: { emptied: folder } };
}
