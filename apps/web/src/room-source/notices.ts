// What a person has to be told and must not miss: edits that the room did not take, with what they said. Pure.
import type { FileId, Refusal } from '@codesync/protocol';

/**
 * Stays until it is dismissed, also through a reload. `file` and `path` are those of the file that the edits were
 * for. `typed` is what they inserted, and `text` the whole file as this person had it: nothing typed is lost.
 */
export type Notice = {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly error: Refusal;
  readonly file: FileId | null;
  readonly path: string | null;
  readonly typed: string | null;
  readonly text: string | null;
};

/** Refusals of one kind for one file in a row are one piece of news. */
const SAME_NEWS_MS = 10_000;
/** More would bury the page; the oldest go. */
const MOST = 20;

/**
 * `notices` with one more. If the one just before says the same of the same file, it takes in what the new one adds.
 */
export function addNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  const same = ({ error, file }: Notice) => error.code === notice.error.code && file === notice.file;
  // The same text again: it was told before a reload.
  if (notices.some((old) => same(old) && notice.text !== null && old.text === notice.text)) return notices;
  const index = notices.findIndex((old) => same(old) && notice.at - old.at < SAME_NEWS_MS);
  const old = notices[index];
  if (old === undefined) return [...notices, notice].slice(-MOST);
  const merged: Notice = {
    ...notice,
    id: old.id,
    typed: join(old.typed, notice.typed),
    text: old.text ?? notice.text,
  };
  return notices.with(index, merged);
}

function join(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a + b;
}
