// A room over a socket: puts together the copy of the room, the connection, the storage and what the page sees.
import {
  type ClientId,
  type Cursor,
  divergenceReport,
  type FileId,
  type HashVerdict,
  type JoinRequest,
  type Lost,
  type Participant,
  PROTOCOL_VERSION,
  type Refusal,
  type RefusalCode,
  type Role,
  type RoomEvent,
  type RoomId,
  refusal,
  type SandboxStatus,
  type ServerStatusReply,
  type StorageState,
  type Welcome,
} from '@codesync/protocol';
import type { Clock } from './clock.ts';
import { Dispatch } from './dispatch.ts';
import { remedyFor } from './edit-refusals.ts';
import { Flushes } from './flushes.ts';
import { HashChecks } from './hash-checks.ts';
import { type DoubtsMemory, LinkDriver } from './link-driver.ts';
import type { LiveFile, TakenBack } from './live-file.ts';
import { type Measures, Samples } from './measures.ts';
import { addNotice, type Notice } from './notices.ts';
import type { PlainCommand } from './outbox.ts';
import { OwnCursor } from './own-cursor.ts';
import type { Page } from './page.ts';
import type { ClientRecord, RecordStore, StoredRoom } from './record.ts';
import { Recorder } from './recorder.ts';
import { Replica } from './replica.ts';
import type { OpenSocket } from './socket.ts';
import type { CommandResult, FileDocument, RoomView } from './types.ts';
import { type ViewFacts, ViewStore } from './view-store.ts';

export type LiveRoomOptions = {
  readonly room: RoomId;
  readonly secret: string | null;
  readonly client: ClientId;
  /** What this client left behind. */
  readonly stored: StoredRoom | null;
  readonly openSocket: OpenSocket;
  readonly doubts: DoubtsMemory;
  readonly clock: Clock;
  readonly page: Page;
  readonly store: RecordStore;
  readonly newId: () => string;
};

const EXPIRE_EVERY_MS = 5_000;
/** After the server said that it cannot take an edit just now. */
const RETRY_MS = 1_000;

/** Why what was typed is not in the log yet, by what the server last said of its storage. */
const UNFLUSHED: Readonly<Record<StorageState, RefusalCode>> = {
  ok: 'room.unavailable',
  stalled: 'storage.unavailable',
  full: 'storage.full',
};

export class LiveRoom {
  readonly #options: LiveRoomOptions;
  readonly #clock: Clock;
  readonly #replica: Replica;
  readonly #link: LinkDriver;
  readonly #recorder: Recorder;
  readonly #dispatch: Dispatch;
  readonly #flushes: Flushes;
  readonly #own: OwnCursor;
  readonly #checks: HashChecks;
  readonly #views: ViewStore;
  readonly #roundTrips = new Samples();
  readonly #saves = new Samples();
  readonly #stopHearing: () => void;
  #cancelExpiry: () => void = () => {};
  #you: (Participant & { readonly role: Role }) | null;
  #notices: readonly Notice[];
  #sandbox: SandboxStatus = { state: 'starting' };
  #storage: StorageState = 'ok';
  #lost: Lost = { clients: [], people: [] };
  /** False when the copy lacks something that only a keyframe brings: outputs, or trust. */
  #resumable = false;
  #wasOnline = false;
  /** When the record was last made; two are never of the same moment. */
  #writtenAt: number;

  constructor(options: LiveRoomOptions) {
    const { client, clock, stored, store, page } = options;
    this.#options = options;
    this.#clock = clock;
    this.#you = stored?.record.you ?? null;
    this.#writtenAt = stored?.record.writtenAt ?? 0;
    this.#flushes = new Flushes(clock);
    this.#notices = stored?.record.notices ?? [];
    this.#replica = new Replica(client, {
      nextSeq: () => this.#dispatch.nextSeq,
      takeSeq: () => this.#dispatch.takeSeq(),
      now: clock.now,
      edited: () => this.#changed('soon'),
      saved: (ms) => this.#saves.add(clock.now(), ms),
      shown: (file, op) => this.#own.shown(file, op),
      confirmed: (file, op, own) => {
        this.#own.edited(file, op, own);
        this.#checks.edited(file);
      },
      lost: (file, path, taken) => this.#notice(refusal('file.unknown'), file, path, taken),
    });
    this.#own = new OwnCursor({
      clock,
      text: (id) => {
        const file = this.#replica.open(id);
        return file === null ? null : { version: file.version(), pending: file.pendingOp() };
      },
      send: (update) => this.#link.presence(update),
    });
    this.#checks = new HashChecks({
      clock,
      confirmed: (file) => {
        const text = this.#replica.fold?.texts.get(file);
        return text === undefined ? null : { version: text.version, hash: text.buffer.hash() };
      },
      check: (check) => this.#link.check(check),
      diverged: (file, verdict) => this.#heal(file, verdict),
    });
    this.#recorder = new Recorder(
      {
        store,
        clock,
        record: () => this.#record(),
        keyframe: () => this.#replica.fold!.toKeyframe(),
        changed: () => this.#afterWrite(),
      },
      stored,
    );
    this.#link = new LinkDriver(options, {
      request: () => this.#request(),
      welcome: (welcome) => this.#welcome(welcome),
      changed: () => this.#onLink(),
      roundTrip: (ms) => this.#roundTrips.add(clock.now(), ms),
      events: (events) => this.#onEvents(events),
      refused: ({ clientSeq, error }) => this.#onRefused(clientSeq, error),
      presence: (entries) => {
        this.#replica.merge(entries);
        this.#publish();
      },
      lost: (lost) => {
        this.#lose(lost);
        this.#publish();
      },
      sandbox: (status) => {
        this.#sandbox = status;
        this.#publish();
      },
      storage: (state) => {
        this.#storage = state;
        this.#publish();
      },
    });
    this.#dispatch = new Dispatch(
      {
        recorder: this.#recorder,
        clock,
        online: () => this.#link.online,
        send: (command) => this.#link.command(command),
        pending: () => this.#pendingFiles(),
        recordable: () => this.#recordable,
        oversized: (file) => {
          this.#refuseEdit(file, refusal('file.tooLarge'));
          this.#changed('soon');
        },
      },
      stored?.record.nextSeq ?? 1,
    );
    if (stored !== null) this.#replica.restore(stored);
    this.#views = new ViewStore(clock, () => this.#facts());
    this.#stopHearing = page.watch({ network: () => {}, wake: () => {}, hide: () => this.#hide() });
    this.#link.start();
    this.#expireLater();
  }

  // ---- for the page -------------------------------------------------------------------------------------

  view = (): RoomView => this.#views.view;

  subscribe = (listener: () => void): (() => void) => this.#views.subscribe(listener);

  document = (file: FileId): FileDocument | null => this.#replica.open(file);

  command = (body: PlainCommand): Promise<CommandResult> => {
    const answer = this.#dispatch.command(body);
    this.#changed('soon');
    return answer;
  };

  flush = (timeoutMs: number): Promise<void> =>
    this.#flushes.wait(this.#replica.files, timeoutMs, () => {
      return refusal(UNFLUSHED[this.#storage]).message;
    });

  unsaved = (): number => this.#pendingFiles().reduce((sum, { made, saved }) => sum + made - saved, 0);

  setCursor = (cursor: Omit<Cursor, 'version'> | null): void => this.#own.set(cursor);

  measures = (): Measures => ({ roundTrips: this.#roundTrips.all, saves: this.#saves.all });

  serverStatus = (): Promise<ServerStatusReply | null> => this.#link.status();

  dismissNotice = (id: string): void => {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    this.#changed('soon');
  };

  /** Leaves the room. Resolves when all that is pending is written down. */
  close = async (): Promise<void> => {
    this.#own.stop();
    this.#checks.stop();
    this.#stopHearing();
    this.#cancelExpiry();
    this.#views.close();
    this.#link.close();
    this.#dispatch.close();
    this.#writeNow();
    await this.#recorder.finish();
  };

  // ---- the connection -----------------------------------------------------------------------------------

  #request(): JoinRequest {
    const { room, client, secret } = this.#options;
    const since = this.#resumable ? (this.#replica.fold?.seq ?? null) : null;
    const pending = this.#pendingFiles().map((file) => ({ file: file.file, version: file.version() }));
    return { protocol: PROTOCOL_VERSION, room, client, secret, since, pending };
  }

  #welcome({ you, lastClientSeq, state, presence, lost, sandbox, storage }: Welcome): void {
    this.#you = you;
    this.#dispatch.startAfter(lastClientSeq);
    this.#sandbox = sandbox;
    this.#storage = storage;
    this.#dispatch.unsend();
    if (state.kind === 'events') {
      for (const event of state.events) this.#answer(event);
      this.#replica.resume(state.events);
      for (const event of state.events) this.#recorder.note(event);
    } else {
      this.#replica.restart(state.keyframe, state.catchUps);
      this.#recorder.startOver();
    }
    this.#resumable = true;
    this.#replica.merge(presence);
    this.#lose(lost);
  }

  #lose(lost: Lost): void {
    this.#lost = lost;
    this.#replica.lose(lost.clients);
  }

  #onLink(): void {
    const { online } = this.#link;
    const arrived = online && !this.#wasOnline;
    if (arrived) {
      this.#own.announce();
      this.#checks.due([...this.#replica.files].map((file) => file.file));
    }
    if (!online && this.#wasOnline) for (const file of this.#replica.files) file.unsend();
    this.#wasOnline = online;
    const { link } = this.#link;
    if (link.kind === 'closed') this.#end(link.error);
    if (link.kind === 'outdated') this.#dispatch.close(refusal('protocol.outdated'));
    this.#changed(arrived ? 'soon' : 'later');
  }

  /** The room is closed to this client: what was not saved stays in the record, and is shown besides. */
  #end(error: Refusal): void {
    this.#dispatch.close(error);
    for (const file of this.#pendingFiles()) {
      this.#notice(
        error,
        file.file,
        this.#replica.fold?.state.files.get(file.file)?.path ?? null,
        file.unsaved(),
      );
    }
  }

  #onEvents(events: readonly RoomEvent[]): void {
    for (const event of events) {
      this.#answer(event);
      const taken = this.#take(event);
      if (taken === 'gap') {
        this.#link.resync();
        return;
      }
      if (taken === 'folded') this.#recorder.note(event);
    }
    this.#changed('later');
  }

  #take(event: RoomEvent): 'folded' | 'seen' | 'gap' {
    try {
      return this.#replica.take(event);
    } catch (error) {
      // This copy has gone wrong; the server's has not. It is fetched whole, and what is pending is carried over.
      console.error('an event does not fit this copy of the room', event.seq, error);
      this.#resumable = false;
      return 'gap';
    }
  }

  #answer({ origin, ...event }: RoomEvent): void {
    if (origin?.client === this.#options.client)
      this.#dispatch.logged(origin.clientSeq, { origin, ...event });
  }

  #onRefused(clientSeq: number | null, error: Refusal): void {
    if (clientSeq === null) {
      // Presence that was too frequent: it is lossy anyway.
      if (error.code !== 'rate.exceeded') this.#notice(error, null, null, null);
    } else if (!this.#dispatch.refused(clientSeq, error)) {
      const file = [...this.#replica.files].find(({ inFlight }) => inFlight === clientSeq);
      if (file !== undefined) this.#refuseEdit(file, error);
    }
    if (error.code === 'protocol.unjoined') this.#link.resync();
    this.#changed('soon');
  }

  #refuseEdit(file: LiveFile, error: Refusal): void {
    const path = this.#replica.fold?.state.files.get(file.file)?.path ?? null;
    switch (remedyFor(error.code)) {
      case 'retry':
        this.#clock.after(RETRY_MS, () => {
          file.unsend();
          this.#dispatch.pump();
        });
        return;
      case 'resend':
        return;
      case 'reload':
        this.#resumable = false;
        this.#link.resync();
        return;
      case 'undo':
        this.#notice(error, file.file, path, file.refused());
        this.#checks.due([file.file]);
        return;
      case 'undo-all':
        this.#notice(error, file.file, path, file.takeBack());
    }
  }

  #heal(id: FileId, { version, text }: Extract<HashVerdict, { verdict: 'diverged' }>): void {
    const copy = this.#replica.fold?.texts.get(id);
    if (copy?.version !== version) {
      this.#checks.due([id]);
      return;
    }
    const pending = this.#replica.file(id)?.synchronized === false;
    const report = divergenceReport({ file: id, version, pending }, copy.buffer.toString(), text);
    console.error('this copy of a file had diverged and was replaced', id, version);
    this.#replica.heal(id, text);
    this.#link.healed(report);
    this.#recorder.startOver();
    this.#own.announce();
    this.#changed('soon');
  }

  // ---- keeping and telling ------------------------------------------------------------------------------

  /** Something is to be kept, sent or shown. */
  #changed(urgency: 'soon' | 'later'): void {
    this.#dispatch.changed(urgency);
    this.#flushes.look();
    this.#publish();
  }

  /** There is a room to keep a record of. */
  get #recordable(): boolean {
    return this.#replica.fold !== null && this.#you !== null;
  }

  #hide(): void {
    if (this.#recordable && this.#pendingFiles().length > 0) this.#recorder.lastWords();
    this.#writeNow();
  }

  #writeNow(): void {
    if (this.#recordable) this.#recorder.now();
  }

  #afterWrite(): void {
    this.#dispatch.pump();
    this.#publish();
  }

  #pendingFiles(): LiveFile[] {
    return [...this.#replica.files].filter((file) => !file.synchronized);
  }

  #record(): ClientRecord {
    const { room, client } = this.#options;
    const pending = this.#pendingFiles().map((file) => file.stored());
    this.#writtenAt = Math.max(this.#writtenAt + 1, this.#clock.now());
    return {
      room,
      client,
      you: this.#you!,
      nextSeq: this.#dispatch.nextSeq,
      pending,
      notices: this.#notices,
      writtenAt: this.#writtenAt,
    };
  }

  #notice(error: Refusal, file: FileId | null, path: string | null, taken: TakenBack | null): void {
    const at = this.#clock.now();
    const { typed = null, text = null } = taken ?? {};
    this.#notices = addNotice(this.#notices, {
      id: this.#options.newId(),
      at,
      error,
      file,
      path,
      typed,
      text,
    });
  }

  #publish(): void {
    this.#views.update();
  }

  #facts(): ViewFacts {
    const fold = this.#replica.fold;
    const times = this.#pendingFiles().map((file) => file.pendingSince!);
    return {
      id: this.#options.room,
      fold,
      you: this.#you,
      connection: this.#link.connection(),
      storage: this.#storage,
      sandbox: this.#sandbox,
      lost: new Set(this.#lost.people),
      whereabouts: this.#replica.cursors.whereabouts(),
      notices: this.#notices,
      pendingSince: times.length === 0 ? null : Math.min(...times),
      online: this.#link.online,
      kept: this.#recorder.kept,
    };
  }

  #expireLater(): void {
    this.#cancelExpiry = this.#clock.after(EXPIRE_EVERY_MS, () => {
      this.#replica.expireCursors();
      this.#publish();
      this.#expireLater();
    });
  }
}
