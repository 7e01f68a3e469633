// A person's browser in a test: its storage, its tabs, and what happens to them.
import 'fake-indexeddb/auto';
import { fromEdits } from '@codesync/ot';
import type { ClientId, Participant, ParticipantId, RoomId } from '@codesync/protocol';
import { fileId, participantId, settle } from '@codesync/protocol/testing';
import type { ClaimClient } from '../../../../src/room-source/claims.ts';
import { storedLastWords } from '../../../../src/room-source/last-words.ts';
import { openLiveRoom, type World } from '../../../../src/room-source/live.ts';
import type { Page, PageListener } from '../../../../src/room-source/page.ts';
import { indexedDbRecords } from '../../../../src/room-source/record-store.ts';
import type { OpenSocket, RoomSocket } from '../../../../src/room-source/socket.ts';
import type { RoomSource } from '../../../../src/room-source/types.ts';
import type { DoubtsMemory } from '../../../../src/room-source/way-trust.ts';
import { type FakeServer, FILE, ROOM } from './fake-server.ts';
import { memoryStorage } from './memory-storage.ts';
import type { TestClock } from './test-clock.ts';

export function person(index: number): Participant {
  return { id: participantId(`person-${index}-person-xx`), name: `Person ${index}`, hue: index };
}

let databases = 0;
let ids = 0;

/** One browser profile: storage and locks are shared by its tabs. */
export class Browser {
  readonly person: Participant;
  readonly database = `test-${++databases}`;
  readonly #server: FakeServer;
  readonly #clock: TestClock;
  readonly #held = new Set<string>();
  readonly lastWords = storedLastWords(() => this.#localStorage);
  readonly #localStorage = memoryStorage();
  readonly doubts: DoubtsMemory;
  /** As in a browser that gives pages no storage. */
  storageGone = false;

  constructor(server: FakeServer, clock: TestClock, person: Participant) {
    this.#server = server;
    this.#clock = clock;
    this.person = person;
    let doubts = 0;
    this.doubts = {
      get: () => doubts,
      set: (now) => {
        doubts = now;
      },
    };
  }

  /**
   * Opens the room. `memory`: the session storage of a reloaded or duplicated tab.
   * `who` has the cookie; `known`: who the page believes that is.
   */
  open(
    memory: Map<RoomId, ClientId> = new Map(),
    who = this.person,
    known: ParticipantId | null = who.id,
  ): Tab {
    return new Tab(this.#server, this.#clock, this, this.#held, memory, who, known);
  }
}

/** An open tab with the room in it. */
export class Tab {
  readonly browser: Browser;
  readonly memory: Map<RoomId, ClientId>;
  readonly who: Participant;
  readonly source: RoomSource;
  readonly page = new FakePage();
  readonly #server: FakeServer;
  readonly #claims: string[] = [];
  readonly #sockets: RoomSocket[] = [];
  readonly #held: Set<string>;
  /** The browser refuses to write. */
  storageBroken = false;
  #dead = false;

  constructor(
    server: FakeServer,
    clock: TestClock,
    browser: Browser,
    held: Set<string>,
    memory: Map<RoomId, ClientId>,
    who: Participant,
    known: ParticipantId | null,
  ) {
    this.browser = browser;
    this.memory = memory;
    this.who = who;
    this.#server = server;
    this.#held = held;
    const claim: ClaimClient = async (client) => {
      if (held.has(client)) return null;
      held.add(client);
      this.#claims.push(client);
      return { release: () => held.delete(client) };
    };
    const store = indexedDbRecords(browser.database, browser.lastWords);
    const unless = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      if (this.#dead) return new Promise(() => {});
      if (browser.storageGone) throw new DOMException('no storage', 'InvalidStateError');
      return call();
    };
    const world: World = {
      openSocket: this.#ifAlive(server.socketFor(who)),
      doubts: browser.doubts,
      clock: {
        now: clock.now,
        random: clock.random,
        after: (ms, run) => clock.after(ms, () => this.#dead || run()),
      },
      page: this.page,
      store: {
        // On its way to the storage for a while: a tab that crashes meanwhile has not written.
        write: async (write) => {
          await settle(1 + Math.floor(clock.random() * 3));
          if (this.storageBroken) throw new DOMException('full', 'QuotaExceededError');
          return unless(() => store.write(write));
        },
        writeAtOnce: (write) => this.#dead || browser.storageGone || store.writeAtOnce(write),
        list: () => unless(store.list),
        load: (room, client) => unless(() => store.load(room, client)),
        remove: (room, client) => unless(() => store.remove(room, client)),
      },
      claim,
      tab: { get: (room) => memory.get(room) ?? null, set: (room, client) => memory.set(room, client) },
      newId: () => `id-${String(++ids).padStart(17, '0')}`,
    };
    this.source = openLiveRoom({ room: ROOM, secret: null, participant: known }, world);
  }

  get client(): ClientId {
    return this.memory.get(ROOM)!;
  }

  /** How often this client told where it is. */
  get presences(): number {
    return this.#server.presences.get(this.client) ?? 0;
  }

  get connection() {
    return this.#server.connections.find(({ person }) => person.id === this.who.id && !this.#dead) ?? null;
  }

  text(file = FILE): string | null {
    return this.source.document(fileId(file))?.text() ?? null;
  }

  /** Replaces `remove` units at `at` by `insert`. */
  type(at: number, remove: number, insert: string, file = FILE): void {
    this.source.document(fileId(file))!.edit(fromEdits([{ at, remove, insert }]), false);
  }

  /** The tab is gone between two instructions: nothing is told to anyone, what was not written is lost. */
  crash(): void {
    this.#dead = true;
    for (const socket of this.#sockets) socket.close();
    for (const client of this.#claims) this.#held.delete(client);
  }

  /** A tab that is gone hears no answer. */
  #whileAlive<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => this.#dead || resolve(value),
        (error) => this.#dead || reject(error),
      );
    });
  }

  #ifAlive(open: OpenSocket): OpenSocket {
    return (way, listener) => {
      const guarded = Object.fromEntries(
        Object.entries(listener).map(([name, call]) => [
          name,
          (...args: unknown[]) => this.#dead || (call as (...args: unknown[]) => void)(...args),
        ]),
      ) as unknown as typeof listener;
      const socket = open(way, guarded);
      this.#sockets.push(socket);
      return {
        ...socket,
        check: (check) => this.#whileAlive(socket.check(check)),
        runs: (question) => this.#whileAlive(socket.runs(question)),
        format: (request) => this.#whileAlive(socket.format(request)),
        status: () => this.#whileAlive(socket.status()),
        ping: (timeoutMs) => this.#whileAlive(socket.ping(timeoutMs)),
      };
    };
  }
}

class FakePage implements Page {
  readonly #listeners = new Set<Partial<PageListener>>();
  up = true;
  seen = true;

  networkUp = (): boolean => this.up;

  inSight = (): boolean => this.seen;

  watch = (listener: Partial<PageListener>): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  network(up: boolean): void {
    this.up = up;
    for (const listener of [...this.#listeners]) listener.network?.();
  }

  wake(): void {
    for (const listener of [...this.#listeners]) listener.wake?.();
  }

  hide(): void {
    for (const listener of [...this.#listeners]) listener.hide?.();
  }

  input(): void {
    for (const listener of [...this.#listeners]) listener.input?.();
  }

  /** The tab goes behind another, or comes to the front. */
  show(seen: boolean): void {
    this.seen = seen;
    if (seen) this.wake();
    else this.hide();
  }
}
