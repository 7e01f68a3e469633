// Whether the replicas of a room's files are what the log says.
import type { Op } from '@codesync/ot';
import {
  type ClientId,
  type DivergenceReport,
  type FileId,
  type HashCheck,
  type HashVerdict,
  type RoomId,
  shapeOf,
} from '@codesync/protocol';
import type { Log } from '../ports.ts';
import type { RoomLog } from './room-log.ts';

/** Edits before a divergence that are worth seeing. */
const TAIL = 8;
/** Divergences of one room that are logged; all are counted. */
const LOGGED = 20;

export class HashChecks {
  readonly #room: RoomId;
  readonly #roomLog: RoomLog;
  readonly #log: Log;
  /** Everyone asks about the same version, so a hash is made once for it. */
  readonly #known = new Map<FileId, { readonly version: number; readonly hash: number }>();
  #diverged = 0;
  #healed = 0;

  constructor(room: RoomId, roomLog: RoomLog, log: Log) {
    this.#room = room;
    this.#roomLog = roomLog;
    this.#log = log;
  }

  /**
   * How many copies were found wrong since the room was opened, and how many of their clients said that they healed.
   */
  get counts(): { readonly diverged: number; readonly healed: number } {
    return { diverged: this.#diverged, healed: this.#healed };
  }

  /**
   * A difference is a fault of ours, or a client that lies. The copy is healed. The difference is logged without what
   * people wrote, for as long as it can tell something new.
   */
  check(client: ClientId, { file, version, hash }: HashCheck): HashVerdict {
    const text = this.#roomLog.fold.texts.get(file);
    if (text === undefined || text.version !== version) return { verdict: 'unknown' };
    if (this.#hashOf(file, text.version, () => text.buffer.hash()) === hash) return { verdict: 'equal' };
    this.#diverged++;
    const verdict = { verdict: 'diverged', version, text: text.buffer.toString() } as const;
    if (this.#diverged > LOGGED) return verdict;
    const since = this.#roomLog.order.editsSince(file, Math.max(0, version - TAIL)) ?? [];
    this.#log.warn(
      { room: this.#room, client, file, version, server: shapeOf(verdict.text), edits: since.map(opShape) },
      'a replica has diverged',
    );
    return verdict;
  }

  /**
   * The client's side of a divergence, logged beside the server's. False when more copies are reported healed than
   * were found wrong: then nothing has been healed.
   */
  healed(client: ClientId, { file, version, units, tail, differsAt, pending }: DivergenceReport): boolean {
    if (this.#healed === this.#diverged) return false;
    this.#healed++;
    if (this.#healed > LOGGED) return true;
    this.#log.warn(
      { room: this.#room, client, file, version, replica: { units, tail }, differsAt, pending },
      'a replica that had diverged has healed',
    );
    return true;
  }

  #hashOf(file: FileId, version: number, make: () => number): number {
    const known = this.#known.get(file);
    if (known?.version === version) return known.hash;
    const hash = make();
    this.#known.set(file, { version, hash });
    return hash;
  }
}

/** An operation without its text: retained and deleted lengths, and the lengths of inserts. */
function opShape(op: Op): string {
  return op.map((part) => (typeof part === 'string' ? `+${part.length}` : String(part))).join(' ');
}
