// What the keys do in the list of files.
import type { ItemInstance, TreeInstance } from '@headless-tree/core';
import type { KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import type { TreeEntry, TreeNode } from './tree.ts';

/** What can be done with the files and folders of the tree, for whoever may. */
export type TreeActs = {
  readonly rename: (entry: TreeEntry) => void;
  readonly remove: (entries: readonly TreeEntry[]) => void;
  readonly hold: (how: 'move' | 'copy', entries: readonly TreeEntry[]) => void;
  /** Puts what is held into the folder of `beside`. */
  readonly paste: (beside: TreeEntry) => void;
  readonly holds: () => boolean;
  readonly letGo: () => void;
  readonly move: (entries: readonly TreeEntry[], folder: string) => void;
  readonly upload: (data: DataTransfer, folder: string) => void;
  readonly openMenu: (id: string) => void;
};

type Row = ItemInstance<TreeNode>;

type Pressed = {
  readonly tree: TreeInstance<TreeNode>;
  /** The row that has the focus, among all rows. */
  readonly row: Row;
  readonly items: readonly Row[];
  /** What is done with the row is done with these. */
  readonly entries: readonly TreeEntry[];
  /** Where the range of selected rows begins; null: at the row that has the focus. */
  readonly anchor: { current: string | null };
  readonly choose: (node: TreeNode, how: 'preview' | 'keep') => void;
  readonly acts: TreeActs | null;
};

/** What a key does there, as in the trees of other editors; null when it means nothing. */
export function treeKey(event: KeyboardEvent, pressed: Pressed): (() => void) | null {
  if (event.altKey) return null;
  const { key } = event;
  if (event.ctrlKey || event.metaKey)
    return event.shiftKey ? null : (withControl(pressed)[key.toLowerCase()] ?? null);
  if (event.shiftKey) return withShift(pressed)[key] ?? null;
  pressed.anchor.current = null;
  const known = alone(pressed)[key];
  if (known !== undefined) return known;
  return key.length === 1 ? () => goToLetter(key, pressed) : null;
}

type Keys = Partial<Record<string, () => void>>;

function alone({ row, items, entries, choose, acts }: Pressed): Keys {
  const node = row.getItemData();
  const at = items.indexOf(row);
  const isFolder = node.kind === 'folder';
  return {
    ...(acts?.holds() ? { Escape: acts.letGo } : {}),
    ArrowDown: () => focus(items[at + 1]),
    ArrowUp: () => focus(items[at - 1]),
    Home: () => focus(items[0]),
    End: () => focus(items.at(-1)),
    ArrowRight: () => {
      if (isFolder && !row.isExpanded()) row.expand();
      else if (isFolder) focus(items[at + 1]);
    },
    ArrowLeft: () => {
      if (isFolder && row.isExpanded()) row.collapse();
      else focus(items.find((item) => item.getId() === row.getItemMeta().parentId));
    },
    Enter: () => choose(node, 'keep'),
    ' ': () => choose(node, 'preview'),
    F2: () => acts?.rename(node),
    Delete: () => acts?.remove(entries),
    ContextMenu: () => acts?.openMenu(node.id),
  };
}

function withShift(pressed: Pressed): Keys {
  const { row, items, anchor, acts } = pressed;
  const at = items.indexOf(row);
  const extend = (to: Row | undefined) => {
    if (to === undefined) return;
    anchor.current ??= row.getId();
    selectRange(pressed, to);
    focus(to);
  };
  return {
    ArrowDown: () => extend(items[at + 1]),
    ArrowUp: () => extend(items[at - 1]),
    F10: () => acts?.openMenu(row.getId()),
  };
}

/** Selects the rows from the anchor to another one, and no others. */
export function selectRange(
  { tree, items, anchor }: Pick<Pressed, 'tree' | 'items' | 'anchor'>,
  to: Row,
): void {
  const ids = items.map((item) => item.getId());
  const ends = [ids.indexOf(anchor.current ?? to.getId()), ids.indexOf(to.getId())].map((at) =>
    Math.max(0, at),
  );
  tree.setSelectedItems(ids.slice(Math.min(...ends), Math.max(...ends) + 1));
}

function withControl({ tree, row, items, entries, acts }: Pressed): Keys {
  const forAll: Keys = {
    a: () => tree.setSelectedItems(items.map((item) => item.getId())),
    ' ': () => row.toggleSelect(),
  };
  if (acts === null) return forAll;
  return {
    ...forAll,
    x: () => acts.hold('move', entries),
    c: () => acts.hold('copy', entries),
    v: () => acts.paste(row.getItemData()),
  };
}

/** To the next row whose name begins with a letter. */
function goToLetter(letter: string, { row, items }: Pressed): void {
  const at = items.indexOf(row);
  const below = [...items.slice(at + 1), ...items.slice(0, at)];
  focus(below.find((item) => item.getItemName().toLowerCase().startsWith(letter.toLowerCase())));
}

function focus(row: Row | undefined): void {
  // A row out of sight is drawn when the tree learns that it has the focus.
  flushSync(() => row?.setFocused());
  row?.getElement()?.focus();
}
