// A registry of rooms with everything around it in memory, and seats that note what they hear.
import type {
  Command,
  CommandBody,
  Lost,
  Participant,
  PresenceEntry,
  Refusal,
  RoomEvent,
  RunEnd,
  RunId,
  SandboxStatus,
  StorageState,
} from '@codesync/protocol';
import type { Log, RunListener, Runner, RunRequest } from '../../src/ports.ts';
import type { LinkClaim } from '../../src/rooms/admission.ts';
import type { Audience, RoomWelcome, Seat } from '../../src/rooms/audience.ts';
import { RoomRegistry } from '../../src/rooms/registry.ts';
import type { Room } from '../../src/rooms/room.ts';
import { deriveSecrets, sameSecret } from '../../src/secrets.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { MemoryStore } from './memory-store.ts';

/** A runner that does what the test says. */
export class FakeRunner implements Runner {
  current: SandboxStatus = { state: 'ready', warm: {}, busy: 0 };
  readonly started: { readonly request: RunRequest; readonly listener: RunListener }[] = [];
  readonly stopped: RunId[] = [];
  readonly typed: string[] = [];

  status(): SandboxStatus {
    return this.current;
  }
  facts(): null {
    return null;
  }
  onStatus(): void {}
  start(request: RunRequest, listener: RunListener): void {
    this.started.push({ request, listener });
  }
  stop(run: RunId): void {
    this.stopped.push(run);
  }
  input(_run: RunId, text: string): void {
    this.typed.push(text);
  }
}

export const EXIT_0: RunEnd = {
  reason: 'exit',
  exitCode: 0,
  signal: null,
  wallMs: 5,
  cpuMs: 4,
  peakBytes: 1_000,
  truncated: { stdout: 0, stderr: 0 },
};

/** A client in a room: what it was sent, in order. */
export class FakeSeat implements Seat {
  readonly client: string;
  readonly participant: Participant;
  readonly network = '203.0.113.1';
  welcomed: RoomWelcome | null = null;
  readonly heard: RoomEvent[] = [];
  readonly refusals: { readonly clientSeq: number; readonly error: Refusal }[] = [];
  dismissed: Refusal | null = null;
  listening = false;

  constructor(client: string, participant: Participant) {
    this.client = client;
    this.participant = participant;
  }

  welcome(welcome: RoomWelcome, missed: readonly RoomEvent[]): void {
    this.welcomed = welcome;
    this.heard.push(...missed);
    this.listening = true;
  }
  events(events: readonly RoomEvent[]): void {
    this.heard.push(...events);
  }
  refused(clientSeq: number, error: Refusal): void {
    this.refusals.push({ clientSeq, error });
  }
  dismiss(error: Refusal): void {
    this.dismissed = error;
    this.listening = false;
  }

  /** The kinds of the events that it heard. */
  get kinds(): string[] {
    return this.heard.map(({ body }) => body.kind);
  }
}

export const HANA: Participant = { id: 'hana-hana-hana-hana', name: 'Hana', hue: 1 };
export const GUS: Participant = { id: 'gus-gus-gus-gus-gus', name: 'Gus', hue: 2 };

/** One process's rooms. Give two of them one store and clock to have two processes. */
export class Stage {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly runner = new FakeRunner();
  readonly registry: RoomRegistry;
  readonly seats: FakeSeat[] = [];
  readonly presence: PresenceEntry[][] = [];
  readonly lost: Lost[] = [];
  readonly storage: StorageState[] = [];
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly resynced: string[] = [];

  constructor(owner = 'one', clock = new FakeClock(), store = new MemoryStore(clock)) {
    this.clock = clock;
    this.store = store;
    const audience: Audience = {
      events: (_room, events) => {
        for (const seat of this.seats) if (seat.listening) seat.heard.push(...events);
      },
      presence: (_room, entries) => void this.presence.push([...entries]),
      lost: (_room, lost) => void this.lost.push(lost),
      resync: (room) => {
        this.resynced.push(room);
        for (const seat of this.seats) seat.listening = false;
      },
    };
    const log: Log = {
      debug: () => undefined,
      info: () => undefined,
      warn: (_fields, message) => void this.warnings.push(message),
      error: (_fields, message) => void this.errors.push(message),
    };
    let ids = 0;
    this.registry = new RoomRegistry({
      store,
      clock,
      runner: this.runner,
      audience,
      log,
      owner,
      linkSecret: deriveSecrets('a secret for tests, not a secret').linkSecret,
      sameSecret,
      newId: () => `id-${owner}-${ids++}-`.padEnd(22, 'x'),
      onStorage: (state) => void this.storage.push(state),
    });
  }

  async open(id: string): Promise<Room> {
    const opened = await this.registry.open(id);
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.room;
  }

  /** A room of Hana's, in memory. */
  async room(): Promise<Room> {
    return this.open(await this.registry.create('python', undefined, HANA));
  }

  /** Lets someone in; throws the refusal's code. */
  async join(
    room: Room,
    participant: Participant,
    options: {
      client?: string;
      claim?: LinkClaim;
      since?: number | null;
      pending?: { file: string; version: number }[];
    } = {},
  ): Promise<FakeSeat> {
    const { claim = 'editor', since = null, pending = [] } = options;
    const seat = new FakeSeat(
      options.client ?? `client-of-${participant.name}-1`.padEnd(20, 'x'),
      participant,
    );
    this.seats.push(seat);
    const refused = await room.join(seat, { claim, since, pending });
    if (refused !== null) throw new Error(refused.code);
    return seat;
  }

  /** Sends a command and waits for the storage to settle. */
  async send(room: Room, seat: FakeSeat, clientSeq: number, body: CommandBody): Promise<void> {
    const command: Command = { clientSeq, body };
    room.command(seat, command);
    await settle();
  }
}
