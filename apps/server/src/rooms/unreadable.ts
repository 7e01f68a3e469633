import { type Refusal, refusal } from '@codesync/protocol';
import { Unreadable } from '@codesync/room';
import { StorageUnavailable } from '../ports.ts';
import type { GroupCommit } from './group-commit.ts';

/** What a person is told of a room with something stored that this version cannot read. */
export function unreadableRefusal({ newer }: Unreadable): Refusal {
  return refusal(newer ? 'room.newer' : 'room.damaged');
}

/** What a person is told when the log could not be read for them. Throws an error that is a bug. */
export function readingRefusal(error: unknown, commit: Pick<GroupCommit, 'unsaved'>): Refusal {
  if (error instanceof StorageUnavailable) return refusal(commit.unsaved);
  if (error instanceof Unreadable) return unreadableRefusal(error);
  throw error;
}
