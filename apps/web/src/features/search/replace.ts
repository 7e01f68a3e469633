// Replaces what was found: as edits of this person's, made for each text as it is at that moment.
import { fromEdits } from '@codesync/ot';
import { type FileId, LIMITS, REFUSALS } from '@codesync/protocol';
import { sortedFiles } from '@codesync/room';
import type { Desk } from '../../desk/desk.ts';
import { searchOf, shownOf } from './desk-search.ts';
import { MOST_EDITS } from './limits.ts';
import type { Found, Match, TextEdit } from './messages.ts';
import { totals } from './rows.ts';

/**
 * The room takes so many commands at once, and so many each second. Some are left for what is typed meanwhile.
 */
const AT_ONCE = Math.floor(LIMITS.commandsBurst * 0.8);
const EACH_SECOND = Math.floor(LIMITS.commandsPerSecond * 0.6);

const count = (n: number, what: string, several = `${what}s`) =>
  `${n.toLocaleString('en')} ${n === 1 ? what : several}`;

/** “12 matches in 3 files”. */
export function totalInWords(found: ReadonlyMap<FileId, Found>): string {
  const { matches, files } = totals(found);
  return `${count(matches, 'match', 'matches')} in ${count(files, 'file')}`;
}

/** Replaces one match, where it is now. */
export async function replaceMatch(desk: Desk, found: Found, match: Match): Promise<void> {
  const search = searchOf(desk);
  const replaced = await change(desk, found.file, (edits) => {
    const at = search.now(found, match.start);
    return edits.filter((edit) => edit.at === at);
  });
  if (replaced === 0) desk.tell('That match is not there any more. Nothing was replaced.');
}

/** Replaces every match of a file that was not dismissed. */
export async function replaceFile(desk: Desk, file: FileId): Promise<void> {
  const replaced = await change(desk, file, (edits) => edits);
  if (replaced !== null && replaced > 0) desk.tell(`Replaced ${count(replaced, 'match', 'matches')}.`);
}

/** Replaces every match that was not dismissed, file after file. It can be stopped. */
export async function replaceAll(desk: Desk): Promise<void> {
  const shown = shownOf(desk);
  if (shown.getState().work !== null) return;
  const { found } = searchOf(desk).state.getState();
  const files = sortedFiles(desk.view().room.files).filter(({ id }) => found.has(id));
  let matches = 0;
  let changed = 0;
  for (const [index, { id }] of files.entries()) {
    if (index > 0 && shown.getState().work === null) break;
    shown.setState({ work: { done: index, total: files.length } });
    if (index >= AT_ONCE && (index - AT_ONCE) % EACH_SECOND === 0)
      await new Promise((go) => setTimeout(go, 1_000));
    const replaced = await change(desk, id, (edits) => edits);
    if (replaced === null) break;
    matches += replaced;
    changed += replaced > 0 ? 1 : 0;
  }
  shown.setState({ work: null });
  desk.tell(`Replaced ${count(matches, 'match', 'matches')} in ${count(changed, 'file')}.`);
}

export function stopReplacing(desk: Desk): void {
  shownOf(desk).setState({ work: null });
}

/** Resolves to how many matches were replaced; null when there is no use in going on, which is told. */
async function change(
  desk: Desk,
  file: FileId,
  choose: (edits: readonly TextEdit[]) => readonly TextEdit[],
): Promise<number | null> {
  const path = desk.view().room.files.get(file)?.path;
  const answer = await searchOf(desk).edits(file);
  const document = desk.source.document(file);
  if (path === undefined || document === null) return 0;
  if (!desk.may('edit')) {
    desk.report(REFUSALS['role.viewer'], 'role.viewer');
    return null;
  }
  if (answer === null) {
    desk.report(`Nothing was replaced in ${path}: the search of it came to no end. Try again.`);
    return null;
  }
  if (!answer.ok) {
    desk.report(
      answer.why === 'many'
        ? `${path} has more than ${count(MOST_EDITS, 'match', 'matches')}, which is more than can be replaced at once. Narrow the search.`
        : `${path} would become longer than ${count(LIMITS.fileUnits, 'character')}. Nothing was replaced in it.`,
    );
    return 0;
  }
  const edits = choose(answer.edits);
  if (edits.length > 0) document.change(fromEdits(edits));
  return edits.length;
}
