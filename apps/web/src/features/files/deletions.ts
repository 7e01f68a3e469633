// What was deleted in a room and can be brought back: folders as a whole, and files by themselves. Pure.
import type { ParticipantId } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import type { TreeEntry } from './tree.ts';

export type Deletion = {
  /** Unlike that of every other deletion, also of the same thing. */
  readonly id: string;
  readonly entry: TreeEntry;
  readonly by: ParticipantId | null;
  readonly at: number;
};

type Deleted = Pick<RoomState, 'deleted' | 'deletedFolders'>;

/** The deletions that can be undone, the last one last. A file that went with its folder is part of that. */
export function deletionsOf({ deleted, deletedFolders }: Deleted): readonly Deletion[] {
  const found: Deletion[] = [];
  const inFolders = new Set<string>();
  for (const { path, files, empty, by, at } of deletedFolders.values()) {
    const left = files.filter((file) => deleted.get(file)?.at === at);
    for (const file of left) inFolders.add(file);
    if (left.length + empty.length === 0) continue;
    found.push({ id: `${path}/ ${at}`, entry: { kind: 'folder', path }, by, at });
  }
  for (const { id, path, by, at } of deleted.values()) {
    if (!inFolders.has(id))
      found.push({ id: `${id} ${at}`, entry: { kind: 'file', file: id, path }, by, at });
  }
  return found.sort((a, b) => a.at - b.at);
}
