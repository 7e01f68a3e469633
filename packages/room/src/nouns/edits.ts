// Edits: what people type into files. They change the texts of the fold, and nothing of its state. Pure.
import { carryAnchors } from '../anchors.ts';
import { carryPlaces } from '../chat-places.ts';
import { refuse } from '../decision.ts';
import { type FilesPart, isText } from '../file-tree.ts';
import type { FoldedTexts } from '../folded-text.ts';
import type { EventOf, Noun } from '../noun.ts';
import { blobBytes } from '../sizes.ts';

export const edits: Noun<{
  part: object;
  kept: never;
  events: 'edit';
  commands: 'edit';
  sees: FilesPart;
}> = {
  empty: {},

  fold: {
    edit: (state, edit, _, texts) => {
      foldEdit(texts, edit);
      return state;
    },
  },

  decide: {
    edit: ({ fold: { state }, order }, _, { file, base, op }, { older }) =>
      isText(state, file)
        ? order.place(file, base, op, older, blobBytes(state.files))
        : refuse('file.binary'),
  },

  toKeyframe: () => ({}),
  fromKeyframe: () => ({}),
};

/** Folds one edit. Throws when it is not the next one of its file. */
export function foldEdit(texts: FoldedTexts, { file, version, op }: EventOf<'edit'>): void {
  const text = texts.get(file);
  if (text === undefined) throw new Error(`edit of unknown file ${file}`);
  if (version !== text.version + 1) {
    throw new Error(`edit makes version ${version} of ${file}, which is at ${text.version}`);
  }
  text.buffer.apply(op);
  text.version = version;
  if (text.anchors !== undefined) carryAnchors(text.anchors, op);
  if (text.places !== undefined) carryPlaces(text.places, op);
}
