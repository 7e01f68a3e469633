// What every room socket promises. Run on each implementation.
import {
  type HashCheck,
  type JoinReply,
  type JoinRequest,
  JUST_HERE,
  NOBODY_CALLS,
  PROTOCOL_VERSION,
  type Refusal,
  type RoomEvent,
  readTerminalFrame,
  refusal,
  type Way,
} from '@codesync/protocol';
import { callSessionId, clientId, fileId, participantId } from '@codesync/protocol/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenSocket, RoomSocket, SocketListener } from '../../../../src/room-source/socket.ts';
import { ROOM } from './fake-server.ts';

/** The other end, and the network in between. */
export type SocketStage = {
  readonly open: OpenSocket;
  /** What becomes of sockets that are opened from now on: `silent` ones are never answered. */
  readonly fate: (fate: 'through' | 'away' | 'silent' | Refusal) => void;
  /** Tells an event to the one client, after what it is sent next. */
  readonly tell: (event: RoomEvent) => void;
  /** Says any other message to it. */
  readonly say: <Name extends Said>(name: Name, ...message: Parameters<SocketListener[Name]>) => void;
  /** Nothing is answered any more. */
  readonly mute: () => void;
  /** Whoever waits for an answer has waited as long as it does. */
  readonly timeOut: () => Promise<void>;
  /** The connection breaks. */
  readonly cut: () => void;
  /** What arrived over all sockets: the numbers of commands, the file of each report, the clock of each presence. */
  readonly arrived: () => {
    readonly commands: readonly number[];
    readonly reports: readonly string[];
    readonly clock: number | null;
  };
  /** Lets what is on its way arrive. */
  readonly quiet: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Said =
  | 'refused'
  | 'lost'
  | 'disk'
  | 'leading'
  | 'summons'
  | 'call'
  | 'signal'
  | 'sandbox'
  | 'storage'
  | 'resync'
  | 'dismissed';

const CLIENT = clientId('client-of-person-one');
const FILE = fileId('file-one-12345678');
const REQUEST: JoinRequest = {
  protocol: PROTOCOL_VERSION,
  room: ROOM,
  client: CLIENT,
  secret: null,
  since: null,
  pending: [],
};
const CHECK: HashCheck = { file: FILE, version: 1, hash: 1 };

function renamed(seq: number): RoomEvent {
  return { seq, at: 1_000 + seq, actor: null, body: { kind: 'room.renamed', name: `name ${seq}` } };
}

const command = (clientSeq: number) => ({
  clientSeq,
  body: { kind: 'room.rename', name: `by command ${clientSeq}` } as const,
});
const report = (file: string) => ({
  file: fileId(file),
  version: 1,
  units: 1,
  tail: [120],
  differsAt: 0,
  pending: false,
});

/** A socket, and all that it told its owner. */
class Owner {
  readonly heard: string[] = [];
  readonly socket: RoomSocket;

  constructor(open: OpenSocket, way: Way) {
    const note = (words: string) => void this.heard.push(words);
    this.socket = open(way, {
      open: () => note('open'),
      down: (refused) => note(refused === null ? 'down' : `down ${refused.code}`),
      events: (events) => {
        for (const { body } of events) if (body.kind === 'room.renamed') note(body.name);
      },
      refused: ({ clientSeq }) => note(`refused ${clientSeq}`),
      presence: () => note('presence'),
      lost: () => note('lost'),
      disk: ({ count }) => note(`disk ${count}`),
      call: ({ members }) => note(`call of ${members.length}`),
      signal: ({ generation }) => note(`signal ${generation}`),
      hostTalk: ({ kind }) => note(`host talk: ${kind}`),
      leading: (leading) => note(leading === null ? 'nobody leads' : 'leading'),
      summons: ({ number }) => note(`summons ${number}`),
      sandbox: ({ state }) => note(`sandbox ${state}`),
      storage: (state) => note(`storage ${state}`),
      terminal: (frame) => note(`terminal ${readTerminalFrame(frame)?.from}`),
      terminalState: ({ size }) => note(`terminal of ${size.cols} columns`),
      terminalScreen: ({ screen }) => note(`screen ${screen}`),
      resync: () => note('resync'),
      dismissed: ({ code }) => note(`dismissed ${code}`),
    });
  }

  join(): void {
    this.socket.join(REQUEST, (reply: JoinReply | null) =>
      this.heard.push(reply === null ? 'unanswered' : reply.ok ? 'welcome' : `refused: ${reply.error.code}`),
    );
  }

  /** Asks every question; resolves with how each of them went. */
  async questions(): Promise<readonly ('answered' | 'rejected')[]> {
    const asked = [
      this.socket.check(CHECK),
      this.socket.runs({ ask: 'runs', before: null }),
      this.socket.format({ language: 'python', text: '' }),
      this.socket.status(),
      this.socket.call({ ask: 'renew' }),
      this.socket.signal({
        to: clientId('client-2'),
        session: callSessionId('session-1'),
        generation: 1,
        signal: { kind: 'restart' },
      }),
      this.socket.ping(5_000),
    ];
    const went = await Promise.allSettled(asked);
    return went.map(({ status }) => (status === 'fulfilled' ? 'answered' : 'rejected'));
  }
}

const REJECTED = Array.from({ length: 7 }, () => 'rejected');

export function roomSocketContract(name: string, way: Way, create: () => Promise<SocketStage>): void {
  describe(`a room socket, ${name}`, () => {
    let stage: SocketStage;

    beforeEach(async () => {
      stage = await create();
    });
    afterEach(() => stage.close());

    const opening = () => new Owner(stage.open, way);

    /** It heard that, or hears it, and no more. */
    const hears = async ({ heard }: Owner, words: readonly string[]): Promise<void> => {
      await until(() => heard.length >= words.length);
      await stage.quiet();
      expect(heard).toEqual(words);
    };

    const until = async (holds: () => boolean): Promise<void> => {
      for (let turn = 0; turn < 2_000 && !holds(); turn++) await stage.quiet();
      expect(holds()).toBe(true);
    };

    const opened = async (): Promise<Owner> => {
      const owner = opening();
      await hears(owner, ['open']);
      return owner;
    };

    const joined = async (): Promise<Owner> => {
      const owner = await opened();
      owner.join();
      await until(() => owner.heard.length === 2);
      owner.heard.splice(0);
      return owner;
    };

    test('opens once, and not before its owner has it', async () => {
      const owner = opening();
      expect(owner.heard).toEqual([]);
      await hears(owner, ['open']);
    });

    test('drops what it is given before it is open, and rejects what it is asked', async () => {
      const owner = opening();
      owner.join();
      owner.socket.command(command(1));
      owner.socket.presence({ clock: 1, cursors: null, viewport: null, activity: JUST_HERE });
      owner.socket.healed(report('file-early-123456'));
      expect(await owner.questions()).toEqual(REJECTED);
      await hears(owner, ['unanswered', 'open']);
      expect(stage.arrived()).toEqual({ commands: [], reports: [], clock: null });
    });

    test('is answered a join in the order of what else comes', async () => {
      const owner = await opened();
      owner.join();
      await until(() => owner.heard.length === 2);
      for (let seq = 101; seq <= 105; seq++) stage.tell(renamed(seq));
      await hears(owner, ['open', 'welcome', 'name 101', 'name 102', 'name 103', 'name 104', 'name 105']);
    });

    test('brings commands and reports there once, in order', async () => {
      const { socket } = await joined();
      const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
      for (const number of numbers) {
        socket.command(command(number));
        socket.healed(report(`file-${number}-12345678`));
      }
      await until(() => stage.arrived().reports.length >= numbers.length);
      await stage.quiet();
      const { commands, reports } = stage.arrived();
      expect(commands).toEqual(numbers);
      expect(reports).toEqual(numbers.map((number) => `file-${number}-12345678`));
    });

    test('brings the latest presence there, whichever of the earlier ones it passes over', async () => {
      const { socket } = await joined();
      for (let clock = 1; clock <= 30; clock++)
        socket.presence({ clock, cursors: null, viewport: null, activity: JUST_HERE });
      await until(() => stage.arrived().clock === 30);
    });

    test('tells each message of the server once, in order', async () => {
      const owner = await joined();
      stage.tell(renamed(101));
      stage.say('refused', { clientSeq: 4, error: refusal('edit.invalid') });
      stage.say('lost', { clients: [], people: [] });
      stage.say('disk', { apart: [{ path: 'a.png', why: 'large' }], count: 3 });
      stage.say('leading', { by: participantId('someone-someone-12'), since: 1 });
      stage.say('leading', null);
      const place = { file: fileId('file-main'), version: 0, at: 0 };
      stage.say('summons', { number: 5, by: participantId('someone-someone-12'), place });
      stage.say('call', NOBODY_CALLS);
      stage.say('signal', {
        from: clientId('client-2'),
        session: callSessionId('session-1'),
        generation: 5,
        signal: { kind: 'restart' },
      });
      stage.say('sandbox', { state: 'starting' });
      stage.say('storage', 'ok');
      stage.tell(renamed(102));
      stage.say('resync');
      stage.say('dismissed', refusal('room.removed'));
      await hears(owner, [
        'name 101',
        'refused 4',
        'lost',
        'disk 3',
        'leading',
        'nobody leads',
        'summons 5',
        'call of 0',
        'signal 5',
        'sandbox starting',
        'storage ok',
        'name 102',
        'resync',
        'dismissed room.removed',
      ]);
    });

    test('has its questions answered', async () => {
      const owner = await joined();
      const answered = owner.questions();
      let there = false;
      void answered.then(() => (there = true));
      await until(() => there);
      expect(await answered).toEqual(REJECTED.map(() => 'answered'));
    });

    test('goes down once with the reason when the server opens none', async () => {
      stage.fate(refusal('rate.address'));
      await hears(opening(), ['down rate.address']);
    });

    test('goes down once when there is no server', async () => {
      stage.fate('away');
      await hears(opening(), ['down']);
    });

    test('goes down once when it does not open in time', async () => {
      stage.fate('silent');
      const owner = opening();
      await hears(owner, []);
      await stage.timeOut();
      await hears(owner, ['down']);
    });

    test('gives up what is not answered in time, and stays open', async () => {
      const owner = await opened();
      stage.mute();
      owner.join();
      const asked = owner.questions();
      await stage.quiet();
      await stage.timeOut();
      expect(await asked).toEqual(REJECTED);
      await hears(owner, ['open', 'unanswered']);
    });

    test('goes down once when it is lost: what was asked is rejected, and nothing else is told or taken', async () => {
      const owner = await joined();
      stage.mute();
      owner.join();
      const asked = owner.questions();
      await stage.quiet();
      stage.cut();
      await hears(owner, ['down']);
      expect(await asked).toEqual(REJECTED);
      owner.socket.command(command(1));
      owner.socket.presence({ clock: 1, cursors: null, viewport: null, activity: JUST_HERE });
      owner.join();
      expect(await owner.questions()).toEqual(REJECTED);
      await hears(owner, ['down']);
      expect(stage.arrived()).toEqual({ commands: [], reports: [], clock: null });
    });

    test('tells nothing after it was closed, not even an answer', async () => {
      const owner = await joined();
      stage.tell(renamed(101));
      owner.join();
      const asked = owner.questions();
      owner.socket.close();
      owner.socket.close();
      owner.socket.command(command(1));
      owner.join();
      expect(await asked).toEqual(REJECTED);
      expect(await owner.questions()).toEqual(REJECTED);
      await hears(owner, []);
      expect(stage.arrived().commands).toEqual([]);
    });

    test('tells nothing when it is closed before it is open', async () => {
      const owner = opening();
      owner.socket.close();
      await hears(owner, []);
    });
  });
}
