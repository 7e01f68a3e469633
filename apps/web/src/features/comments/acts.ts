// What can be done with comments.
import { type CommandBody, CommentId, type FileId, LIMITS } from '@codesync/protocol';
import type { Range } from '@codesync/room';
import { nanoid } from 'nanoid';
import type { Desk } from '../../desk/desk.ts';
import type { MarginPress } from '../../editor/range-marks.ts';
import { commentsOf, unsentOf } from './desk-comments.ts';
import { lineAround, type Placed, spotOf, startOfLine, stepFrom } from './places.ts';

export const PANEL = 'comments';

const newCommentId = (): CommentId => CommentId.parse(nanoid(20));

/** Begins a comment on what is selected, else on the line; at a thread, a reply to that. */
export function commentHere(desk: Desk): void {
  const here = desk.editor.range();
  if (here === null) {
    desk.tell('Open a file and select what the comment is about.');
    return;
  }
  const { file, range } = here;
  const text = desk.source.text(file) ?? '';
  if (range.start !== range.end) {
    begin(desk, file, range);
    return;
  }
  const thread = openThreads(desk).find(
    (each) => each.thread.file === file && covers(each.range, range.start),
  );
  if (thread === undefined) begin(desk, file, lineAround(text, range.start));
  else choose(desk, thread.thread.id, 'reply');
}

const covers = (range: Range | null, position: number) =>
  range !== null && range.start <= position && position <= range.end;

function begin(desk: Desk, file: FileId, range: Range): void {
  const quote = (desk.source.text(file) ?? '').slice(range.start, range.end).slice(0, LIMITS.quoteUnits);
  commentsOf(desk).setState({
    beginning: { file, range, quote },
    chosen: null,
    resolved: false,
    wanted: { field: 'new' },
  });
  desk.show(PANEL);
}

/** The margin was pressed: goes to the thread on that line, or begins one. */
export function pressed(desk: Desk, { line, keys }: MarginPress): void {
  const file = desk.active();
  if (file === null) return;
  const { chosen } = commentsOf(desk).getState();
  // Where several begin on a line, each press goes to the next of them.
  const key = keys[(keys.indexOf(chosen ?? '') + 1) % Math.max(1, keys.length)];
  if (key !== undefined) choose(desk, CommentId.parse(key), 'thread');
  else {
    const text = desk.source.text(file) ?? '';
    begin(desk, file, lineAround(text, startOfLine(text, line)));
  }
}

/** Opens a thread in the panel, and puts the focus into it. */
function choose(desk: Desk, thread: CommentId, field: 'reply' | 'thread'): void {
  const resolved = (desk.view().room.threads.get(thread)?.resolved ?? null) !== null;
  commentsOf(desk).setState({ chosen: thread, resolved, wanted: { field } });
  desk.show(PANEL);
}

/** Opens a thread where it is in the list, or closes it. */
export function toggleThread(desk: Desk, thread: CommentId): void {
  const { chosen } = commentsOf(desk).getState();
  commentsOf(desk).setState({ chosen: chosen === thread ? null : thread });
}

/** Shows the place of a thread in its file, and puts the focus there. */
export function goTo(desk: Desk, { thread, range }: Placed): void {
  const text = desk.source.text(thread.file);
  if (text === null || range === null) return;
  commentsOf(desk).setState({ chosen: thread.id });
  desk.reveal(thread.file, { ...spotOf(text, range.start), length: range.end - range.start });
}

/** Goes to the next thread that is open, or to the one before, and says it. */
export function step(desk: Desk, by: 1 | -1): void {
  const open = openThreads(desk);
  const here = desk.editor.range();
  const { chosen } = commentsOf(desk).getState();
  const place = here === null ? null : { file: here.file, position: here.range.start };
  const next = stepFrom(open, chosen, place, by);
  if (next === undefined) {
    desk.tell('There are no open comments.');
    return;
  }
  goTo(desk, next);
  const { comments } = next.thread;
  const who = desk.view().room.members.get(comments[0]!.by!)?.name ?? 'Somebody';
  const number = open.indexOf(next) + 1;
  commentsOf(desk).setState({
    spoken: `Comment ${number} of ${open.length}, line ${next.line}. ${who}: ${comments[0]!.text}`,
  });
}

function openThreads(desk: Desk): readonly Placed[] {
  return commentsOf(desk)
    .getState()
    .placed.filter(({ thread }) => thread.resolved === null);
}

/** Keeps a new thread on this device, and sends it when it can be. */
export function open(desk: Desk, text: string): void {
  const { beginning } = commentsOf(desk).getState();
  if (beginning === null) return;
  const comment = newCommentId();
  const { file, range, quote } = beginning;
  unsentOf(desk).add({ kind: 'open', comment, file, ...range, quote, text, at: Date.now(), refused: null });
  commentsOf(desk).setState({ beginning: null, chosen: comment });
  desk.focusHome();
}

/** Keeps a reply on this device, and sends it when it can be. */
export function reply(desk: Desk, thread: CommentId, text: string): void {
  const comment = newCommentId();
  unsentOf(desk).add({ kind: 'reply', comment, thread, text, at: Date.now(), refused: null });
}

/** Gives a command; a refusal is told at the foot of the page. True when it was done. */
export async function ask(
  desk: Desk,
  body: Extract<CommandBody, { kind: `comment.${string}` }>,
): Promise<boolean> {
  const result = await desk.command(body);
  if (!result.ok) desk.report(result.error.message, result.error.code);
  return result.ok;
}
