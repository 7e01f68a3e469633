// The edits that a client has sent and that have not come back, carried over what the log has had since.
import { type Op, transformOverAll } from '@codesync/ot';
import type { RoomEvent } from './events.ts';
import type { FileId } from './ids.ts';
import type { EditCommand } from './wire/edit.ts';

type Own = {
  readonly clientSeq: number;
  readonly file: FileId;
  readonly base: number;
  /** Null when it was sent in two forms: the log has one of them, and which one is not known. */
  readonly op: Op | null;
  /** The edits of the file that the log has had after `base`. */
  readonly since: Op[];
  /** How often its client had joined when it was sent. */
  readonly joins: number;
};

/** The most edits of others that an edit is carried over. With more of them it counts as lost. */
const MOST_SINCE = 10_000;

export class OwnEdits {
  /** One for each number, in the order in which they were sent. As a rule there are one or two. */
  #edits: Own[] = [];
  #joins = 0;

  /** The client joins again. An edit that it sends again from here on may differ from the one before. */
  join(): void {
    this.#joins++;
  }

  /** @param last events of the last message. Some may be newer than the version that the edit is made for. */
  send({ clientSeq, body }: EditCommand, last: readonly RoomEvent[]): void {
    const { file, base } = body;
    const since: Op[] = [];
    for (const { body: passed } of last) {
      if (passed.kind === 'edit' && passed.file === file && passed.version > base) since.push(passed.op);
    }
    const before = this.#find(clientSeq);
    // Sent again with no refusal or join in between: the log has one of the two, and they may differ.
    const op = before?.joins === this.#joins ? null : body.op;
    if (before !== undefined) this.#drop(before);
    this.#edits.push({ clientSeq, file, base, op, since, joins: this.#joins });
  }

  /** What the edit has become in a file that is at `version`, null when that cannot be known. */
  became(clientSeq: number, file: FileId, version: number): Op | null {
    const own = this.#find(clientSeq);
    if (own === undefined || own.op === null || own.file !== file) return null;
    return own.base + own.since.length === version ? transformOverAll(own.op, own.since) : null;
  }

  /** The log has this edit. */
  pass(file: FileId, version: number, op: Op): void {
    for (const own of this.#edits) {
      if (own.file !== file || version <= own.base) continue;
      if (own.since.length === MOST_SINCE) this.#drop(own);
      else own.since.push(op);
    }
  }

  /** The command is in the log, and what was sent before it is there too or never will be. */
  comeBack(clientSeq: number): void {
    if (this.#edits.length > 0) this.#edits = this.#edits.filter((own) => own.clientSeq > clientSeq);
  }

  refuse(clientSeq: number): void {
    this.#edits = this.#edits.filter((own) => own.clientSeq !== clientSeq);
  }

  #find(clientSeq: number): Own | undefined {
    for (const own of this.#edits) if (own.clientSeq === clientSeq) return own;
    return undefined;
  }

  #drop(dropped: Own): void {
    this.#edits = this.#edits.filter((own) => own !== dropped);
  }
}
