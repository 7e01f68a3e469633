/**
 * Comments: threads of them, each about a range of a file. A thread has the id of its first comment. The range is carried
 * through every later edit of the file (packages/room/src/anchors.ts).
 */
import { z } from 'zod';
import { CommentId, FileId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

export const CommentText = WellFormedText.trim().min(1).max(LIMITS.commentUnits);

const Position = z.int().min(0);
/** From the unit at `start` up to the one before `end`. A range of no length is a place between two units. */
const range = { start: Position, end: Position };
const comment = { thread: CommentId, comment: CommentId };
const thread = { thread: CommentId };

/** Where a thread is in the text of its file now: UTF-16 units. Of no length once all of its text was deleted. */
export const Anchor = z.object({ thread: CommentId, ...range });
export type Anchor = z.infer<typeof Anchor>;

/** Begins a thread. The range is one of the file at `version`; the server carries it to the newest. */
export const OpenComment = z.strictObject({
  kind: z.literal('comment.open'),
  comment: CommentId,
  file: FileId,
  version: z.int().min(0),
  ...range,
  text: CommentText,
});
export const ReplyComment = z.strictObject({
  kind: z.literal('comment.reply'),
  ...comment,
  text: CommentText,
});
/** Writes one's own comment anew. */
export const EditComment = z.strictObject({
  kind: z.literal('comment.edit'),
  ...comment,
  text: CommentText,
});
/** Takes a comment away: one's own or, as a host, anybody's. A thread goes with its last comment. */
export const DeleteComment = z.strictObject({ kind: z.literal('comment.delete'), ...comment });
export const ResolveThread = z.strictObject({ kind: z.literal('comment.resolve'), ...thread });
export const ReopenThread = z.strictObject({ kind: z.literal('comment.reopen'), ...thread });

/** `version` is the newest of the file, and the range is one of it. `quote`: the text there, or its beginning. */
export const CommentOpened = z.object({
  kind: z.literal('comment.opened'),
  comment: CommentId,
  file: FileId,
  version: z.int().min(0),
  ...range,
  quote: z.string(),
  text: z.string(),
});
export const CommentReplied = z.object({ kind: z.literal('comment.replied'), ...comment, text: z.string() });
export const CommentEdited = z.object({ kind: z.literal('comment.edited'), ...comment, text: z.string() });
export const CommentDeleted = z.object({ kind: z.literal('comment.deleted'), ...comment });
export const ThreadResolved = z.object({ kind: z.literal('comment.resolved'), ...thread });
export const ThreadReopened = z.object({ kind: z.literal('comment.reopened'), ...thread });
