// What every audience promises. Run on each implementation.
import {
  type CallState,
  type DiskState,
  type HostTalk,
  type IncomingSignal,
  JUST_HERE,
  NOBODY_CALLS,
  NOTHING_APART,
  type PresenceEntry,
  type RoomEvent,
  type RoomId,
  readTerminalFrame,
  refusal,
  type TerminalScreen,
  type TerminalState,
  writeTerminalFrame,
} from '@codesync/protocol';
import {
  callSessionId,
  clientId,
  fileId,
  participantId,
  roomId,
  terminalId,
} from '@codesync/protocol/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Audience } from '../../src/rooms/audience.ts';
import type { RoomWelcome, Seat } from '../../src/rooms/seat.ts';
import { HANA } from './actor.ts';

/** A client with a seat in a room. */
export type Listener = {
  readonly seat: Seat;
  /** All that it heard, in the words of `wordsOf`. */
  readonly heard: () => readonly string[];
  /** Gives the seat back. */
  readonly leave: () => Promise<void>;
};

export type AudienceStage = {
  readonly audience: Audience;
  /** Takes a seat in the room for a client, which is not welcomed yet. */
  readonly seat: (room: RoomId, client: string) => Promise<Listener>;
  /** Resolves when everyone has heard what they were sent by now. */
  readonly quiet: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What a client hears, as the tests compare it. */
export const wordsOf = {
  welcome: 'welcome',
  events: (events: readonly RoomEvent[]) => events.map(({ seq }) => `event ${seq}`),
  refused: (clientSeq: number | null) => `refused ${clientSeq}`,
  dismissed: 'dismissed',
  terminal: (frame: Uint8Array) => {
    const read = readTerminalFrame(frame);
    return read === null ? 'no frame' : `${read.from}: ${Buffer.from(read.bytes)}`;
  },
  terminalState: ({ size }: TerminalState) => `${size.cols} × ${size.rows}`,
  terminalScreen: ({ screen }: TerminalScreen) => `screen ${screen}`,
  presence: (entries: readonly PresenceEntry[]) => entries.map(({ client, clock }) => `${client} ${clock}`),
  lost: 'lost',
  disk: ({ count, apart }: DiskState) => `disk ${count} ${apart.map(({ path, why }) => `${path} ${why}`)}`,
  call: ({ members }: CallState) => `call of ${members.length}`,
  signal: ({ generation }: IncomingSignal) => `signal ${generation}`,
  hostTalk: ({ kind }: HostTalk) => `host talk: ${kind}`,
  leading: 'leading',
  summons: (number: number) => `summons ${number}`,
  resync: 'resync',
} as const;

const ROOM = roomId('room-1234567890-abcdef');
const OTHER = roomId('room-1234567890-others');
/** In a room of so many, edits that come close together wait for one another. */
const CROWD = 16;

const WELCOME: RoomWelcome = {
  you: { ...HANA, role: 'host' },
  head: 0,
  lastClientSeq: 0,
  state: { kind: 'events', events: [] },
  presence: [],
  lost: { clients: [], people: [] },
  disk: NOTHING_APART,
  leading: null,
  now: 0,
  call: NOBODY_CALLS,
};

function eventOf(seq: number, body: RoomEvent['body']): RoomEvent {
  const origin = { client: clientId('someone-else-1234567'), clientSeq: seq };
  return { seq, at: 1_000 + seq, actor: HANA.id, origin, body };
}

const typed = (seq: number) =>
  eventOf(seq, { kind: 'edit', file: fileId('file_12345678'), version: seq, op: ['x'] });
const renamed = (seq: number) => eventOf(seq, { kind: 'room.renamed', name: `${seq}` });

function moved(client: string, clock: number): PresenceEntry {
  const participant = participantId('someone-someone-12');
  return {
    client: clientId(client),
    participant,
    clock,
    cursors: null,
    viewport: null,
    activity: JUST_HERE,
    gone: false,
  };
}

const NOBODY_LOST = { clients: [], people: [] };

/** One thing that a room says: to the client of that number, or to the room. */
type Act = { readonly kind: 'edits' | 'rename' | 'again' | 'refuse' | 'dismiss'; readonly number: number };

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom('edits', 'edits', 'rename', 'again', 'refuse', 'dismiss'),
  number: fc.nat({ max: 59 }),
});

export function audienceContract(name: string, create: () => Promise<AudienceStage>): void {
  describe(`an audience, ${name}`, () => {
    let stage: AudienceStage;
    let audience: Audience;

    const begin = async () => {
      stage = await create();
      audience = stage.audience;
    };

    beforeEach(begin);
    afterEach(() => stage.close());

    const welcome = ({ seat }: Listener, missed: readonly RoomEvent[] = []): void =>
      audience.to(seat, { kind: 'welcome', welcome: WELCOME, missed });

    const come = async (client: string, room = ROOM): Promise<Listener> => {
      const listener = await stage.seat(room, client);
      welcome(listener);
      return listener;
    };

    const crowd = (size: number) =>
      Promise.all(Array.from({ length: size }, (_, i) => come(`client-${i}-12345678`)));

    /** That is what it hears, and no more. */
    const hears = async ({ heard }: Listener, words: readonly string[]): Promise<void> => {
      await expect
        .poll(() => heard().length, { timeout: 20_000, interval: 5 })
        .toBeGreaterThanOrEqual(words.length);
      await stage.quiet();
      expect(heard()).toEqual(words);
    };

    test('a client hears its welcome first, then what it missed, then what the room is told', async () => {
      const late = await stage.seat(ROOM, 'client-late-12345678');
      await come('client-here-12345678');
      audience.events(ROOM, [typed(1)]);
      welcome(late, [typed(2), typed(3)]);
      audience.events(ROOM, [typed(4)]);
      audience.events(ROOM, [renamed(5)]);
      await hears(late, ['welcome', 'event 2', 'event 3', 'event 4', 'event 5']);
    });

    test('everyone who was welcomed to a room hears once what it is told, and nobody else does', async () => {
      const here = await crowd(3);
      const [unwelcomed, elsewhere] = [
        await stage.seat(ROOM, 'client-unwelcomed-12'),
        await come('client-elsewhere-123', OTHER),
      ];
      await stage.quiet();
      audience.presence(ROOM, [moved('a', 1), moved('b', 7)]);
      for (const listener of here) await hears(listener, ['welcome', 'a 1', 'b 7']);
      audience.lost(ROOM, NOBODY_LOST);
      for (const listener of here) await hears(listener, ['welcome', 'a 1', 'b 7', 'lost']);
      audience.disk(ROOM, { apart: [{ path: 'a.png', why: 'large' }], count: 2 });
      for (const listener of here)
        await hears(listener, ['welcome', 'a 1', 'b 7', 'lost', 'disk 2 a.png large']);
      audience.call(ROOM, NOBODY_CALLS);
      const words = ['welcome', 'a 1', 'b 7', 'lost', 'disk 2 a.png large', 'call of 0'];
      for (const listener of here) await hears(listener, words);
      audience.events(ROOM, [typed(1)]);
      for (const listener of here) await hears(listener, [...words, 'event 1']);
      await hears(unwelcomed, []);
      await hears(elsewhere, ['welcome']);
    });

    test('what is said to one client is heard by that one alone', async () => {
      const [one, other] = await crowd(2);
      audience.to(one!.seat, { kind: 'events', events: [typed(1)] });
      audience.to(one!.seat, { kind: 'refused', clientSeq: 7, error: refusal('edit.invalid') });
      const place = { file: fileId('file_12345678'), version: 0, at: 0 };
      audience.to(one!.seat, { kind: 'leading', leading: { by: HANA.id, since: 1 } });
      audience.to(one!.seat, { kind: 'summons', summons: { number: 3, by: HANA.id, place } });
      const session = callSessionId('session-1234567890');
      const from = clientId('someone-else-1234567');
      const signal = { kind: 'restart' } as const;
      audience.to(one!.seat, { kind: 'signal', signal: { from, session, generation: 3, signal } });
      await hears(one!, ['welcome', 'event 1', 'refused 7', 'leading', 'summons 3', 'signal 3']);
      await hears(other!, ['welcome']);
    });

    test('what is said of a terminal is heard by that one alone, in its order', async () => {
      const [one, other] = await crowd(2);
      const terminal = terminalId('terminal-1');
      const state: TerminalState = {
        terminal,
        shell: 1,
        phase: { kind: 'running' },
        size: { cols: 90, rows: 30 },
        driver: null,
      };
      const write = (from: number, text: string) =>
        audience.to(one!.seat, {
          kind: 'terminal',
          frame: writeTerminalFrame({ terminal, shell: 1, from, typed: 0, bytes: Buffer.from(text) }),
        });
      audience.to(one!.seat, { kind: 'terminalScreen', screen: { ...state, screen: '$ ', at: 2 } });
      write(2, 'ls');
      audience.to(one!.seat, { kind: 'terminalState', state });
      for (let i = 0; i < 50; i++) write(4 + i, 'é');
      const bytes = Array.from({ length: 50 }, (_, i) => `${4 + i}: é`);
      await hears(one!, ['welcome', 'screen $ ', '2: ls', '90 × 30', ...bytes]);
      await hears(other!, ['welcome']);
    });

    test('each client hears all that concerns it once, in the order in which it was said', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 20, maxLength: 60 }), async (acts) => {
          await stage.close();
          await begin();
          const listeners = await crowd(CROWD);
          const expected = listeners.map((): string[] => ['welcome']);
          const dismissed = new Set<number>();
          let head = 0;
          const tell = (event: RoomEvent) => {
            audience.events(ROOM, [event]);
            expected.forEach((words, i) => {
              if (!dismissed.has(i)) words.push(`event ${event.seq}`);
            });
          };
          for (const { kind, number } of acts) {
            const at = number % CROWD;
            const { seat } = listeners[at]!;
            if (kind === 'edits') for (let i = 0; i <= number; i++) tell(typed(++head));
            else if (kind === 'rename') tell(renamed(++head));
            else if (dismissed.has(at)) continue;
            else if (kind === 'again') {
              audience.to(seat, { kind: 'events', events: [typed(1)] });
              expected[at]!.push('event 1');
            } else if (kind === 'refuse') {
              audience.to(seat, { kind: 'refused', clientSeq: number, error: refusal('edit.invalid') });
              expected[at]!.push(`refused ${number}`);
            } else {
              audience.to(seat, { kind: 'dismissed', error: refusal('room.removed') });
              expected[at]!.push('dismissed');
              dismissed.add(at);
            }
          }
          for (const [i, listener] of listeners.entries()) await hears(listener, expected[i]!);
        }),
        // Each case opens sockets: it is not made smaller.
        { numRuns: 6, endOnFailure: true },
      );
    });

    test('a seat that was given back is passed over, and hears nothing of the room', async () => {
      const [gone, here] = await crowd(2);
      await hears(gone!, ['welcome']);
      await gone!.leave();
      audience.to(gone!.seat, { kind: 'refused', clientSeq: 1, error: refusal('edit.invalid') });
      audience.lost(ROOM, NOBODY_LOST);
      audience.events(ROOM, [typed(1)]);
      await hears(here!, ['welcome', 'lost', 'event 1']);
      await hears(gone!, ['welcome']);
    });

    test('a resync comes after all earlier events, once, and nothing comes after it until a new welcome', async () => {
      const listeners = await crowd(CROWD);
      for (let seq = 1; seq <= 100; seq++) audience.events(ROOM, [typed(seq)]);
      audience.resync(ROOM);
      audience.resync(ROOM);
      audience.events(ROOM, [typed(101)]);
      audience.presence(ROOM, [moved('a', 1)]);
      const before = Array.from({ length: 100 }, (_, i) => `event ${i + 1}`);
      for (const listener of listeners) await hears(listener, ['welcome', ...before, 'resync']);
      const again = await come('client-0-12345678');
      audience.events(ROOM, [typed(102)]);
      await hears(again, ['welcome', 'event 102']);
    });

    test('a room or a seat that nobody knows is passed over', async () => {
      const here = await come('client-here-12345678');
      const seat: Seat = { ...here.seat, id: 'no-such-seat' };
      audience.to(seat, { kind: 'dismissed', error: refusal('room.removed') });
      audience.events(OTHER, [typed(1)]);
      audience.lost(OTHER, NOBODY_LOST);
      audience.disk(OTHER, NOTHING_APART);
      audience.call(OTHER, NOBODY_CALLS);
      audience.presence(OTHER, [moved('a', 1)]);
      audience.resync(OTHER);
      audience.events(ROOM, [typed(1)]);
      await hears(here, ['welcome', 'event 1']);
    });
  });
}
