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
 * The edits of `file` among `events` (in order) that come after version `base`. Should the file have been
 * deleted and made again under the same id, the edits of the earlier one are left out.
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

/**
 * The steps that bring `client` from the version before the first of `edits` to the last: its own edits one
 * by one, so that it finds what it had sent, and what others did in between as one operation each.
 */
export function catchUp(file: FileId, edits: readonly LoggedEdit[], client: ClientId): CatchUp {
  const steps: { version: number; op: Op; clientSeq?: number }[] = [];
  let others: Op[] = [];
  let version = 0;
  const flush = (): void => {
    if (others.length > 0) steps.push({ version, op: composeAll(others) });
    others = [];
  };
  for (const edit of edits) {
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
