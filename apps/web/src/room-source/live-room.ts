// A room over a socket: puts together the copy of the room, the connection, the storage and what the page sees.
import type { Op } from '@codesync/ot';
import {
  type ClientId,
  type Cursor,
  type FileId,
  type HashVerdict,
  type JoinRequest,
  LIMITS,
  type Participant,
  PROTOCOL_VERSION,
  type Refusal,
  type Role,
  type RoomEvent,
  type RoomId,
  refusal,
  type SandboxStatus,
  type StorageState,
  type Welcome,
} from '@codesync/protocol';
import type { Clock } from './clock.ts';
import { HashChecks } from './hash-checks.ts';
import { LinkDriver } from './link-driver.ts';
import type { LiveFile, TakenBack } from './live-file.ts';
import { addNotice, type Notice } from './notices.ts';
import { Outbox, type PlainCommand } from './outbox.ts';
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
  readonly clock: Clock;
  readonly page: Page;
  readonly store: RecordStore;
  readonly newId: () => string;
};

const EXPIRE_EVERY_MS = 5_000;
/** After the server said that it cannot take an edit just now. */
const RETRY_MS = 1_000;

export class LiveRoom {
  readonly #options: LiveRoomOptions;
  readonly #clock: Clock;
  readonly #replica: Replica;
  readonly #link: LinkDriver;
  readonly #recorder: Recorder;
  readonly #outbox = new Outbox();
  readonly #own: OwnCursor;
  readonly #checks: HashChecks;
  readonly #views: ViewStore;
  readonly #stopHearing: () => void;
  #cancelExpiry: () => void = () => {};
  #you: (Participant & { readonly role: Role }) | null;
  #nextSeq: number;
  #numbered = false;
  #notices: readonly Notice[];
  #sandbox: SandboxStatus = { state: 'starting' };
  #storage: StorageState = 'ok';
  /** False when the copy lacks something that only a keyframe brings: outputs, or trust. */
  #resumable = false;
  #wasOnline = false;
  #flushes: { readonly made: ReadonlyMap<LiveFile, number>; readonly done: () => void }[] = [];

  constructor(options: LiveRoomOptions) {
    const { client, clock, stored, store, page } = options;
    this.#options = options;
    this.#clock = clock;
    this.#you = stored?.record.you ?? null;
    this.#nextSeq = stored?.record.nextSeq ?? 1;
    this.#notices = stored?.record.notices ?? [];
    this.#replica = new Replica(client, {
      nextSeq: () => this.#nextSeq,
      takeSeq: () => this.#takeSeq(),
      now: clock.now,
      edited: () => this.#changed('soon'),
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
      stored?.record.nextSeq ?? null,
    );
    this.#link = new LinkDriver(options, {
      request: () => this.#request(),
      welcome: (welcome) => this.#welcome(welcome),
      changed: () => this.#onLink(),
      events: (events) => this.#onEvents(events),
      refused: ({ clientSeq, error }) => this.#onRefused(clientSeq, error),
      presence: (entries) => {
        this.#replica.merge(entries);
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
    if (stored !== null) this.#replica.restore(stored);
    this.#views = new ViewStore(clock, () => this.#facts());
    this.#stopHearing = page.watch({ network: () => {}, wake: () => {}, hide: () => this.#writeNow() });
    this.#link.start();
    this.#expireLater();
  }

  // ---- for the page -------------------------------------------------------------------------------------

  view = (): RoomView => this.#views.view;

  subscribe = (listener: () => void): (() => void) => this.#views.subscribe(listener);

  document = (file: FileId): FileDocument | null => this.#replica.open(file);

  command = async (body: PlainCommand): Promise<CommandResult> => {
    if (!this.#link.online) return { ok: false, error: refusal('room.unavailable') };
    const answer = this.#outbox.add(this.#nextSeq, body);
    this.#takeSeq();
    this.#changed('soon');
    return answer;
  };

  flush = (timeoutMs: number): Promise<void> => {
    const made = new Map<LiveFile, number>();
    for (const file of this.#replica.files) if (!file.synchronized) made.set(file, file.made);
    if (made.size === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const flush = {
        made,
        done: () => {
          cancel();
          resolve();
        },
      };
      const cancel = this.#clock.after(timeoutMs, () => {
        this.#flushes = this.#flushes.filter((other) => other !== flush);
        const code = this.#storage === 'stalled' ? 'storage.unavailable' : 'room.unavailable';
        reject(new Error(refusal(code).message));
      });
      this.#flushes.push(flush);
    });
  };

  setCursor = (cursor: Omit<Cursor, 'version'> | null): void => this.#own.set(cursor);

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
    this.#outbox.close();
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

  #welcome({ you, lastClientSeq, state, presence, sandbox, storage }: Welcome): void {
    this.#you = you;
    this.#nextSeq = Math.max(this.#nextSeq, lastClientSeq + 1);
    this.#sandbox = sandbox;
    this.#storage = storage;
    this.#outbox.unsend();
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
    if (link.kind === 'closed') this.#outbox.close(link.error);
    if (link.kind === 'outdated') this.#outbox.close(refusal('protocol.outdated'));
    this.#changed(arrived ? 'soon' : 'later');
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
    if (origin?.client === this.#options.client) this.#outbox.logged(origin.clientSeq, { origin, ...event });
  }

  #onRefused(clientSeq: number | null, error: Refusal): void {
    if (clientSeq === null) {
      // Presence that was too frequent: it is lossy anyway.
      if (error.code !== 'rate.exceeded') this.#notice(error, null, null, null);
    } else if (!this.#outbox.refused(clientSeq, error)) {
      const file = [...this.#replica.files].find(({ inFlight }) => inFlight === clientSeq);
      if (file !== undefined) this.#refuseEdit(file, error);
    }
    this.#changed('soon');
  }

  #refuseEdit(file: LiveFile, error: Refusal): void {
    const path = this.#replica.fold?.state.files.get(file.file)?.path ?? null;
    switch (error.code) {
      case 'rate.exceeded':
      case 'storage.unavailable':
      case 'room.unavailable':
        this.#clock.after(RETRY_MS, () => {
          file.unsend();
          this.#pump();
        });
        return;
      case 'protocol.unjoined':
        this.#link.resync();
        return;
      case 'edit.future':
        this.#resumable = false;
        this.#link.resync();
        return;
      case 'role.viewer':
      case 'room.removed':
      case 'file.unknown':
        this.#notice(error, file.file, path, file.takeBack());
        return;
      default:
        this.#notice(error, file.file, path, file.refused());
        this.#checks.due([file.file]);
    }
  }

  #heal(id: FileId, { version, text }: Extract<HashVerdict, { verdict: 'diverged' }>): void {
    if (this.#replica.fold?.texts.get(id)?.version !== version) {
      this.#checks.due([id]);
      return;
    }
    console.error('this copy of a file had diverged and was replaced', id, version);
    this.#replica.heal(id, text);
    this.#recorder.startOver();
    this.#own.announce();
    this.#changed('soon');
  }

  // ---- sending and keeping ------------------------------------------------------------------------------

  #takeSeq(): void {
    this.#nextSeq++;
    this.#numbered = true;
  }

  /** Something is to be kept, sent or shown. A command that got its number has to be on disk before it is sent. */
  #changed(urgency: 'soon' | 'later'): void {
    if (this.#replica.fold !== null && this.#you !== null) {
      if (this.#numbered) this.#recorder.now();
      else if (urgency === 'soon') this.#recorder.soon();
      else this.#recorder.later();
      this.#numbered = false;
    }
    this.#pump();
    this.#flushes = this.#flushes.filter(({ made, done }) => {
      for (const [file, count] of made) if (file.saved < count) return true;
      done();
      return false;
    });
    this.#publish();
  }

  #writeNow(): void {
    if (this.#replica.fold !== null && this.#you !== null) this.#recorder.now();
  }

  #afterWrite(): void {
    this.#pump();
    this.#publish();
  }

  #pump(): void {
    if (!this.#link.online) return;
    const upTo = this.#recorder.sendable;
    const commands = this.#outbox.takeOutgoing(upTo);
    const oversized: LiveFile[] = [];
    for (const file of this.#pendingFiles()) {
      const out = file.takeOutgoing(upTo);
      if (out === null) continue;
      const { clientSeq, version: base, op } = out;
      if (isOversized(op)) {
        oversized.push(file);
        continue;
      }
      commands.push({ clientSeq, body: { kind: 'edit', file: file.file, base, op } });
    }
    for (const command of commands.sort((a, b) => a.clientSeq - b.clientSeq)) this.#link.command(command);
    for (const file of oversized) this.#refuseEdit(file, refusal('file.tooLarge'));
    if (oversized.length > 0) this.#changed('soon');
  }

  #pendingFiles(): LiveFile[] {
    return [...this.#replica.files].filter((file) => !file.synchronized);
  }

  #record(): ClientRecord {
    const { room, client } = this.#options;
    const pending = this.#pendingFiles().map((file) => ({ file: file.file, client: file.stored() }));
    const writtenAt = this.#clock.now();
    return {
      room,
      client,
      you: this.#you!,
      nextSeq: this.#nextSeq,
      pending,
      notices: this.#notices,
      writtenAt,
    };
  }

  // ---- telling ------------------------------------------------------------------------------------------

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

/** The server would end the connection over it, again and again. */
function isOversized(op: Op): boolean {
  if (op.length > LIMITS.opComponents) return true;
  const units = op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
  return units > LIMITS.fileUnits;
}
