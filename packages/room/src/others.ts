// The other clients of a room, as one of them sees them. Each told its cursors for some version, and they are carried
// from there to the newest one. Pure; the caller brings the time.
import type { Op } from '@codesync/ot';
import {
  type Activity,
  type Attention,
  type ClientId,
  type Cursors,
  type FileId,
  LIMITS,
  type ParticipantId,
  type PresenceEntry,
  type Span,
  type Viewport,
} from '@codesync/protocol';
import { carrySight, carrySpans, type Sight } from './positions.ts';
import { PresenceMap } from './presence.ts';

/** Edits per file that are kept, so that a cursor told for an older version can be carried. */
const HISTORY = 400;

/** Somebody types for as long after each key. */
export const TYPING_MS = 2_000;

type PastEdit = { readonly version: number; readonly op: Op; readonly client: ClientId | null };

/** The cursors of one client in a file, in positions of its confirmed text; the first is the main one. */
type PlacedCursors = {
  readonly client: ClientId;
  readonly participant: ParticipantId;
  readonly file: FileId;
  readonly spans: readonly Span[];
  /** When its owner last changed the text there, 0 for never. */
  readonly typedAt: number;
};

/** What a client has in sight of a file, in positions of its confirmed text. */
type PlacedSight = Sight & { readonly client: ClientId; readonly file: FileId };

/** What somebody's screen shows, in the tab that they look at, or else have moved in last. */
type PersonScreen = {
  readonly client: ClientId;
  /** Null when no file is in sight. */
  readonly sight: PlacedSight | null;
  /** Their main cursor, if it is in that file. */
  readonly cursor: number | null;
  readonly watching: Activity['watching'];
};

/** What a person does, of all their tabs. */
export type PersonActivity = Activity & {
  /** The file that they are in, null in none. */
  readonly file: FileId | null;
  /** The tab in which they are there. */
  readonly client: ClientId;
  readonly typing: boolean;
};

/** The version and length of a file's confirmed text; null when there is no such file. */
type TextShape = (file: FileId) => { readonly version: number; readonly length: number } | null;

const ATTENTION: Readonly<Record<Attention, number>> = { active: 2, idle: 1, away: 0 };

export class Others {
  readonly #self: ClientId;
  readonly #shape: TextShape;
  readonly #map = new PresenceMap();
  readonly #placed = new Map<ClientId, PlacedCursors>();
  /** Told for a version that has not come yet. The old place is shown until then. */
  readonly #waiting = new Map<ClientId, PresenceEntry & { readonly cursors: Cursors }>();
  readonly #sights = new Map<ClientId, PlacedSight>();
  readonly #waitingSights = new Map<ClientId, Viewport>();
  /** When each was last heard to have moved. */
  readonly #movedAt = new Map<ClientId, number>();
  #lost: ReadonlySet<ClientId> = new Set();
  readonly #past = new Map<FileId, PastEdit[]>();

  constructor(self: ClientId, shape: TextShape) {
    this.#self = self;
    this.#shape = shape;
  }

  /**
   * Takes in what is told of clients; returns the files in which a cursor is now elsewhere, whether anything of it was
   * news, and whether a client is here that was not.
   */
  merge(
    entries: readonly PresenceEntry[],
    now: number,
  ): { readonly touched: ReadonlySet<FileId>; readonly news: boolean; readonly arrived: boolean } {
    const touched = new Set<FileId>();
    const before = new Set(this.#map.here().map(({ client }) => client));
    let arrived = false;
    let news = false;
    for (const entry of this.#map.merge(entries, now)) {
      if (entry.client === this.#self) continue;
      news = true;
      arrived ||= !entry.gone && !before.has(entry.client);
      this.#movedAt.set(entry.client, now);
      this.#take(entry, touched);
    }
    return { touched, news, arrived };
  }

  /** The clock of this client's own register, as far as others have it. */
  get ownClock(): number {
    return this.#map.get(this.#self)?.clock ?? 0;
  }

  /** Whose client that is; null for one that is not in the room, and for this one. */
  ownerOf(client: ClientId): ParticipantId | null {
    const entry = client === this.#self ? null : this.#map.get(client);
    return entry === null || entry.gone ? null : entry.participant;
  }

  /** Whether any other client is in the room. */
  get any(): boolean {
    return this.#here().length > 0;
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
    for (const client of this.#map.expire(now, LIMITS.presenceTtlMs)) {
      this.#lookAway(client);
      this.#remove(client, touched);
    }
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
      const spans = carrySpans(placed.spans, op, own);
      if (own) this.#placed.set(placed.client, { ...placed, spans, typedAt: now });
      else if (spans !== placed.spans) this.#placed.set(placed.client, { ...placed, spans });
    }
    for (const sight of this.#sights.values()) {
      if (sight.file === file) this.#sights.set(sight.client, { ...sight, ...carrySight(sight, op) });
    }
    for (const entry of this.#waiting.values()) {
      if (entry.cursors.file === file && entry.cursors.version <= version) this.#place(entry);
    }
    for (const [each, viewport] of this.#waitingSights) {
      if (viewport.file === file && viewport.version <= version) this.#see(each, viewport);
    }
  }

  /** The files' texts were replaced as a whole: what was carried until now stands on nothing. */
  reset(): void {
    this.#past.clear();
    this.#placed.clear();
    this.#waiting.clear();
    this.#sights.clear();
    this.#waitingSights.clear();
    for (const entry of this.#here()) this.#take(entry, new Set());
  }

  /** The cursors of another client, wherever they are; null when they are nowhere. */
  of(client: ClientId): PlacedCursors | null {
    return this.#placed.get(client) ?? null;
  }

  /** The cursors of all others in a file whose connections hold. */
  in(file: FileId): PlacedCursors[] {
    return [...this.#placed.values()].filter(
      (placed) => placed.file === file && !this.#lost.has(placed.client),
    );
  }

  /** What a person's screen shows; null when none of their clients is heard. */
  screenOf(participant: ParticipantId): PersonScreen | null {
    const [first, ...others] = this.#heard().filter((entry) => entry.participant === participant);
    if (first === undefined) return null;
    const { client, activity } = [first, ...others].find((each) => this.#sights.has(each.client)) ?? first;
    const sight = this.#sights.get(client) ?? null;
    const placed = this.#placed.get(client);
    const cursor = placed !== undefined && placed.file === sight?.file ? placed.spans[0]!.head : null;
    return { client, sight, cursor, watching: activity.watching };
  }

  /** A position of an older version, in the confirmed text. It stays as it is where that version is not known any more. */
  carry(file: FileId, version: number, at: number): number {
    const shape = this.#shape(file);
    if (shape === null) return at;
    const carried = this.#since(file, version, shape.version).reduce(
      (now, { op }) => carrySight({ from: now, to: now }, op).from,
      at,
    );
    return Math.min(carried, shape.length);
  }

  /**
   * What each person does, without this client and those that are lost. Of somebody with several tabs it is the one that
   * they look at, or else have moved in last; and they speak, or are at a terminal, if they are in any of them.
   */
  activities(now: number): ReadonlyMap<ParticipantId, PersonActivity> {
    const people = new Map<ParticipantId, PersonActivity>();
    for (const { client, participant, cursors, activity } of this.#heard()) {
      const first = people.get(participant);
      const typedAt = this.#placed.get(client)?.typedAt ?? 0;
      const typing = typedAt > 0 && now - typedAt < TYPING_MS;
      people.set(participant, {
        attention: first?.attention ?? activity.attention,
        terminal: first?.terminal ?? activity.terminal,
        watching: (first ?? activity).watching,
        following: (first ?? activity).following,
        speaking: (first?.speaking ?? false) || activity.speaking,
        file: first?.file ?? cursors?.file ?? null,
        client: first !== undefined && first.file !== null ? first.client : client,
        typing: (first?.typing ?? false) || typing,
      });
    }
    return people;
  }

  #here(): PresenceEntry[] {
    return this.#map.here().filter(({ client }) => client !== this.#self);
  }

  /** The clients whose connections hold, in the order of `#rank`. */
  #heard(): PresenceEntry[] {
    return this.#here()
      .filter(({ client }) => !this.#lost.has(client))
      .sort((a, b) => this.#rank(a, b));
  }

  /** Those that are looked at come first, then those that moved last. */
  #rank(a: PresenceEntry, b: PresenceEntry): number {
    const moved = ({ client }: PresenceEntry) => this.#movedAt.get(client) ?? 0;
    return (
      ATTENTION[b.activity.attention] - ATTENTION[a.activity.attention] ||
      moved(b) - moved(a) ||
      (a.client < b.client ? -1 : 1)
    );
  }

  #take(entry: PresenceEntry, touched: Set<FileId>): void {
    const { client, cursors, viewport, gone } = entry;
    if (gone || viewport === null) this.#lookAway(client);
    else this.#see(client, viewport);
    if (gone || cursors === null) {
      this.#remove(client, touched);
      return;
    }
    const before = this.#placed.get(client);
    if (before !== undefined && before.file !== cursors.file) this.#remove(client, touched);
    this.#place({ ...entry, cursors });
    touched.add(cursors.file);
  }

  /** It is not known what that client has in sight. */
  #lookAway(client: ClientId): void {
    this.#sights.delete(client);
    this.#waitingSights.delete(client);
  }

  /** Of a file that is no text, or has not come yet, it is taken as it was told. */
  #see(client: ClientId, viewport: Viewport): void {
    const { file, version, from, to } = viewport;
    const shape = this.#shape(file);
    if (shape !== null && version > shape.version) {
      this.#waitingSights.set(client, viewport);
      return;
    }
    this.#waitingSights.delete(client);
    const past = shape === null ? [] : this.#since(file, version, shape.version);
    const sight = past.reduce((now, { op }) => carrySight(now, op), { from, to });
    const last = shape?.length ?? Number.MAX_SAFE_INTEGER;
    const first = Math.min(sight.from, last);
    this.#sights.set(client, { client, file, from: first, to: Math.min(Math.max(first, sight.to), last) });
  }

  #remove(client: ClientId, touched: Set<FileId>): void {
    const placed = this.#placed.get(client);
    if (placed !== undefined) touched.add(placed.file);
    this.#placed.delete(client);
    this.#waiting.delete(client);
    if (this.#map.get(client)?.gone !== false) this.#movedAt.delete(client);
  }

  #place(entry: PresenceEntry & { readonly cursors: Cursors }): void {
    const { client, participant, cursors } = entry;
    const { file } = cursors;
    const shape = this.#shape(file);
    if (shape === null || cursors.version > shape.version) {
      this.#waiting.set(client, entry);
      return;
    }
    this.#waiting.delete(client);
    const spans = this.#carried(cursors, client, shape);
    const before = this.#placed.get(client);
    const typedAt = before?.file === file ? before.typedAt : 0;
    this.#placed.set(client, { client, participant, file, spans, typedAt });
  }

  /**
   * Carries cursors to the newest version. Where the edits in between are not at hand, they stay as they are until their
   * owner is heard again.
   */
  #carried(cursors: Cursors, client: ClientId, shape: { version: number; length: number }): readonly Span[] {
    let spans: readonly Span[] = cursors.spans;
    for (const edit of this.#since(cursors.file, cursors.version, shape.version)) {
      spans = carrySpans(spans, edit.op, edit.client === client);
    }
    const inside = (at: number) => Math.min(at, shape.length);
    return spans.map(({ anchor, head }) => ({ anchor: inside(anchor), head: inside(head) }));
  }

  /** The edits that lead from an old version to `newest`; none where they are not all at hand. */
  #since(file: FileId, version: number, newest: number): readonly PastEdit[] {
    const past = this.#past.get(file) ?? [];
    const first = past.findLastIndex((edit) => edit.version <= version) + 1;
    return version < newest && past[first]?.version === version + 1 ? past.slice(first) : [];
  }
}
