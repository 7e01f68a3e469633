// A room without a server, to look at the page in every state. Commands are folded by the room's own reducer.
import { apply, hashText, type Op } from '@codesync/ot';
import type { EventBody, FileId, Member, RoomEvent, SandboxStatus } from '@codesync/protocol';
import { EMPTY_ROOM, reduce } from '@codesync/room';
import type { FileDocument, RemoteCursor, RoomSource, RoomView } from '../../src/room-source/types.ts';

const ME = 'me_0000000000000000';

export class FakeRoom implements RoomSource {
  #view: RoomView;
  readonly #listeners = new Set<() => void>();
  readonly #texts = new Map<FileId, string>();
  readonly #documents = new Map<FileId, FileDocument>();
  readonly #cursors: RemoteCursor[] = [];
  #seq = 0;

  constructor(role: Member['role'] = 'host') {
    this.#view = {
      id: 'abcdefghijklmnopqrstuv',
      ready: true,
      room: EMPTY_ROOM,
      you: { id: ME, name: 'Ada Lovelace', hue: 8, role },
      connection: { kind: 'online', rttMs: 4, way: 'websocket' },
      save: { kind: 'saved' },
      storage: 'ok',
      sandbox: { state: 'ready', warm: { python: 2, javascript: 2, go: 1, rust: 1 }, busy: 0 },
      lost: new Set(),
      whereabouts: new Map(),
      notices: [],
    };
    this.log({ kind: 'room.created', name: 'Binary search', language: 'python' });
    this.log({ kind: 'member.joined', participant: ME, name: 'Ada Lovelace', hue: 8, role });
  }

  patch(change: Partial<RoomView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }

  log(body: Exclude<EventBody, { kind: 'edit' }>, actor: string | null = ME, at = Date.now()): RoomEvent {
    if (body.kind === 'file.created') this.#texts.set(body.file, body.text);
    this.patch({ room: reduce(this.#view.room, body, at, actor) });
    return { seq: ++this.#seq, at, actor, body };
  }

  sandbox(sandbox: SandboxStatus): void {
    this.patch({ sandbox });
  }

  cursor(cursor: RemoteCursor): void {
    this.#cursors.push(cursor);
    this.patch({ whereabouts: new Map([...this.#view.whereabouts, [cursor.participant, cursor.file]]) });
  }

  readonly view = () => this.#view;
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly document = (file: FileId): FileDocument | null => {
    if (!this.#texts.has(file)) return null;
    const known = this.#documents.get(file);
    if (known !== undefined) return known;
    const made: FileDocument = {
      file,
      text: () => this.#texts.get(file) ?? '',
      version: () => hashText(this.#texts.get(file) ?? '') % 100,
      edit: (op: Op) => this.#texts.set(file, apply(this.#texts.get(file) ?? '', op)),
      undo: () => null,
      redo: () => null,
      onRemote: () => () => undefined,
      lineNow: (_, line: number) => line,
      remoteCursors: () => this.#cursors.filter((cursor) => cursor.file === file),
      onCursors: () => () => undefined,
    };
    this.#documents.set(file, made);
    return made;
  };

  readonly command: RoomSource['command'] = async (body) => {
    switch (body.kind) {
      case 'file.create':
        return { ok: true, event: this.log({ ...body, kind: 'file.created' }) };
      case 'file.rename':
        return { ok: true, event: this.log({ ...body, kind: 'file.renamed' }) };
      case 'file.delete':
        return { ok: true, event: this.log({ ...body, kind: 'file.deleted' }) };
      case 'room.rename':
        return { ok: true, event: this.log({ ...body, kind: 'room.renamed' }) };
      case 'entry.pin':
        return { ok: true, event: this.log({ ...body, kind: 'entry.pinned' }) };
      case 'workFolder.set':
        return { ok: true, event: this.log({ ...body, kind: 'workFolder.changed' }) };
      case 'room.lock':
        return { ok: true, event: this.log({ ...body, kind: 'room.locked' }) };
      case 'member.role':
        return { ok: true, event: this.log(body) };
      case 'member.remove':
        return { ok: true, event: this.log({ ...body, kind: 'member.removed' }) };
      case 'role.request':
        return { ok: true, event: this.log({ kind: 'role.requested', participant: ME }) };
      default:
        return { ok: false, error: { code: 'run.unavailable', message: 'This room has no server.' } };
    }
  };

  readonly flush = async () => undefined;
  readonly unsaved = () => 0;
  readonly setCursor = () => undefined;
  readonly measures = () => ({ roundTrips: [], saves: [] });
  readonly serverStatus = async () => null;
  readonly dismissNotice = (id: string) =>
    this.patch({ notices: this.#view.notices.filter((notice) => notice.id !== id) });
  readonly close = () => undefined;
}
