// One client's stay in a room. It takes in what the server says (welcome, events, status), and acts where events are
// missing or do not fit.
import {
  type CallState,
  type ClientId,
  type DiskState,
  divergenceReport,
  type FileId,
  type HashVerdict,
  type HostTalk,
  type IncomingSignal,
  type JoinRequest,
  type Leading,
  type Lost,
  NOBODY_CALLS,
  NOTHING_APART,
  type Participant,
  PROTOCOL_VERSION,
  type PresenceEntry,
  type Refusal,
  type Role,
  type RoomEvent,
  type RoomId,
  refusal,
  type SandboxStatus,
  type StorageState,
  type Summons,
  type Welcome,
} from '@codesync/protocol';
import { hostTalkAfter } from '@codesync/room';
import type { HashChecks } from './hash-checks.ts';
import { LinkDriver, type LinkDriverOptions } from './link-driver.ts';
import type { Outgoing } from './outgoing.ts';
import type { OwnPresence } from './own-presence.ts';
import type { Refusals } from './refusals.ts';
import type { Replica } from './replica.ts';
import { TerminalWatches } from './terminal-watches.ts';
import type { LiveView } from './types.ts';

export type You = Participant & { readonly role: Role };

export type SessionOptions = LinkDriverOptions & {
  readonly room: RoomId;
  readonly secret: string | null;
  readonly client: ClientId;
};

/** What the session acts on. */
export type SessionParts = {
  readonly replica: Replica;
  readonly own: OwnPresence;
  readonly checks: HashChecks;
  readonly outgoing: () => Outgoing;
  readonly refusals: Refusals;
  /** Something is to be kept, sent or shown. */
  readonly changed: (urgency: 'soon' | 'later') => void;
  /** Something is to be shown. */
  readonly publish: () => void;
  readonly roundTrip: (ms: number) => void;
  /** From another client in the call. */
  readonly signal: (signal: IncomingSignal) => void;
};

export class Session {
  readonly #options: SessionOptions;
  readonly #parts: SessionParts;
  readonly link: LinkDriver;
  readonly terminals = new TerminalWatches((message) => this.link.terminal(message));
  #you: You | null;
  #sandbox: SandboxStatus = { state: 'starting' };
  #storage: StorageState = 'ok';
  #lost: Lost = { clients: [], people: [] };
  #disk = NOTHING_APART;
  #leading: Leading | null = null;
  #summons: Summons | null = null;
  #serverAheadMs = 0;
  #call = NOBODY_CALLS;
  #hostMessages: LiveView['hostMessages'] = new Map();
  /** False when the copy lacks something that only a keyframe brings: outputs, or trust. */
  #resumable = false;
  #wasOnline = false;

  constructor(options: SessionOptions, parts: SessionParts, you: You | null) {
    this.#options = options;
    this.#parts = parts;
    this.#you = you;
    this.link = new LinkDriver(options, {
      request: () => this.#request(),
      welcome: (welcome) => this.#welcome(welcome),
      changed: () => this.#onLink(),
      roundTrip: parts.roundTrip,
      events: (events) => this.#onEvents(events),
      refused: ({ clientSeq, error }) => {
        parts.refusals.refused(clientSeq, error);
        parts.changed('soon');
      },
      presence: (entries) => {
        this.#hearOthers(entries);
        parts.publish();
      },
      lost: (lost) => {
        this.#lose(lost);
        parts.publish();
      },
      disk: (disk) => {
        this.#disk = disk;
        parts.publish();
      },
      call: (state) => {
        this.#call = state;
        parts.publish();
      },
      signal: parts.signal,
      hostTalk: (talk) => {
        this.#hostMessages = heardTalk(this.#hostMessages, talk);
        parts.publish();
      },
      leading: (leading) => {
        this.#leading = leading;
        parts.publish();
      },
      summons: (summons) => {
        this.#summons = summons;
        parts.publish();
      },
      sandbox: (status) => {
        this.#sandbox = status;
        parts.publish();
      },
      storage: (state) => {
        this.#storage = state;
        parts.publish();
      },
      terminal: (frame) => this.terminals.frame(frame),
      terminalState: (state) => this.terminals.state(state),
      terminalScreen: (screen) => this.terminals.screen(screen),
    });
  }

  /** Who this client is in the room; null until a welcome, or a record of one. */
  get you(): You | null {
    return this.#you;
  }

  get sandbox(): SandboxStatus {
    return this.#sandbox;
  }

  get storage(): StorageState {
    return this.#storage;
  }

  get lost(): Lost {
    return this.#lost;
  }

  /** What hosts said among themselves, for a host. */
  get hostMessages(): LiveView['hostMessages'] {
    return this.#hostMessages;
  }

  get leading(): Leading | null {
    return this.#leading;
  }

  get summons(): Summons | null {
    return this.#summons;
  }

  get serverAheadMs(): number {
    return this.#serverAheadMs;
  }

  get call(): CallState {
    return this.#call;
  }

  get disk(): DiskState {
    return this.#disk;
  }

  /** This copy is not the server's. It is fetched whole, and what is pending is carried over. */
  reload(): void {
    this.#resumable = false;
    this.link.resync();
  }

  /** The server's text of a file at a version, where this copy turned out to have another one. */
  heal(id: FileId, { version, text }: Extract<HashVerdict, { verdict: 'diverged' }>): void {
    const { replica, own, checks, outgoing, changed } = this.#parts;
    const copy = replica.fold?.texts.get(id);
    if (copy?.version !== version) {
      checks.due([id]);
      return;
    }
    const pending = replica.file(id)?.synchronized === false;
    const report = divergenceReport({ file: id, version, pending }, copy.buffer.toString(), text);
    console.error('this copy of a file had diverged and was replaced', id, version);
    replica.heal(id, text);
    this.link.healed(report);
    outgoing().startOver();
    own.announce();
    changed('soon');
  }

  #request(): JoinRequest {
    const { room, client, secret } = this.#options;
    const { replica } = this.#parts;
    const since = this.#resumable ? (replica.fold?.seq ?? null) : null;
    const pending = replica.pending().map((file) => ({ file: file.file, version: file.version() }));
    return { protocol: PROTOCOL_VERSION, room, client, secret, since, pending };
  }

  #welcome(welcome: Welcome): void {
    const { you, lastClientSeq, state, presence, lost, disk, call, leading, now, sandbox, storage } = welcome;
    const { replica } = this.#parts;
    const outgoing = this.#parts.outgoing();
    this.#you = you;
    if (you.role !== 'host') this.#hostMessages = new Map();
    outgoing.startAfter(lastClientSeq);
    this.#disk = disk;
    this.#leading = leading;
    this.#serverAheadMs = now - this.#options.clock.now();
    this.#call = call;
    this.#sandbox = sandbox;
    this.#storage = storage;
    outgoing.unsend();
    if (state.kind === 'events') {
      for (const event of state.events) this.#answer(event);
      replica.resume(state.events);
      for (const event of state.events) outgoing.note(event);
    } else {
      replica.restart(state.keyframe, state.catchUps);
      outgoing.startOver();
    }
    this.#resumable = true;
    this.#hearOthers(presence);
    this.#lose(lost);
  }

  #hearOthers(entries: readonly PresenceEntry[]): void {
    const { replica, own } = this.#parts;
    const arrived = replica.merge(entries);
    own.follow(replica.others.ownClock);
    own.company(replica.others.any, arrived);
  }

  #lose(lost: Lost): void {
    this.#lost = lost;
    this.#parts.replica.lose(lost.clients);
  }

  #onLink(): void {
    const { replica, own, checks, outgoing, changed } = this.#parts;
    const { link, online } = this.link;
    const arrived = online && !this.#wasOnline;
    if (arrived) {
      own.announce();
      this.terminals.joined();
      checks.due([...replica.files].map((file) => file.file));
    }
    if (!online && this.#wasOnline) for (const file of replica.files) file.unsend();
    this.#wasOnline = online;
    if (link.kind === 'closed') this.#end(link.error);
    if (link.kind === 'outdated') outgoing().close(refusal('protocol.outdated'));
    changed(arrived ? 'soon' : 'later');
  }

  #end(error: Refusal): void {
    this.#parts.outgoing().close(error);
    this.#parts.refusals.closed(error);
  }

  #onEvents(events: readonly RoomEvent[]): void {
    for (const event of events) {
      this.#answer(event);
      const taken = this.#take(event);
      if (taken === 'gap') {
        this.link.resync();
        return;
      }
      if (taken === 'folded') this.#parts.outgoing().note(event);
    }
    this.#parts.changed('later');
  }

  #take(event: RoomEvent): 'folded' | 'seen' | 'gap' {
    try {
      return this.#parts.replica.take(event);
    } catch (error) {
      // This copy has gone wrong, and the server's has not. It is fetched whole, and what is pending is carried over.
      console.error('an event does not fit this copy of the room', event.seq, error);
      this.#resumable = false;
      return 'gap';
    }
  }

  #answer(event: RoomEvent): void {
    const { origin } = event;
    if (origin?.client === this.#options.client) this.#parts.outgoing().logged(origin.clientSeq, event);
  }
}

function heardTalk(before: LiveView['hostMessages'], talk: HostTalk): LiveView['hostMessages'] {
  return talk.kind === 'whole'
    ? new Map(talk.messages.map((message) => [message.id, message]))
    : talk.events.reduce(hostTalkAfter, before);
}
