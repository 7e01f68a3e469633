// A room over a socket, as the page gets it. It puts the parts together: the copy of the room (replica.ts), the stay
// in it (session.ts), what is sent (outgoing.ts), what is refused (refusals.ts), and the picture for React.
import type {
  ClientId,
  FileId,
  FormatReply,
  FormatRequest,
  IncomingSignal,
  RefusalCode,
  RunQuestion,
  RunReply,
  ServerStatusReply,
  StorageState,
} from '@codesync/protocol';
import { may, refusal } from '@codesync/protocol';
import { TYPING_MS } from '@codesync/room';
import { Attention } from './attention.ts';
import { Flushes } from './flushes.ts';
import { HashChecks } from './hash-checks.ts';
import type { PlainCommand } from './kept-commands.ts';
import { type Measures, Samples } from './measures.ts';
import { Outgoing } from './outgoing.ts';
import { OwnPresence } from './own-presence.ts';
import { PeerPresence } from './peer-presence.ts';
import { PeerPreviews } from './peer-previews.ts';
import type { RecordStore, StoredRoom } from './record.ts';
import { Refusals } from './refusals.ts';
import { Replica } from './replica.ts';
import { Session, type SessionOptions } from './session.ts';
import type { CommandResult, FileDocument, LiveView, RoomSource, TextChange } from './types.ts';
import { type ViewFacts, ViewStore } from './view-store.ts';

export type LiveRoomOptions = SessionOptions & {
  /** What this client left behind. */
  readonly stored: StoredRoom | null;
  readonly store: RecordStore;
  readonly newId: () => string;
};

const EXPIRE_EVERY_MS = 5_000;

/** Why what was typed is not in the log yet, by what the server last said of its storage. */
const UNFLUSHED: Readonly<Record<StorageState, RefusalCode>> = {
  ok: 'room.unavailable',
  stalled: 'storage.unavailable',
  full: 'storage.full',
};

export class LiveRoom {
  readonly #options: LiveRoomOptions;
  readonly #replica: Replica;
  readonly #session: Session;
  readonly #outgoing: Outgoing;
  readonly #refusals: Refusals;
  readonly #own: OwnPresence;
  readonly #previews: PeerPreviews;
  readonly #peerPresence: PeerPresence;
  readonly #checks: HashChecks;
  readonly #flushes: Flushes;
  readonly #views: ViewStore;
  readonly #roundTrips = new Samples();
  readonly #saves = new Samples();
  readonly #stopHearing: () => void;
  readonly #textListeners = new Set<(change: TextChange) => void>();
  readonly #moveListeners = new Set<() => void>();
  readonly #signalListeners = new Set<(signal: IncomingSignal) => void>();
  readonly #attention: Attention;
  #cancelExpiry: () => void = () => {};
  #cancelTyping: (() => void) | null = null;

  /** @throws Error when `stored` makes no sense. */
  constructor(options: LiveRoomOptions) {
    const { clock, client, stored, page } = options;
    this.#options = options;
    this.#flushes = new Flushes(clock);
    this.#replica = this.#openReplica(client);
    this.#own = this.#openOwnPresence();
    this.#previews = this.#openPreviews();
    this.#peerPresence = this.#openPeerPresence();
    this.#checks = this.#openChecks();
    this.#refusals = this.#openRefusals();
    this.#session = this.#openSession();
    this.#outgoing = this.#openOutgoing();
    if (stored !== null) this.#replica.restore(stored);
    this.#views = new ViewStore(clock, () => this.#facts());
    this.#stopHearing = page.watch({ hide: () => this.#outgoing.hide() });
    this.#attention = new Attention(clock, page, (attention) => this.#own.do({ attention }));
    this.#session.link.start();
    this.#expireLater();
  }

  // ---- for the page -------------------------------------------------------------------------------------

  view = (): LiveView => this.#views.view;

  subscribe = (listener: () => void): (() => void) => this.#views.subscribe(listener);

  document = (file: FileId): FileDocument | null => this.#replica.open(file);

  text = (file: FileId): string | null => this.#replica.text(file);

  anchors: RoomSource['anchors'] = (file) => this.#replica.anchors(file);

  logged: RoomSource['logged'] = (file, range) => this.#replica.confirmed(file, range);

  placeOf: RoomSource['placeOf'] = (message) => this.#replica.placeOf(message);

  onTexts = (listener: (change: TextChange) => void): (() => void) => {
    this.#textListeners.add(listener);
    return () => this.#textListeners.delete(listener);
  };

  lineOf = (client: ClientId): number | null => this.#replica.lineOf(client);

  onMoves = (listener: () => void): (() => void) => {
    this.#moveListeners.add(listener);
    return () => this.#moveListeners.delete(listener);
  };

  command = (body: PlainCommand): Promise<CommandResult> => {
    const answer = this.#outgoing.command(body);
    this.#changed('soon');
    return answer;
  };

  flush = (timeoutMs: number): Promise<void> =>
    this.#flushes.wait(this.#replica.files, timeoutMs, () => {
      return refusal(UNFLUSHED[this.#session.storage]).message;
    });

  unsaved = (): number => [...this.#replica.files].reduce((sum, { made, saved }) => sum + made - saved, 0);

  setCursors: RoomSource['setCursors'] = (cursors) => this.#own.set(cursors);

  setSight: RoomSource['setSight'] = (sight) => this.#own.see(sight);

  screenOf: RoomSource['screenOf'] = (participant) => this.#replica.screenOf(participant);

  pointOf: RoomSource['pointOf'] = (place) => this.#replica.pointOf(place);

  guide: RoomSource['guide'] = (request) => this.#session.link.guide(request);

  setActivity: RoomSource['setActivity'] = (activity) => this.#own.do(activity);

  watchTerminal: RoomSource['watchTerminal'] = (terminal, size, show) =>
    this.#session.terminals.watch(terminal, size, show);

  setPeers: RoomSource['setPeers'] = (channels) => {
    this.#previews.use(channels);
    this.#peerPresence.use(channels);
    // Whoever can be heard sooner now is told where this client is.
    if (channels !== null) this.#own.announce();
  };

  readonly call: RoomSource['call'] = {
    client: () => this.#options.client,
    ask: (request) => this.#session.link.call(request),
    signal: (signal) => this.#session.link.signal(signal),
    onSignal: (listener) => {
      this.#signalListeners.add(listener);
      return () => this.#signalListeners.delete(listener);
    },
  };

  measures = (): Measures => ({ roundTrips: this.#roundTrips.all, saves: this.#saves.all });

  pastRuns = (question: RunQuestion): Promise<RunReply | null> => this.#session.link.runs(question);

  format = (request: FormatRequest): Promise<FormatReply | null> => this.#session.link.format(request);

  serverStatus = (): Promise<ServerStatusReply | null> => this.#session.link.status();

  dismissNotice = (id: string): void => {
    this.#refusals.dismiss(id);
    this.#changed('soon');
  };

  /** Leaves the room. Resolves when all that is pending is written down. */
  close = async (): Promise<void> => {
    this.#own.stop();
    this.#previews.close();
    this.#peerPresence.use(null);
    this.#attention.stop();
    this.#cancelTyping?.();
    this.#checks.stop();
    this.#stopHearing();
    this.#cancelExpiry();
    this.#views.close();
    this.#session.link.close();
    this.#outgoing.close();
    await this.#outgoing.finish();
  };

  // ---- the parts ----------------------------------------------------------------------------------------

  #openReplica(client: ClientId): Replica {
    const { clock } = this.#options;
    return new Replica(client, {
      nextSeq: () => this.#outgoing.nextSeq,
      takeSeq: () => this.#outgoing.takeSeq(),
      now: clock.now,
      edited: (file) => {
        this.#previews.tell(file);
        this.#changed('soon');
      },
      pending: (file) => {
        this.#previews.tell(file);
        this.#publish();
      },
      changed: (change) => {
        for (const listener of this.#textListeners) listener(change);
      },
      saved: (ms) => this.#saves.add(clock.now(), ms),
      shown: (file, op) => this.#own.shown(file, op),
      confirmed: (file, op, own) => {
        this.#own.edited(file, op, own);
        this.#checks.edited(file);
      },
      moved: () => {
        for (const listener of this.#moveListeners) listener();
      },
      lost: (file, path, taken) => this.#refusals.lost(file, path, taken),
    });
  }

  #openOwnPresence(): OwnPresence {
    return new OwnPresence({
      clock: this.#options.clock,
      text: (id) => {
        const file = this.#replica.open(id);
        return file === null ? null : { version: file.version(), pending: file.screenOp() };
      },
      send: (update) => {
        this.#session.link.presence(update);
        this.#peerPresence.send(update);
      },
    });
  }

  #openPeerPresence(): PeerPresence {
    return new PeerPresence({
      now: this.#options.clock.now,
      ownerOf: (client) => this.#replica.others.ownerOf(client),
      heard: (entry) => {
        this.#replica.merge([entry]);
        this.#publish();
      },
    });
  }

  #openPreviews(): PeerPreviews {
    const roleOf = (client: ClientId) => {
      const owner = this.#replica.others.ownerOf(client);
      return owner === null ? null : (this.#replica.fold?.state.members.get(owner)?.role ?? null);
    };
    return new PeerPreviews({
      clock: this.#options.clock,
      online: () => this.#session.link.online,
      file: (file) => this.#replica.file(file),
      files: () => this.#replica.files,
      isHere: (client) => this.#replica.others.ownerOf(client) !== null,
      mayEdit: (client) => {
        const role = roleOf(client);
        return role !== null && may(role, 'edit');
      },
      changed: () => {
        this.#flushes.look();
        this.#publish();
      },
    });
  }

  #openChecks(): HashChecks {
    return new HashChecks({
      clock: this.#options.clock,
      confirmed: (file) => {
        const text = this.#replica.fold?.texts.get(file);
        return text === undefined ? null : { version: text.version, hash: text.buffer.hash() };
      },
      check: (check) => this.#session.link.check(check),
      diverged: (file, verdict) => this.#session.heal(file, verdict),
    });
  }

  #openRefusals(): Refusals {
    const { clock, newId, stored } = this.#options;
    return new Refusals(
      {
        clock,
        newId,
        files: () => this.#replica.files,
        path: (file) => this.#replica.fold?.state.files.get(file)?.path ?? null,
        answered: (clientSeq, error) => this.#outgoing.refused(clientSeq, error),
        pump: () => this.#outgoing.pump(),
        doubt: (file) => this.#checks.due([file]),
        rejoin: () => this.#session.link.resync(),
        reload: () => this.#session.reload(),
      },
      stored?.record.notices ?? [],
    );
  }

  #openSession(): Session {
    const parts = {
      replica: this.#replica,
      own: this.#own,
      checks: this.#checks,
      refusals: this.#refusals,
      outgoing: () => this.#outgoing,
      changed: (urgency: 'soon' | 'later') => this.#changed(urgency),
      publish: () => this.#publish(),
      roundTrip: (ms: number) => this.#roundTrips.add(this.#options.clock.now(), ms),
      signal: (signal: IncomingSignal) => {
        for (const listener of [...this.#signalListeners]) listener(signal);
      },
    };
    return new Session(this.#options, parts, this.#options.stored?.record.you ?? null);
  }

  #openOutgoing(): Outgoing {
    const { room, client, clock, store, stored } = this.#options;
    return new Outgoing(
      {
        room,
        client,
        clock,
        store,
        online: () => this.#session.link.online,
        send: (command) => this.#session.link.command(command),
        pending: () => this.#replica.pending(),
        you: () => (this.#replica.fold === null ? null : this.#session.you),
        keyframe: () => this.#replica.fold!.toKeyframe(),
        notices: () => this.#refusals.notices,
        lost: (body, error) => this.#refusals.unsaid('text' in body ? body.text : null, error),
        oversized: (file) => {
          this.#refusals.oversized(file);
          this.#changed('soon');
        },
        written: () => this.#publish(),
      },
      stored,
    );
  }

  // ---- keeping and telling ------------------------------------------------------------------------------

  /** Something is to be kept, sent or shown. */
  #changed(urgency: 'soon' | 'later'): void {
    this.#outgoing.changed(urgency);
    this.#flushes.look();
    this.#publish();
  }

  #publish(): void {
    this.#views.update();
  }

  #facts(): ViewFacts {
    const { you, storage, sandbox, disk, call, hostMessages, lost, leading, summons, serverAheadMs, link } =
      this.#session;
    const times = [...this.#replica.files].flatMap(({ pendingSince }) => pendingSince ?? []);
    return {
      id: this.#options.room,
      fold: this.#replica.fold,
      you,
      connection: link.connection(),
      storage,
      sandbox,
      disk,
      call,
      hostMessages,
      lost: new Set(lost.people),
      leading,
      summons,
      serverAheadMs,
      activities: this.#activities(),
      notices: this.#refusals.notices,
      unsent: this.#outgoing.unsent,
      pendingSince: times.length === 0 ? null : Math.min(...times),
      online: link.online,
      kept: this.#outgoing.kept,
    };
  }

  /** Looks again when those who type now may have stopped. */
  #activities(): LiveView['activities'] {
    const { clock } = this.#options;
    const activities = this.#replica.others.activities(clock.now());
    if ([...activities.values()].some(({ typing }) => typing)) {
      this.#cancelTyping ??= clock.after(TYPING_MS, () => {
        this.#cancelTyping = null;
        this.#publish();
      });
    }
    return activities;
  }

  #expireLater(): void {
    this.#cancelExpiry = this.#options.clock.after(EXPIRE_EVERY_MS, () => {
      this.#replica.expireOthers();
      this.#own.company(this.#replica.others.any, false);
      this.#publish();
      this.#expireLater();
    });
  }
}
