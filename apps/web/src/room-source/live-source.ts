// A live room from the moment that it is asked for: what the page holds while the client is found, and after that.
import {
  type ClientId,
  type FileId,
  type FormatReply,
  type FormatRequest,
  type IncomingSignal,
  NOBODY_CALLS,
  NOTHING_APART,
  type RoomId,
  type RunQuestion,
  type RunReply,
  type ServerStatusReply,
} from '@codesync/protocol';
import { EMPTY_ROOM } from '@codesync/room';
import type { Adopted } from './adopt.ts';
import { enter, findClient, isOfAnother, newClient, tidyUp, type Where, type World } from './coming-back.ts';
import type { PlainCommand } from './kept-commands.ts';
import type { LiveRoom } from './live-room.ts';
import type { PeerChannels } from './peer-channels.ts';
import type {
  CommandResult,
  FileDocument,
  LiveView,
  Measures,
  OwnCursors,
  RoomSource,
  TextChange,
} from './types.ts';

const UNMEASURED: Measures = { roundTrips: [], saves: [] };

export class LiveSource implements RoomSource {
  readonly #world: World;
  readonly #where: Where;
  readonly #listeners = new Set<() => void>();
  readonly #textListeners = new Set<(change: TextChange) => void>();
  readonly #moveListeners = new Set<() => void>();
  readonly #signalListeners = new Set<(signal: IncomingSignal) => void>();
  readonly #opened: Promise<void>;
  readonly #before: LiveView;
  #room: LiveRoom | null = null;
  #leave: () => Promise<void> = () => Promise.resolve();
  #cursors: OwnCursors | null = null;
  #sight: Parameters<RoomSource['setSight']>[0] = null;
  #peers: PeerChannels | null = null;
  #activity: Parameters<RoomSource['setActivity']>[0] = {};
  #tidied = false;
  #closed = false;

  constructor(world: World, where: Where) {
    this.#world = world;
    this.#where = where;
    this.#before = opening(where.room);
    this.#opened = findClient(world, where).then((adopted) => this.#enter(adopted));
  }

  view = (): LiveView => this.#room?.view() ?? this.#before;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  document = (file: FileId): FileDocument | null => this.#room?.document(file) ?? null;

  text = (file: FileId): string | null => this.#room?.text(file) ?? null;

  anchors: RoomSource['anchors'] = (file) => this.#room?.anchors(file) ?? new Map();

  logged: RoomSource['logged'] = (file, range) => this.#room?.logged(file, range) ?? null;

  placeOf: RoomSource['placeOf'] = (message) => this.#room?.placeOf(message) ?? null;

  onTexts = (listener: (change: TextChange) => void): (() => void) => {
    this.#textListeners.add(listener);
    return () => this.#textListeners.delete(listener);
  };

  lineOf = (client: ClientId): number | null => this.#room?.lineOf(client) ?? null;

  onMoves = (listener: () => void): (() => void) => {
    this.#moveListeners.add(listener);
    return () => this.#moveListeners.delete(listener);
  };

  command = async (body: PlainCommand): Promise<CommandResult> => {
    await this.#opened;
    return this.#room!.command(body);
  };

  flush = async (timeoutMs: number): Promise<void> => this.#room?.flush(timeoutMs);

  unsaved = (): number => this.#room?.unsaved() ?? 0;

  setCursors: RoomSource['setCursors'] = (cursors) => {
    this.#cursors = cursors;
    this.#room?.setCursors(cursors);
  };

  setSight: RoomSource['setSight'] = (sight) => {
    this.#sight = sight;
    this.#room?.setSight(sight);
  };

  screenOf: RoomSource['screenOf'] = (participant) => this.#room?.screenOf(participant) ?? null;

  pointOf: RoomSource['pointOf'] = (place) => this.#room?.pointOf(place) ?? null;

  guide: RoomSource['guide'] = async (request) => this.#room?.guide(request) ?? null;

  setActivity: RoomSource['setActivity'] = (activity) => {
    this.#activity = { ...this.#activity, ...activity };
    this.#room?.setActivity(activity);
  };

  watchTerminal: RoomSource['watchTerminal'] = (terminal, size, show) => {
    if (this.#room === null) throw new Error('a room that has not come yet shows no terminals');
    return this.#room.watchTerminal(terminal, size, show);
  };

  setPeers: RoomSource['setPeers'] = (channels) => {
    this.#peers = channels;
    this.#room?.setPeers(channels);
  };

  readonly call: RoomSource['call'] = {
    client: () => this.#room?.call.client() ?? null,
    ask: async (request) => this.#room?.call.ask(request) ?? null,
    signal: async (signal) => this.#room?.call.signal(signal) ?? false,
    onSignal: (listener) => {
      this.#signalListeners.add(listener);
      return () => this.#signalListeners.delete(listener);
    },
  };

  measures = (): Measures => this.#room?.measures() ?? UNMEASURED;

  pastRuns = async (question: RunQuestion): Promise<RunReply | null> =>
    this.#room?.pastRuns(question) ?? null;

  format = async (request: FormatRequest): Promise<FormatReply | null> => this.#room?.format(request) ?? null;

  serverStatus = async (): Promise<ServerStatusReply | null> => this.#room?.serverStatus() ?? null;

  dismissNotice = (id: string): void => this.#room?.dismissNotice(id);

  close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#textListeners.clear();
    this.#moveListeners.clear();
    this.#signalListeners.clear();
    void this.#leave();
  };

  #enter(adopted: Adopted): void {
    const { client, claim } = adopted;
    const room = enter(this.#world, this.#where, adopted);
    if (room === null) {
      void this.#startAnew();
      return;
    }
    this.#room = room;
    this.#leave = () => room.close().then(claim.release);
    if (this.#closed) {
      void this.#leave();
      return;
    }
    room.subscribe(() => {
      const view = room.view();
      if (isOfAnother(view, adopted)) void this.#startAnew();
      else if (view.connection.kind === 'online') this.#tidy(room, client);
      for (const listener of [...this.#listeners]) listener();
    });
    room.setCursors(this.#cursors);
    room.setSight(this.#sight);
    room.setActivity(this.#activity);
    room.setPeers(this.#peers);
    room.call.onSignal((signal) => {
      for (const listener of [...this.#signalListeners]) listener(signal);
    });
    const tell = (change: TextChange) => {
      for (const listener of this.#textListeners) listener(change);
    };
    room.onTexts(tell);
    room.onMoves(() => {
      for (const listener of [...this.#moveListeners]) listener();
    });
    for (const file of room.view().room.files.keys()) tell({ file, op: null, own: false });
    for (const listener of [...this.#listeners]) listener();
  }

  /** Enters as a client that was never seen before. */
  async #startAnew(): Promise<void> {
    await this.#leave();
    this.#enter(await newClient(this.#world, this.#where));
  }

  /** Sees, once, to what other tabs of this person have left behind on this device. */
  #tidy(room: LiveRoom, client: ClientId): void {
    const { you } = room.view();
    if (this.#tidied || you === null) return;
    this.#tidied = true;
    void tidyUp(this.#world, { ...this.#where, participant: you.id }, client);
  }
}

function opening(room: RoomId): LiveView {
  return {
    id: room,
    ready: false,
    room: EMPTY_ROOM,
    you: null,
    connection: { kind: 'joining' },
    save: { kind: 'saved' },
    storage: 'ok',
    sandbox: { state: 'starting' },
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
}
