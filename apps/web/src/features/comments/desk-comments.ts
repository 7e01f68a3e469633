// The comments as this person's screen has them: which thread is looked at, what is being written, where each one is.
import type { CommentId, FileId, ParticipantId, RoomId } from '@codesync/protocol';
import { carryRange, type Range, type RoomState } from '@codesync/room';
import { createStore, useStore } from 'zustand';
import { type Desk, perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { recall, remember } from '../../storage.ts';
import { inOrder, lineOf, type Placed } from './places.ts';
import { type Unsent, UnsentComments } from './unsent.ts';

/** A range that a thread is about to be begun on. It moves with the text. */
type Beginning = { readonly file: FileId; readonly range: Range; readonly quote: string };

type Shown = {
  /** In order. Those that are resolved are among them. */
  readonly placed: readonly Placed[];
  /** The thread that is looked at: it is open in the panel, and stands out in the code. */
  readonly chosen: CommentId | null;
  readonly beginning: Beginning | null;
  /** Whether the list has the threads that are resolved, instead of those that are open. */
  readonly resolved: boolean;
  /** The field that is to have the focus; another object asks for it again. */
  readonly wanted: { readonly field: 'new' | 'reply' | 'thread' } | null;
  /** What is said aloud. */
  readonly spoken: string;
  /** Comments up to this moment were seen, Unix milliseconds. */
  readonly seenAt: number;
};

const seenKey = (room: RoomId) => `codesync-comments-seen:${room}`;
const readTime = (value: unknown) => (typeof value === 'number' ? value : null);

export const commentsOf = perDesk((desk) =>
  createStore<Shown>(() => ({
    placed: [],
    chosen: null,
    beginning: null,
    resolved: false,
    wanted: null,
    spoken: '',
    seenAt: recall(seenKey(desk.view().id), readTime, 0),
  })),
);

export const unsentOf = perDesk((desk) => new UnsentComments(desk.source));

export function useComments<T>(select: (shown: Shown) => T): T {
  return useStore(commentsOf(useDesk()), select);
}

export function useUnsent(): readonly Unsent[] {
  return useStore(unsentOf(useDesk()).state);
}

/** Looks again where the threads are. */
export function placeThreads(desk: Desk): void {
  const { room } = desk.view();
  const texts = new Map<FileId, string | null>();
  const placed = [...room.threads.values()].map((thread): Placed => {
    const { file } = thread;
    if (!texts.has(file)) texts.set(file, desk.source.text(file));
    const text = texts.get(file) ?? null;
    const range = desk.source.anchors(file).get(thread.id) ?? null;
    const line = text === null || range === null ? 0 : lineOf(text, range.start);
    return { thread, path: pathOf(room, file), range, line };
  });
  commentsOf(desk).setState({ placed: inOrder(placed) });
}

/** The path of a file, or the one that it had. */
export function pathOf({ files, deleted }: RoomState, file: FileId): string {
  return (files.get(file) ?? deleted.get(file))?.path ?? 'A deleted file';
}

/** Moves what is about to be commented on along with the text. */
export function followTexts(desk: Desk): () => void {
  const store = commentsOf(desk);
  return desk.source.onTexts(({ file, op }) => {
    const { beginning } = store.getState();
    if (beginning?.file !== file || op === null) return;
    store.setState({ beginning: { ...beginning, range: carryRange(beginning.range, op) } });
  });
}

/** All comments that there are were seen. */
export function seeAll(desk: Desk): void {
  const newest = newestOf(desk.view().room, null);
  if (newest <= commentsOf(desk).getState().seenAt) return;
  commentsOf(desk).setState({ seenAt: newest });
  remember(seenKey(desk.view().id), newest);
}

/** When the last comment was written that is not by this person; 0 for never. */
export function newestOf({ threads }: Pick<RoomState, 'threads'>, you: ParticipantId | null): number {
  let newest = 0;
  for (const { comments } of threads.values())
    for (const { by, at, editedAt } of comments) if (by !== you) newest = Math.max(newest, editedAt ?? at);
  return newest;
}
