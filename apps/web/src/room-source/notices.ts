// What a person has to be told and must not miss: edits that the room did not take, with what they said. Pure.
import type { FileId, Refusal } from '@codesync/protocol';

/**
 * Stays until it is dismissed, also through a reload. `file` and `path` are those of the file that the edits were
 * for. `typed` is what they inserted, and `text` the whole file as this person had it, unless it is long: nothing typed is
 * lost.
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
/** Notices are written with every key. A longer text is not kept in them: what was typed is. */
const TEXT_UNITS = 100_000;
/** More would bury the page; the oldest go. */
const MOST = 20;

/**
 * `notices` with one more. If the one just before says the same of the same file, it takes in what the new one adds.
 */
export function addNotice(notices: readonly Notice[], told: Notice): readonly Notice[] {
  const isLong = told.text !== null && told.typed !== null && told.text.length > TEXT_UNITS;
  const notice = isLong ? { ...told, text: null } : told;
  const same = ({ error, file }: Notice) => error.code === notice.error.code && file === notice.file;
  // The same text again, or of a long one what was typed, and not in a row: it was told before a reload.
  const again = ({ text, typed, at }: Notice) =>
    isLong
      ? text === null && typed === notice.typed && notice.at - at >= SAME_NEWS_MS
      : notice.text !== null && text === notice.text;
  if (notices.some((old) => same(old) && again(old))) return notices;
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
