// A room without a server, to look at the page in every state.
import type { Op } from '@codesync/ot';
import type { EventBody, FileId, Member, ParticipantId, RoomEvent, SandboxStatus } from '@codesync/protocol';
import { participantId, roomId } from '@codesync/protocol/testing';
import type {
  FileDocument,
  LiveView,
  RemoteCursor,
  RoomSource,
  TextChange,
} from '../../src/room-source/types.ts';
import { MemoryRoom } from '../support/memory-room.ts';

export const ME = participantId('me_0000000000000000');

export class FakeRoom implements RoomSource {
  #view: LiveView;
  readonly #listeners = new Set<() => void>();
  readonly #textListeners = new Set<(change: TextChange) => void>();
  readonly #room = new MemoryRoom(Date.now, ({ body, actor }) => {
    if (body.kind !== 'edit') this.patch({ room: this.#room.fold.state });
    else
      for (const listener of this.#textListeners)
        listener({ file: body.file, op: body.op, own: actor === ME });
  });
  readonly #documents = new Map<FileId, FileDocument>();
  readonly #cursors: RemoteCursor[] = [];

  constructor(role: Member['role'] = 'host') {
    this.#view = {
      id: roomId('abcdefghijklmnopqrstuv'),
      ready: true,
      room: this.#room.fold.state,
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

  patch(change: Partial<LiveView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }

  log(body: EventBody, actor: ParticipantId | null = ME, at = Date.now()): RoomEvent {
    return this.#room.append(body, actor, undefined, at);
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
    const text = this.#room.fold.texts.get(file);
    if (text === undefined) return null;
    const known = this.#documents.get(file);
    if (known !== undefined) return known;
    const made: FileDocument = {
      file,
      text: () => text.buffer.toString(),
      version: () => text.version,
      edit: (op: Op) => void this.#room.command(ME, { kind: 'edit', file, base: text.version, op }),
      change: (op: Op) => made.edit(op, true),
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

  readonly text = (file: FileId) => this.#room.fold.texts.get(file)?.buffer.toString() ?? null;
  readonly onTexts = (listener: (change: TextChange) => void) => {
    this.#textListeners.add(listener);
    return () => {
      this.#textListeners.delete(listener);
    };
  };

  readonly command: RoomSource['command'] = async (body) => this.#room.command(ME, body);

  readonly flush = async () => undefined;
  readonly unsaved = () => 0;
  readonly setCursor = () => undefined;
  readonly watchTerminal: RoomSource['watchTerminal'] = (terminal, size, { screen }) => {
    const lines = ['$ \x1b[1mls\x1b[0m', '\x1b[34mdocs\x1b[0m  main.py', '$ '];
    const phase = { kind: 'running' } as const;
    screen({ terminal, shell: 1, phase, size, driver: ME, screen: lines.join('\r\n'), at: 0 });
    return { type: () => true, sized: () => undefined, read: () => undefined, stop: () => undefined };
  };
  readonly measures = () => ({ roundTrips: [], saves: [] });
  readonly pastRuns = async () => null;
  readonly serverStatus = async () => null;
  readonly dismissNotice = (id: string) =>
    this.patch({ notices: this.#view.notices.filter((notice) => notice.id !== id) });
  readonly close = () => undefined;
}
