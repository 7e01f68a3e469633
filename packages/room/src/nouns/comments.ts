// Comments: threads of them, each about a range of a file, which stands with the file's text (anchors.ts). Pure.
import {
  type CommandKind,
  type Comment,
  type CommentId,
  type EventKind,
  LIMITS,
  may,
  type ParticipantId,
  type Thread,
} from '@codesync/protocol';
import { type Decision, fact, refuse } from '../decision.ts';
import { byId, withEntry, withoutEntry } from '../entries.ts';
import { type FilesPart, isText } from '../file-tree.ts';
import type { FoldedTexts } from '../folded-text.ts';
import type { Noun } from '../noun.ts';
import type { MembersPart } from './participants.ts';

export type CommentsPart = {
  /** In the order in which they were begun. The file of one may be deleted. */
  readonly threads: ReadonlyMap<CommentId, Thread>;
};

type Of<Kind> = Extract<Kind, `comment.${string}`>;
type Sees = CommentsPart & FilesPart & MembersPart;

export const comments: Noun<{
  part: CommentsPart;
  kept: 'threads';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: Sees;
}> = {
  empty: { threads: new Map() },

  fold: {
    'comment.opened': (state, { comment: id, file, version, start, end, quote, text }, event, texts) => {
      const folded = texts.get(file);
      if (folded?.version !== version) throw new Error(`comment on version ${version} of ${file}`);
      folded.anchors ??= new Map();
      folded.anchors.set(id, { start, end });
      const { actor: by } = event;
      const thread: Thread = { id, file, quote, by, resolved: null, comments: [written(id, text, event)] };
      return { ...state, threads: withEntry(state.threads, id, thread) };
    },
    'comment.replied': (state, { thread, comment, text }, event) =>
      withThread(state, thread, (before) => ({
        ...before,
        comments: [...before.comments, written(comment, text, event)],
      })),
    'comment.edited': (state, { thread, comment, text }, { at }) =>
      withThread(state, thread, (before) => ({
        ...before,
        comments: before.comments.map((each) =>
          each.id === comment ? { ...each, text, editedAt: at } : each,
        ),
      })),
    'comment.deleted': (state, { thread: id, comment }, _, texts) => {
      const left = threadOf(state, id).comments.filter((each) => each.id !== comment);
      if (left.length === 0) return withoutThread(state, id, texts);
      return withThread(state, id, (before) => ({ ...before, comments: left }));
    },
    'comment.resolved': (state, { thread }, { at, actor: by }) =>
      withThread(state, thread, (before) => ({ ...before, resolved: { by, at } })),
    'comment.reopened': (state, { thread }) =>
      withThread(state, thread, (before) => ({ ...before, resolved: null })),
  },

  decide: {
    'comment.open': ({ fold: { state, texts }, order }, _, command, { older }) => {
      const { comment, file, version: base, start, end, text } = command;
      if (!isText(state, file)) return refuse('file.binary');
      if (state.threads.has(comment)) return refuse('comment.exists');
      if (state.threads.size >= LIMITS.threads) return refuse('comment.tooMany');
      const full = tooMuch(state, text.length);
      if (full !== null) return full;
      const placed = order.placeRange(file, base, { start, end }, older);
      if (placed.kind !== 'placed') return placed;
      const { version, range } = placed;
      const quoted = Math.min(range.end, range.start + LIMITS.quoteUnits);
      const quote = texts.get(file)!.buffer.slice(range.start, quoted).toWellFormed();
      return fact({ kind: 'comment.opened', comment, file, version, ...range, quote, text });
    },
    'comment.reply': ({ fold: { state } }, _, { thread: id, comment, text }) => {
      const thread = state.threads.get(id);
      if (thread === undefined) return refuse('comment.unknown');
      if (commentOf(thread, comment) !== undefined) return refuse('comment.exists');
      if (thread.comments.length >= LIMITS.commentsPerThread) return refuse('comment.threadFull');
      return tooMuch(state, text.length) ?? fact({ kind: 'comment.replied', thread: id, comment, text });
    },
    'comment.edit': ({ fold: { state } }, actor, { thread, comment, text }) => {
      const before = commentOf(state.threads.get(thread), comment);
      if (before === undefined) return refuse('comment.unknown');
      if (before.by !== actor) return refuse('comment.notYours');
      const full = tooMuch(state, text.length - before.text.length);
      return full ?? fact({ kind: 'comment.edited', thread, comment, text });
    },
    'comment.delete': ({ fold: { state } }, actor, { thread, comment }) => {
      const before = commentOf(state.threads.get(thread), comment);
      if (before === undefined) return refuse('comment.unknown');
      return mayDeleteComment(state, actor, before)
        ? fact({ kind: 'comment.deleted', thread, comment })
        : refuse('comment.notYours');
    },
    'comment.resolve': ({ fold: { state } }, actor, { thread: id }) => {
      const thread = state.threads.get(id);
      if (thread === undefined) return refuse('comment.unknown');
      if (!mayResolve(state, actor, thread)) return refuse('comment.resolve');
      return thread.resolved === null
        ? fact({ kind: 'comment.resolved', thread: id })
        : refuse('comment.resolved');
    },
    'comment.reopen': ({ fold: { state } }, actor, { thread: id }) => {
      const thread = state.threads.get(id);
      if (thread === undefined) return refuse('comment.unknown');
      if (!mayResolve(state, actor, thread)) return refuse('comment.resolve');
      return thread.resolved === null
        ? refuse('comment.open')
        : fact({ kind: 'comment.reopened', thread: id });
    },
  },

  toKeyframe: ({ threads }) => ({ threads: [...threads.values()] }),
  fromKeyframe: ({ threads }) => ({ threads: byId(threads) }),
};

/** Whether somebody may resolve and reopen a thread: editors, and whoever began it. */
export function mayResolve(
  { members }: MembersPart,
  actor: ParticipantId,
  { by }: Pick<Thread, 'by'>,
): boolean {
  return by === actor || may(members.get(actor)?.role ?? 'viewer', 'edit');
}

/** Whether somebody may delete a comment: whoever wrote it, and hosts. */
export function mayDeleteComment(
  { members }: MembersPart,
  actor: ParticipantId,
  { by }: Pick<Comment, 'by'>,
): boolean {
  return by === actor || members.get(actor)?.role === 'host';
}

function commentOf(thread: Thread | undefined, id: CommentId): Comment | undefined {
  return thread?.comments.find((comment) => comment.id === id);
}

function written(
  id: CommentId,
  text: string,
  { at, actor: by }: { readonly at: number; readonly actor: ParticipantId | null },
): Comment {
  return { id, by, at, editedAt: null, text };
}

function threadOf({ threads }: CommentsPart, id: CommentId): Thread {
  const thread = threads.get(id);
  if (thread === undefined) throw new Error(`there is no thread ${id}`);
  return thread;
}

function withThread<State extends CommentsPart>(
  state: State,
  id: CommentId,
  change: (thread: Thread) => Thread,
): State {
  return { ...state, threads: withEntry(state.threads, id, change(threadOf(state, id))) };
}

function withoutThread<State extends CommentsPart>(state: State, id: CommentId, texts: FoldedTexts): State {
  texts.get(threadOf(state, id).file)?.anchors?.delete(id);
  return { ...state, threads: withoutEntry(state.threads, id) };
}

/** Why so many units more cannot be kept; null when they can. */
function tooMuch({ threads }: CommentsPart, units: number): Decision | null {
  let all = units;
  for (const { comments } of threads.values()) for (const { text } of comments) all += text.length;
  return units > 0 && all > LIMITS.commentUnitsOfAll ? refuse('comment.tooMuch') : null;
}
