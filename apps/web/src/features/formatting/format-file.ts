// Formats a file as an edit of this person's, around what anybody types meanwhile.
import { isNoop, lengthDelta, type Op } from '@codesync/ot';
import { type FileId, LIMITS, REFUSALS } from '@codesync/protocol';
import { type Desk, perDesk } from '../../desk/desk.ts';
import type { Tone } from '../../ui/Notice.tsx';
import { type Formatter, formatterOf } from './formatters.ts';
import { formatInPage } from './in-page.ts';
import { formattingOp } from './merge.ts';

/** The files that are being formatted on this desk. */
const goingOn = perDesk(() => new Set<FileId>());

type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/**
 * Formats a file. What cannot be done is always told. What was done is told unless it is `quiet`.
 *
 * @param quiet the file is formatted by the way: nothing is said of one that has no formatter.
 */
export async function formatFile(desk: Desk, file: FileId, quiet: boolean): Promise<void> {
  const entry = desk.view().room.files.get(file);
  if (entry === undefined || goingOn(desk).has(file)) return;
  const { path } = entry;
  if (entry.blob !== null) {
    if (!quiet) desk.tell(`${path} is no text, so there is nothing to format.`);
    return;
  }
  const formatter = formatterOf(entry);
  if (formatter === null) {
    if (!quiet) desk.tell('There is no formatter for this kind of file. Nothing was changed.');
    return;
  }
  const document = desk.source.document(file);
  const before = desk.source.text(file);
  if (document === null || before === null) return;
  if (!quiet) answer(desk, 'info', `Formatting ${path}…`, true);
  const since: Op[] = [];
  /** It is another text: nobody knows how it came to be. */
  let replaced = false;
  goingOn(desk).add(file);
  const stop = desk.source.onTexts(({ file: changed, op }) => {
    if (changed !== file) return;
    if (op === null) replaced = true;
    else since.push(op);
  });
  try {
    const formatted = await textOf(desk, formatter, before);
    if (!formatted.ok) return answer(desk, 'warning', `${path}: ${formatted.message}`, true);
    if (!desk.may('edit')) return answer(desk, 'warning', REFUSALS['role.viewer'], true);
    if (!desk.view().room.files.has(file)) return answer(desk, 'warning', REFUSALS['file.unknown'], true);
    if (replaced) {
      answer(
        desk,
        'warning',
        `${path} was loaded again meanwhile. Nothing was changed: format it again.`,
        true,
      );
      return;
    }
    const op = formattingOp(before, formatted.text, since);
    if ((desk.source.text(file) ?? '').length + lengthDelta(op) > LIMITS.fileUnits)
      return answer(desk, 'warning', REFUSALS['file.tooLarge'], true);
    if (!isNoop(op)) document.change(op);
    if (!quiet) {
      answer(desk, 'info', isNoop(op) ? `${path} was formatted already.` : `Formatted ${path}.`, false);
    }
  } finally {
    stop();
    goingOn(desk).delete(file);
  }
}

function answer(desk: Desk, tone: Tone, text: string, stays: boolean): void {
  desk.say(() => ({ tone, text, stays }));
}

async function textOf(desk: Desk, formatter: Formatter, text: string): Promise<Formatted> {
  if (formatter.place === 'sandbox') {
    const reply = await desk.source.format({ language: formatter.language, text });
    if (reply === null) return failed('The server did not answer. Try again when the connection is back.');
    return reply.ok ? reply : failed(reply.error.message);
  }
  const result = await formatInPage({ parser: formatter.parser, text });
  if (result === 'slow') return failed(REFUSALS['format.tooLong']);
  if (result === 'failed')
    return failed('The formatter could not be loaded. Try again when the connection is back.');
  if (result.ok) return result;
  const where = result.line === null ? 'the file' : `line ${result.line}`;
  return failed(`The formatter could not read ${where}: “${result.words}”. Mend it, then format again.`);
}

function failed(message: string): Formatted {
  return { ok: false, message };
}
