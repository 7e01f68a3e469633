// A room without a server, to look at the page in every state.
import type { Op } from '@codesync/ot';
import {
  type ClientId,
  type EventBody,
  type FileId,
  JUST_HERE,
  type Member,
  NOBODY_CALLS,
  NOTHING_APART,
  type ParticipantId,
  type RoomEvent,
  type SandboxStatus,
} from '@codesync/protocol';
import { participantId, roomId } from '@codesync/protocol/testing';
import type {
  FileDocument,
  LiveView,
  RemoteCursors,
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
  readonly #cursors: RemoteCursors[] = [];

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
      disk: NOTHING_APART,
      call: NOBODY_CALLS,
      lost: new Set(),
      activities: new Map(),
      leading: null,
      summons: null,
      serverAheadMs: 0,
      notices: [],
      unsent: [],
      hostMessages: new Map(),
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

  cursor(cursor: RemoteCursors): void {
    this.#cursors.push(cursor);
    const { participant, client, file } = cursor;
    const activity = { ...JUST_HERE, client, file, typing: false };
    this.patch({ activities: new Map([...this.#view.activities, [participant, activity]]) });
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
      previewed: () => [],
      onPreviewed: () => () => undefined,
      onScreen: (range) => range,
      inText: (range) => range,
    };
    this.#documents.set(file, made);
    return made;
  };

  readonly text = (file: FileId) => this.#room.fold.texts.get(file)?.buffer.toString() ?? null;
  readonly anchors: RoomSource['anchors'] = (file) => this.#room.fold.texts.get(file)?.anchors ?? new Map();
  readonly logged: RoomSource['logged'] = (file, range) => {
    const text = this.#room.fold.texts.get(file);
    return text === undefined ? null : { version: text.version, ...range };
  };
  readonly placeOf: RoomSource['placeOf'] = (message) => {
    const file = this.#room.fold.state.messages.get(message)?.place?.file;
    const at = file === undefined ? undefined : this.#room.fold.texts.get(file)?.places?.get(message);
    return at === undefined ? null : { file: file!, ...at };
  };
  readonly onTexts = (listener: (change: TextChange) => void) => {
    this.#textListeners.add(listener);
    return () => {
      this.#textListeners.delete(listener);
    };
  };

  readonly command: RoomSource['command'] = async (body) => this.#room.command(ME, body);

  readonly flush = async () => undefined;
  readonly unsaved = () => 0;
  readonly setCursors = () => undefined;
  readonly setActivity = () => undefined;
  readonly setSight = () => undefined;
  readonly screenOf = () => null;
  readonly pointOf: RoomSource['pointOf'] = ({ at }) => at;
  readonly guide = async () => ({ ok: true }) as const;
  readonly setPeers = () => undefined;
  readonly lineOf = (client: ClientId) => {
    const cursors = this.#cursors.find((one) => one.client === client);
    const text = cursors === undefined ? null : this.text(cursors.file);
    return text === null ? null : text.slice(0, cursors!.spans[0]!.head).split('\n').length;
  };
  readonly onMoves = () => () => undefined;
  readonly watchTerminal: RoomSource['watchTerminal'] = (terminal, size, { screen }) => {
    const lines = ['$ \x1b[1mls\x1b[0m', '\x1b[34mdocs\x1b[0m  main.py', '$ '];
    const phase = { kind: 'running' } as const;
    screen({ terminal, shell: 1, phase, size, driver: ME, screen: lines.join('\r\n'), at: 0 });
    return { type: () => null, sized: () => undefined, read: () => undefined, stop: () => undefined };
  };
  readonly call: RoomSource['call'] = {
    client: () => null,
    ask: async () => null,
    signal: async () => false,
    onSignal: () => () => undefined,
  };
  readonly measures = () => ({ roundTrips: [], saves: [] });
  readonly pastRuns = async () => null;
  readonly format = async () => null;
  readonly serverStatus = async () => null;
  readonly dismissNotice = (id: string) =>
    this.patch({ notices: this.#view.notices.filter((notice) => notice.id !== id) });
  readonly close = () => undefined;
}
