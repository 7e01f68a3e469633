// Where the others are. Each cursor was told for some version, and is carried from there to the newest one. Pure; the
// caller brings the time.
import type { Op } from '@codesync/ot';
import {
  type ClientId,
  type Cursor,
  type FileId,
  LIMITS,
  type ParticipantId,
  type PresenceEntry,
} from '@codesync/protocol';
import { PresenceMap } from '@codesync/room';
import { carrySpan, type Span } from './positions.ts';

/** Edits per file that are kept, so that a cursor told for an older version can be carried. */
const HISTORY = 400;

type PastEdit = { readonly version: number; readonly op: Op; readonly client: ClientId | null };

/** A cursor in positions of the confirmed text. */
export type PlacedCursor = Span & {
  readonly client: ClientId;
  readonly participant: ParticipantId;
  readonly file: FileId;
  /** When its owner last changed the text there, 0 for never. */
  readonly typedAt: number;
};

/** The version and length of a file's confirmed text; null when there is no such file. */
export type TextShape = (file: FileId) => { readonly version: number; readonly length: number } | null;

export class RemoteCursors {
  readonly #self: ClientId;
  readonly #shape: TextShape;
  readonly #map = new PresenceMap();
  readonly #placed = new Map<ClientId, PlacedCursor>();
  /** Told for a version that has not come yet. The old place is shown until then. */
  readonly #waiting = new Map<ClientId, PresenceEntry & { readonly cursor: Cursor }>();
  #lost: ReadonlySet<ClientId> = new Set();
  readonly #past = new Map<FileId, PastEdit[]>();

  constructor(self: ClientId, shape: TextShape) {
    this.#self = self;
    this.#shape = shape;
  }

  /** Takes in what others say; returns the files in which something is now elsewhere. */
  merge(entries: readonly PresenceEntry[], now: number): ReadonlySet<FileId> {
    const touched = new Set<FileId>();
    for (const entry of this.#map.merge(entries, now)) this.#take(entry, touched);
    return touched;
  }

  /** The connections of these clients, and of no others, are lost; returns the files in which one comes or goes. */
  lose(clients: readonly ClientId[]): ReadonlySet<FileId> {
    const before = this.#lost;
    this.#lost = new Set(clients);
    const touched = new Set<FileId>();
    for (const { client, file } of this.#placed.values()) {
      if (before.has(client) !== this.#lost.has(client)) touched.add(file);
    }
    return touched;
  }

  /** Forgets those that have not been heard of for long; returns the files in which they were. */
  expire(now: number): ReadonlySet<FileId> {
    const touched = new Set<FileId>();
    for (const client of this.#map.expire(now, LIMITS.presenceTtlMs)) this.#remove(client, touched);
    return touched;
  }

  /** An edit of the log, already in the confirmed text; `client` made it. */
  edited(file: FileId, version: number, op: Op, client: ClientId | null, now: number): void {
    const past = this.#past.get(file) ?? [];
    past.push({ version, op, client });
    if (past.length > 2 * HISTORY) past.splice(0, past.length - HISTORY);
    this.#past.set(file, past);
    for (const placed of this.#placed.values()) {
      if (placed.file !== file) continue;
      const own = placed.client === client;
      const span = carrySpan(placed, op, own);
      if (own) this.#placed.set(placed.client, { ...placed, ...span, typedAt: now });
      else if (span !== placed) this.#placed.set(placed.client, { ...placed, ...span });
    }
    for (const entry of this.#waiting.values()) {
      if (entry.cursor.file === file && entry.cursor.version <= version) this.#place(entry);
    }
  }

  /** The files' texts were replaced as a whole: what was carried until now stands on nothing. */
  reset(): void {
    this.#past.clear();
    this.#placed.clear();
    this.#waiting.clear();
    for (const entry of this.#map.visible()) this.#take(entry, new Set());
  }

  /** The cursors of all others in a file whose connections hold. */
  in(file: FileId): PlacedCursor[] {
    return [...this.#placed.values()].filter(
      (placed) => placed.file === file && !this.#lost.has(placed.client),
    );
  }

  /** The file in which each participant was heard of last, without this client and those that are lost. */
  whereabouts(): ReadonlyMap<ParticipantId, FileId> {
    const files = new Map<ParticipantId, FileId>();
    for (const { client, participant, cursor } of this.#map.visible()) {
      if (client !== this.#self && cursor !== null && !this.#lost.has(client))
        files.set(participant, cursor.file);
    }
    return files;
  }

  #take(entry: PresenceEntry, touched: Set<FileId>): void {
    const { client, cursor, gone } = entry;
    if (client === this.#self) return;
    if (gone || cursor === null) {
      this.#remove(client, touched);
      return;
    }
    const before = this.#placed.get(client);
    if (before !== undefined && before.file !== cursor.file) this.#remove(client, touched);
    this.#place({ ...entry, cursor });
    touched.add(cursor.file);
  }

  #remove(client: ClientId, touched: Set<FileId>): void {
    const placed = this.#placed.get(client);
    if (placed !== undefined) touched.add(placed.file);
    this.#placed.delete(client);
    this.#waiting.delete(client);
  }

  #place(entry: PresenceEntry & { readonly cursor: Cursor }): void {
    const { client, participant, cursor } = entry;
    const shape = this.#shape(cursor.file);
    if (shape === null || cursor.version > shape.version) {
      this.#waiting.set(client, entry);
      return;
    }
    this.#waiting.delete(client);
    const span = this.#carried(cursor, client, shape);
    const before = this.#placed.get(client);
    const typedAt = before?.file === cursor.file ? before.typedAt : 0;
    this.#placed.set(client, { client, participant, file: cursor.file, ...span, typedAt });
  }

  /**
   * Carries a cursor to the newest version. Where the edits in between are not at hand, it stays as it is until its
   * owner is heard again.
   */
  #carried(cursor: Cursor, client: ClientId, shape: { version: number; length: number }): Span {
    let span: Span = { anchor: cursor.anchor, head: cursor.head };
    const past = this.#past.get(cursor.file) ?? [];
    const first = past.findLastIndex(({ version }) => version <= cursor.version) + 1;
    if (cursor.version < shape.version && past[first]?.version === cursor.version + 1) {
      for (let i = first; i < past.length; i++) {
        const edit = past[i]!;
        span = carrySpan(span, edit.op, edit.client === client);
      }
    }
    return { anchor: Math.min(span.anchor, shape.length), head: Math.min(span.head, shape.length) };
  }
}
