// This client's copy of a room: the confirmed fold, its open files with what is pending, and where the others are.
// It knows no socket and no storage; what comes in has its place in the log.
import { diff, type LoggedEdit, NOOP, type Op, TextBuffer } from '@codesync/ot';
import type {
  CatchUp,
  ClientId,
  CommentId,
  FileId,
  Keyframe,
  MessageId,
  ParticipantId,
  Point,
  PresenceEntry,
  RoomEvent,
  Span,
} from '@codesync/protocol';
import {
  carryRange,
  carrySight,
  carrySpans,
  carryStretch,
  filesDeletedBy,
  Others,
  type Range,
  RoomFold,
  spanBefore,
  type TakenBack,
} from '@codesync/room';
import { type FileHost, LiveFile } from './live-file.ts';
import type { PendingFile, StoredRoom } from './record.ts';
import { RunLines } from './run-lines.ts';
import type { MessagePlace, PersonScreen, RemoteCursors, TextChange } from './types.ts';

export type ReplicaHost = Pick<FileHost, 'nextSeq' | 'takeSeq' | 'now' | 'saved'> & {
  /** This author has changed a file. */
  readonly edited: (file: LiveFile) => void;
  /** What of this author is not in the log is another, by no edit of theirs. */
  readonly pending: (file: LiveFile) => void;
  /** The text of a file, opened or not, has changed. */
  readonly changed: (change: TextChange) => void;
  /** The text on the screen was changed by `op`, and this author's hand did not do it. */
  readonly shown: (file: FileId, op: Op) => void;
  /** An edit of the log is in the confirmed text; `own`: this client made it. */
  readonly confirmed: (file: FileId, op: Op, own: boolean) => void;
  /** Cursors of others have moved. */
  readonly moved: () => void;
  /** What a person typed has no place in the room any more. `path`: of the file that it was typed into. */
  readonly lost: (file: FileId, path: string, taken: TakenBack) => void;
};

export class Replica {
  readonly #client: ClientId;
  readonly #host: ReplicaHost;
  readonly #files = new Map<FileId, LiveFile>();
  readonly others: Others;
  readonly #lines = new RunLines();
  #fold: RoomFold | null = null;

  constructor(client: ClientId, host: ReplicaHost) {
    this.#client = client;
    this.#host = host;
    this.others = new Others(client, (file) => {
      const text = this.#fold?.texts.get(file);
      return text === undefined ? null : { version: text.version, length: text.buffer.length };
    });
  }

  /** Null until the first state has come. */
  get fold(): RoomFold | null {
    return this.#fold;
  }

  /** The files that were opened or have something pending. */
  get files(): Iterable<LiveFile> {
    return this.#files.values();
  }

  /** The files with something pending. */
  pending(): LiveFile[] {
    return [...this.files].filter((file) => !file.synchronized);
  }

  file(id: FileId): LiveFile | null {
    return this.#files.get(id) ?? null;
  }

  /** Opens a file; null when there is none. */
  open(id: FileId): LiveFile | null {
    const file = this.#files.get(id);
    if (file !== undefined) return file;
    return this.#fold?.texts.has(id) ? this.#add(id, null) : null;
  }

  /** The text of a file with what is pending, without opening it; null when there is none. */
  text(id: FileId): string | null {
    return this.#files.get(id)?.ownText() ?? this.#fold?.texts.get(id)?.buffer.toString() ?? null;
  }

  /** Where threads of comments are in that text. */
  anchors(id: FileId): ReadonlyMap<CommentId, Range> {
    const pending = this.#files.get(id)?.pendingOp() ?? NOOP;
    return carried(this.#fold?.texts.get(id)?.anchors, pending);
  }

  /** A range of that text in the confirmed one; null when there is none. */
  confirmed(id: FileId, { start, end }: Range): (Range & { readonly version: number }) | null {
    const text = this.#fold?.texts.get(id);
    if (text === undefined) return null;
    const pending = this.#files.get(id)?.pendingOp() ?? NOOP;
    const span = spanBefore({ anchor: start, head: end }, pending);
    return { version: text.version, start: span.anchor, end: span.head };
  }

  /** Where a message points at on the screen; null when that is not known any more. */
  placeOf(message: MessageId): MessagePlace | null {
    const file = this.#fold?.state.messages.get(message)?.place?.file;
    const at = file === undefined ? undefined : this.#fold?.texts.get(file)?.places?.get(message);
    if (file === undefined || at === undefined) return null;
    const pending = this.#files.get(file)?.pendingOp() ?? [];
    return { file, ...carryStretch(at, pending) };
  }

  /** As this client left the room. Call it first, or not at all. */
  restore({ keyframe, events, record }: StoredRoom): void {
    this.#fold = RoomFold.from(keyframe);
    for (const event of events) this.#fold.apply(event);
    for (const pending of record.pending) this.#add(pending.file, pending);
  }

  /**
   * The next event of the log. `seen`: it is folded already. `gap`: events before it are missing.
   * @throws Error when it does not fit: this copy is damaged and has to start anew.
   */
  take(event: RoomEvent): 'folded' | 'seen' | 'gap' {
    const fold = this.#requireFold();
    if (event.seq <= fold.seq) return 'seen';
    if (event.seq > fold.seq + 1) return 'gap';
    this.#advance(fold, event);
    if (event.body.kind === 'edit') {
      const { file, version, op } = event.body;
      const own = this.#ownSeq(event);
      const live = this.#files.get(file);
      if (live === undefined) this.#host.changed({ file, op, own: false });
      else {
        const { client: author = null, clientSeq = null } = event.origin ?? {};
        live.logged({ version, op, author, clientSeq }, own);
      }
      this.#host.confirmed(file, op, own !== null);
      live?.cursorsMoved();
      this.#host.moved();
    }
    return 'folded';
  }

  /**
   * Goes on after a connection was lost: `events` are all that follow. What was sent and is not among them is to
   * be sent again.
   * @throws Error as `take` does.
   */
  resume(events: readonly RoomEvent[]): void {
    const fold = this.#requireFold();
    const backlogs = new Map<FileId, LoggedEdit[]>();
    for (const event of events) {
      if (event.seq <= fold.seq) continue;
      this.#advance(fold, event);
      if (event.body.kind !== 'edit') continue;
      const { file, op } = event.body;
      if (!this.#files.has(file)) this.#host.changed({ file, op, own: false });
      const backlog = backlogs.get(file) ?? [];
      backlog.push({ op, clientSeq: this.#ownSeq(event) ?? undefined });
      backlogs.set(file, backlog);
    }
    for (const file of this.#files.values()) {
      this.#keep(file.file, file.caughtUp(backlogs.get(file.file) ?? []));
      file.cursorsMoved();
    }
  }

  /** Starts anew from `keyframe`; what is pending goes there by `catchUps`, or by comparing texts. */
  restart(keyframe: Keyframe, catchUps: readonly CatchUp[]): void {
    const before = this.#fold;
    const after = RoomFold.from(keyframe);
    this.#fold = after;
    this.#lines.lost();
    for (const file of [...this.#files.values()]) {
      const confirmed = after.texts.get(file.file);
      if (confirmed === undefined) {
        this.#remove(file.file, before?.state.files.get(file.file)?.path ?? '');
        continue;
      }
      const steps = catchUps.find((catchUp) => catchUp.file === file.file)?.steps ?? [];
      const arrives = file.synchronized || (steps.at(-1)?.version ?? file.version()) === confirmed.version;
      const old = before?.texts.get(file.file)?.buffer.toString() ?? '';
      this.#keep(file.file, arrives ? file.caughtUp(steps) : file.replaced(old));
    }
    for (const file of after.texts.keys()) {
      if (!this.#files.has(file)) this.#host.changed({ file, op: null, own: false });
    }
    this.others.reset();
    for (const file of this.#files.values()) file.cursorsMoved();
  }

  /** Takes the server's text of a file, at the version that this client has, where the two differ. */
  heal(id: FileId, text: string): void {
    const fold = this.#requireFold();
    const confirmed = fold.texts.get(id);
    if (confirmed === undefined) return;
    const before = confirmed.buffer.toString();
    this.#lines.lost();
    const op = diff(before, text);
    const anchors = carried(confirmed.anchors, op);
    const places = new Map(
      [...(confirmed.places ?? [])].map(([message, stretch]) => [message, carryStretch(stretch, op)]),
    );
    fold.texts.set(id, { version: confirmed.version, buffer: TextBuffer.from(text), anchors, places });
    const file = this.#files.get(id);
    if (file === undefined) this.#host.changed({ file: id, op: null, own: false });
    else this.#keep(id, file.replaced(before));
  }

  /** Others' cursors; each file in which something moved is told. Returns whether somebody has come. */
  merge(entries: readonly PresenceEntry[]): boolean {
    const { touched, news, arrived } = this.others.merge(entries, this.#host.now());
    for (const file of touched) this.#files.get(file)?.cursorsMoved();
    if (news) this.#host.moved();
    return arrived;
  }

  /** The connections of these clients are lost: their cursors stand nowhere until they are heard again. */
  lose(clients: readonly ClientId[]): void {
    this.#tellMoved(this.others.lose(clients));
  }

  /** The line, from 1, in which another client's main cursor is on the screen; null when it is in no file. */
  lineOf(client: ClientId): number | null {
    const placed = this.others.of(client);
    const confirmed = placed === null ? undefined : this.#fold?.texts.get(placed.file);
    if (placed === null || confirmed === undefined) return null;
    const file = this.#files.get(placed.file);
    const [{ head }] = carrySpans(
      placed.spans.slice(0, 1),
      file?.screenOp() ?? NOOP,
      file?.previews(client) ?? false,
    ) as [Span];
    const before = file?.text().slice(0, head) ?? confirmed.buffer.slice(0, head);
    return before.split('\n').length;
  }

  /** What a person's screen shows, in positions of the text on this one; null when nothing is heard of them. */
  screenOf(participant: ParticipantId): PersonScreen | null {
    const screen = this.others.screenOf(participant);
    if (screen === null) return null;
    const { client, sight, cursor, watching } = screen;
    if (sight === null) return { client, place: null, watching };
    const pending = this.#files.get(sight.file)?.pendingOp() ?? NOOP;
    const { from, to } = carrySight(sight, pending);
    const at = cursor === null ? null : carrySight({ from: cursor, to: cursor }, pending).from;
    return { client, place: { file: sight.file, from, to, cursor: at }, watching };
  }

  /** Where a place in a version of a file is in `text(file)`; null when there is no such file. */
  pointOf({ file, version, at }: Point): number | null {
    if (this.#fold?.texts.has(file) !== true) return null;
    const confirmed = this.others.carry(file, version, at);
    return carrySight({ from: confirmed, to: confirmed }, this.#files.get(file)?.pendingOp() ?? NOOP).from;
  }

  expireOthers(): void {
    this.#tellMoved(this.others.expire(this.#host.now()));
  }

  #tellMoved(files: ReadonlySet<FileId>): void {
    for (const file of files) this.#files.get(file)?.cursorsMoved();
    if (files.size > 0) this.#host.moved();
  }

  #advance(fold: RoomFold, event: RoomEvent): void {
    const { body } = event;
    const gone = filesDeletedBy(body).map((file) => ({ file, path: fold.state.files.get(file)?.path ?? '' }));
    if (body.kind === 'edit') {
      this.#lines.edited(body.file, body.op, () => fold.texts.get(body.file)?.buffer.toString() ?? '');
    } else if (body.kind === 'run.started') {
      this.#lines.started(body.files);
    }
    fold.apply(event);
    if (body.kind === 'edit') {
      const client = event.origin?.client ?? null;
      this.others.edited(body.file, body.version, body.op, client, this.#host.now());
    }
    for (const { file, path } of gone) this.#remove(file, path);
  }

  #add(id: FileId, stored: PendingFile | null): LiveFile {
    const host: FileHost = {
      ...this.#host,
      edited: (file, op) => {
        this.#host.edited(file);
        this.#host.changed({ file: file.file, op, own: true });
      },
      changed: (file, op) => this.#host.changed({ file, op, own: false }),
      confirmed: (file) => this.#requireFold().texts.get(file)!,
      cursors: (file) => this.#cursorsIn(file),
      lineNow: (file, version, line) => {
        const { version: newest, buffer } = this.#requireFold().texts.get(file.file)!;
        const confirmed = { version: newest, text: () => buffer.toString() };
        return this.#lines.now(file.file, version, line, confirmed, file.screenOp(), file.text());
      },
    };
    const file = new LiveFile(id, host, stored);
    this.#files.set(id, file);
    return file;
  }

  #remove(id: FileId, path: string): void {
    const file = this.#files.get(id);
    this.#files.delete(id);
    const taken = file?.remove() ?? null;
    if (taken !== null) this.#host.lost(id, path, taken);
  }

  #keep(id: FileId, taken: TakenBack | null): void {
    if (taken !== null) this.#host.lost(id, this.#requireFold().state.files.get(id)?.path ?? '', taken);
  }

  #cursorsIn(file: LiveFile): readonly RemoteCursors[] {
    const members = this.#requireFold().state.members;
    return this.others.in(file.file).flatMap((placed) => {
      const member = members.get(placed.participant);
      if (member === undefined) return [];
      const { name, hue, role } = member;
      const viewer = role === 'viewer';
      // What is shown of their typing pushes their cursors along.
      const spans = carrySpans(placed.spans, file.screenOp(), file.previews(placed.client));
      return [{ ...placed, name, hue, viewer, spans }];
    });
  }

  /** The number of this client's command that caused `event`; null when it caused none. */
  #ownSeq({ origin }: RoomEvent): number | null {
    return origin?.client === this.#client ? origin.clientSeq : null;
  }

  #requireFold(): RoomFold {
    if (this.#fold === null) throw new Error('the room has no state yet');
    return this.#fold;
  }
}

function carried(anchors: ReadonlyMap<CommentId, Range> | undefined, op: Op): Map<CommentId, Range> {
  return new Map([...(anchors ?? [])].map(([thread, range]) => [thread, carryRange(range, op)]));
}
