// The way from an old version of a file to the newest, made short. Pure.
import { composeAll, type Op } from '@codesync/ot';
import type { CatchUp, ClientId, FileId, RoomEvent } from '@codesync/protocol';

/** One edit of one file as the log has it. */
export type LoggedEdit = {
  readonly version: number;
  readonly op: Op;
  readonly origin?: RoomEvent['origin'];
};

/**
 * The edits of `file` among `events` (in order) that come after version `base`. If the file was deleted and
 * made again under the same id, the edits of the earlier one are left out.
 */
export function editsAfter(events: readonly RoomEvent[], file: FileId, base: number): LoggedEdit[] {
  let edits: LoggedEdit[] = [];
  for (const { body, origin } of events) {
    if (body.kind === 'file.created' && body.file === file) edits = [];
    if (body.kind !== 'edit' || body.file !== file || body.version <= base) continue;
    edits.push({ version: body.version, op: body.op, ...(origin === undefined ? {} : { origin }) });
  }
  return edits;
}

/** What a copy of a file has to catch up on: it is at version `from`, and the room is at `to`. */
export type Gap = { readonly file: FileId; readonly from: number; readonly to: number };

/** A client's gaps: from the versions that its pending edits were made for to those of the room. */
export function gapsOf(
  texts: ReadonlyMap<FileId, { readonly version: number }>,
  pending: readonly { readonly file: FileId; readonly version: number }[],
): readonly Gap[] {
  const froms = new Map(pending.map(({ file, version }) => [file, version]));
  return [...froms].flatMap(([file, from]) => {
    const to = texts.get(file)?.version;
    return to === undefined || from >= to ? [] : [{ file, from, to }];
  });
}

/**
 * The steps that bring `client` over a gap. Its own edits come one by one, so that it finds what it sent. What
 * others did between them comes as one operation each time. Null if `edits` does not have all of the gap.
 * @param edits those of the file after version `from`, in order. Later ones than `to` do no harm.
 */
export function catchUp(
  { file, from, to }: Gap,
  edits: readonly LoggedEdit[],
  client: ClientId,
): CatchUp | null {
  const between = edits.filter((edit) => edit.version <= to);
  if (between.length !== to - from) return null;
  const steps: { version: number; op: Op; clientSeq?: number }[] = [];
  let others: Op[] = [];
  let version = 0;
  const flush = (): void => {
    if (others.length > 0) steps.push({ version, op: composeAll(others) });
    others = [];
  };
  for (const edit of between) {
    if (edit.origin?.client === client) {
      flush();
      steps.push({ version: edit.version, op: edit.op, clientSeq: edit.origin.clientSeq });
    } else {
      others.push(edit.op);
      version = edit.version;
    }
  }
  flush();
  return { file, steps };
}
