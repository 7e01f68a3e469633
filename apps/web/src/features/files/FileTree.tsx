import type { FileId, Member } from '@codesync/protocol';
import { foldersOf } from '@codesync/room';
import {
  buildProxiedInstance,
  dragAndDropFeature,
  selectionFeature,
  syncDataLoaderFeature,
} from '@headless-tree/core';
import { useTree } from '@headless-tree/react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useRoom } from '../../desk/room.tsx';
import { selectRange, type TreeActs, treeKey } from './keys.ts';
import { TreeRow } from './TreeRow.tsx';
import { fileNodeId, isShown, ROOT, type TreeEntry, type TreeNode, treeNodes } from './tree.ts';
import { useDrawnRows } from './useDrawnRows.ts';
import { useOthersByFile } from './useOthersByFile.ts';

type FileTreeProps = {
  /** The file that is seen. */
  active: FileId | null;
  /** `how`: a file is only looked at, or to be kept open. */
  onOpen: (file: FileId, how: 'preview' | 'keep') => void;
  /** Null: the tree is only read. */
  acts: TreeActs | null;
  /** The row whose menu is, or was last, open. */
  menuOf?: string | null;
  /** That menu with its button. `entries`: what it is about, which is the row or all that are selected with it. */
  menu?: (node: TreeNode, entries: readonly TreeEntry[]) => ReactNode;
  /** The row that `instead` stands in the place of. */
  insteadOf?: string | null;
  instead?: (node: TreeNode, depth: number) => ReactNode;
  /** What is held to be moved. */
  moving?: ReadonlySet<string>;
};

const NOTHING: ReadonlySet<string> = new Set();
const NOBODY: readonly Member[] = [];
/** Stands in for what was deleted while the tree still asks for it. */
const GONE: TreeNode = {
  kind: 'folder',
  path: '',
  id: '',
  name: '',
  language: null,
  blob: null,
  children: [],
};

/**
 * The room's files and folders, and who is where in them. Arrow keys walk it; several can be selected and dragged. It
 * scrolls by itself, and draws the rows that are in sight.
 */
export function FileTree(props: FileTreeProps) {
  const { active, onOpen, acts, menuOf, menu, insteadOf, instead, moving = NOTHING } = props;
  const files = useRoom(({ room }) => room.files);
  const emptyFolders = useRoom(({ room }) => room.emptyFolders);
  const others = useOthersByFile();
  const nodes = useMemo(
    () => treeNodes(files.values(), foldersOf({ files, emptyFolders })),
    [files, emptyFolders],
  );

  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  // A new array tells the tree to look at its nodes anew.
  const expandedItems = useMemo(
    () =>
      [...nodes.values()].filter(({ id, kind }) => kind === 'folder' && !closed.has(id)).map(({ id }) => id),
    [nodes, closed],
  );
  const [cursor, setCursor] = useState<string | null>(null);
  const activeId = active === null ? null : fileNodeId(active);
  const focusedItem = [cursor, activeId].find((id) => id !== null && isShown(nodes, closed, id)) ?? null;
  // What is selected gives way when another file is opened.
  const [selection, setSelection] = useState<{ readonly of: FileId | null; readonly ids: readonly string[] }>(
    {
      of: active,
      ids: [],
    },
  );
  const selectedItems = useMemo(() => {
    const ids = selection.of === active ? selection.ids.filter((id) => nodes.has(id)) : [];
    return ids.length > 0 || activeId === null ? [...ids] : [activeId];
  }, [selection, active, activeId, nodes]);
  const selected = useMemo(() => new Set<string>(selectedItems), [selectedItems]);

  const tree = useTree<TreeNode>({
    rootItemId: ROOT,
    // The other kind makes every method of every row at once.
    instanceBuilder: buildProxiedInstance,
    features: [syncDataLoaderFeature, selectionFeature, dragAndDropFeature],
    dataLoader: {
      getItem: (id) => nodes.get(id) ?? GONE,
      getChildren: (id) => [...(nodes.get(id)?.children ?? [])],
    },
    getItemName: (item) => item.getItemData().name,
    isItemFolder: (item) => item.getItemData().kind === 'folder',
    state: { expandedItems, focusedItem, selectedItems },
    setExpandedItems: (next) => {
      const open = new Set(typeof next === 'function' ? next(expandedItems) : next);
      const folders = [...nodes.values()].filter(({ kind }) => kind === 'folder').map(({ id }) => id);
      setClosed(new Set(folders.filter((id) => !open.has(id))));
    },
    setFocusedItem: (next) => setCursor(typeof next === 'function' ? next(focusedItem) : next),
    setSelectedItems: (next) =>
      setSelection({ of: active, ids: typeof next === 'function' ? next(selectedItems) : next }),
    canReorder: false,
    canDrag: () => acts !== null,
    canDrop: (_, { item }) => acts !== null && item.isFolder(),
    onDrop: (items, { item }) =>
      acts?.move(
        items.map((dragged) => dragged.getItemData()),
        item.getItemData().path,
      ),
    canDragForeignDragObjectOver: ({ types }, { item }) =>
      acts !== null && item.isFolder() && types.includes('Files'),
    canDropForeignDragObject: (_, { item }) => acts !== null && item.isFolder(),
    onDropForeignDragObject: (data, { item }) => acts?.upload(data, item.getItemData().path),
  });

  const items = tree.getItems();
  // They keep the focus, an open menu and a half-typed name while they are scrolled out of sight.
  const kept = [focusedItem ?? items[0]?.getId(), menuOf, insteadOf].flatMap((id) =>
    id === null || id === undefined ? [] : tree.getItemInstance(id).getItemMeta().index,
  );
  const { scroller, height, rows, measure } = useDrawnRows(items, kept);
  /** What is done with a row is done with all that are selected together with it. */
  const entriesAt = (node: TreeNode): readonly TreeEntry[] =>
    selected.has(node.id) ? selectedItems.flatMap((id) => nodes.get(id) ?? []) : [node];
  const choose = (node: TreeNode, how: 'preview' | 'keep') => {
    if (node.kind === 'file') onOpen(node.file, how);
    else setClosed(toggled(closed, node.id));
  };

  const anchor = useRef<string | null>(null);
  const pressed = (event: KeyboardEvent, id: string) => {
    const row = tree.getItemInstance(id);
    const entries = entriesAt(row.getItemData());
    const act = treeKey(event, { tree, row, items, entries, anchor, choose, acts });
    if (act === null) return;
    event.preventDefault();
    act();
  };
  const clicked = (event: MouseEvent, id: string) => {
    const item = tree.getItemInstance(id);
    item.setFocused();
    if (event.shiftKey) {
      anchor.current ??= focusedItem;
      selectRange({ tree, items, anchor }, item);
      return;
    }
    anchor.current = id;
    if (event.ctrlKey || event.metaKey) item.toggleSelect();
    else {
      setSelection({ of: active, ids: [id] });
      choose(item.getItemData(), 'preview');
    }
  };

  const doubleClicked = (event: MouseEvent, id: string) => {
    const node = tree.getItemInstance(id).getItemData();
    const plain = !(event.shiftKey || event.ctrlKey || event.metaKey);
    if (plain && node.kind === 'file') choose(node, 'keep');
  };

  // The same for good: rows are drawn anew only when something of theirs changes.
  const newest = useRef({ clicked, doubleClicked, pressed });
  newest.current = { clicked, doubleClicked, pressed };
  const onClick = useCallback((event: MouseEvent, id: string) => newest.current.clicked(event, id), []);
  const onDoubleClick = useCallback(
    (event: MouseEvent, id: string) => newest.current.doubleClicked(event, id),
    [],
  );
  const onKey = useCallback((event: KeyboardEvent, id: string) => newest.current.pressed(event, id), []);

  const container = tree.getContainerProps();
  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden pb-3 [overflow-anchor:none]"
    >
      <div
        {...container}
        role="tree"
        aria-label="Files of the room"
        aria-multiselectable="true"
        className="min-h-full"
        style={{ ...container.style, height }}
      >
        {rows.map(({ item, index, top }) => {
          const node = item.getItemData();
          const depth = item.getItemMeta().level;
          return (
            <div
              key={node.id}
              ref={measure}
              role="none"
              data-index={index}
              className="absolute inset-x-0"
              style={{ top }}
            >
              {node.id === insteadOf ? (
                instead?.(node, depth)
              ) : (
                <TreeRow
                  item={item}
                  node={node}
                  depth={depth}
                  open={!closed.has(node.id)}
                  active={node.kind === 'file' && node.file === active}
                  selected={selected.has(node.id)}
                  focused={item.isFocused()}
                  target={item.isUnorderedDragTarget()}
                  moving={moving.has(node.id)}
                  people={node.kind === 'file' ? (others.get(node.file) ?? NOBODY) : NOBODY}
                  onClick={onClick}
                  onDoubleClick={onDoubleClick}
                  onKey={onKey}
                  menu={menuOf === node.id ? menu?.(node, entriesAt(node)) : undefined}
                  onMenu={acts?.openMenu}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** `ids` with `id` taken out if it is among them, and put in if it is not. */
function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
