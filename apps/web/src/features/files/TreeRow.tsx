import type { Member } from '@codesync/protocol';
import type { ItemInstance } from '@headless-tree/core';
import clsx from 'clsx';
import { type KeyboardEvent, type MouseEvent, memo, type ReactNode } from 'react';
import { FileIcon } from './FileIcon.tsx';
import { FolderIcon } from './FolderIcon.tsx';
import { MoreButton } from './MoreButton.tsx';
import { PeopleHere } from './PeopleHere.tsx';
import type { TreeNode } from './tree.ts';

type TreeRowProps = {
  item: ItemInstance<TreeNode>;
  node: TreeNode;
  depth: number;
  /** For folders: whether what lies in it is shown. */
  open: boolean;
  /** It is the file that is seen. */
  active: boolean;
  selected: boolean;
  /** The keyboard comes here first. */
  focused: boolean;
  /** What is dragged would come into this folder. */
  target: boolean;
  /** It is held to be moved. */
  moving: boolean;
  /** The others who have their cursor in it. */
  people: readonly Member[];
  onClick: (event: MouseEvent, id: string) => void;
  onDoubleClick: (event: MouseEvent, id: string) => void;
  /** A key was pressed on the row itself. */
  onKey: (event: KeyboardEvent, id: string) => void;
  /** The row's open menu with its button, if it has one. */
  menu: ReactNode;
  /** Opens the row's menu; absent: it has none. */
  onMenu: ((id: string) => void) | undefined;
};

/** A file or folder in the list. */
export const TreeRow = memo(function TreeRow(props: TreeRowProps) {
  const {
    item,
    node,
    depth,
    open,
    active,
    selected,
    focused,
    target,
    moving,
    people,
    onClick,
    onDoubleClick,
    onKey,
    menu,
    onMenu,
  } = props;
  const given = item.getProps();
  return (
    <div
      {...given}
      role="treeitem"
      data-path={node.path}
      aria-label={
        people.length === 0 ? node.name : `${node.name}, here: ${people.map(({ name }) => name).join(', ')}`
      }
      aria-selected={selected}
      tabIndex={focused ? 0 : -1}
      onFocus={() => item.setFocused()}
      onDragStart={(event) => {
        // The row with the focus stays drawn, and a drag ends with the row that it began at.
        item.setFocused();
        given.onDragStart(event);
      }}
      onClick={(event) => onClick(event, node.id)}
      onDoubleClick={(event) => {
        // Its menu's button is no part of it.
        if (event.target instanceof Element && event.target.closest('button') === null)
          onDoubleClick(event, node.id);
      }}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget) onKey(event, node.id);
      }}
      onContextMenu={(event) => {
        if (onMenu === undefined) return;
        event.preventDefault();
        onMenu(node.id);
      }}
      className={clsx(
        'group mx-1 flex h-7 select-none items-center gap-1.5 rounded-md pr-1 phone:h-11',
        'focus-visible:-outline-offset-1',
        target && 'ring-1 ring-accent ring-inset',
        moving && 'opacity-60',
        active || selected ? 'bg-surface-3 text-ink-1' : 'text-ink-2 hover:bg-surface-2 hover:text-ink-1',
      )}
      style={{ paddingLeft: 8 + depth * 12 }}
    >
      {node.kind === 'folder' ? <FolderIcon open={open} /> : <FileIcon file={node} />}
      <span className="min-w-0 flex-1 truncate">{node.name}</span>
      {people.length > 0 && <PeopleHere people={people} />}
      {menu ?? (onMenu !== undefined && <MoreButton path={node.path} onClick={() => onMenu(node.id)} />)}
    </div>
  );
});
