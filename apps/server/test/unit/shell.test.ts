// What those who watch a shell have, whenever their screens are made.
import { readTerminalFrame, type TerminalScreen, type TerminalState } from '@codesync/protocol';
import { clientId, ManualClock, settle, terminalId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Screens } from '../../src/ports.ts';
import type { Seat, SeatMessage } from '../../src/rooms/seat.ts';
import { Shell } from '../../src/rooms/shell.ts';
import { HANA } from '../support/actor.ts';

const SIZE = { cols: 80, rows: 24 };

/** A screen that shows what was written as it is, each byte a line, and makes a snapshot when it is told to. */
class LateScreen {
  written = '';
  size = SIZE;
  readonly #asked: (() => void)[] = [];

  readonly screens: Screens = {
    open: (_, { drawn }) => ({
      write: (bytes) => {
        this.written += Buffer.from(bytes).toString('latin1');
        drawn(this.written.length);
      },
      resize: (size) => {
        this.size = size;
      },
      snapshot: (lines) =>
        new Promise((resolve) => {
          this.#asked.push(() => {
            // The last byte may be the beginning of something.
            const at = Math.max(0, this.written.length - 1);
            const rest = Buffer.from(this.written.slice(at), 'latin1');
            const screen = this.written.slice(Math.max(0, at - lines), at);
            resolve({ screen, size: this.size, at, rest, complete: at <= lines });
          });
        }),
      close: () => undefined,
    }),
  };

  make(): void {
    for (const make of this.#asked.splice(0)) make();
  }
}

/** A client that draws what it is told. */
class Client {
  text = '';
  size = SIZE;
  /** What it was told that cannot be. */
  readonly faults: string[] = [];
  /** The newest of its messages that was taken, what it had of the output then, and up to which place. */
  typed = 0;
  textThen = '';
  placeThen = 0;
  #at: number | null = null;

  hear(message: SeatMessage): void {
    if (message.kind === 'terminalScreen') this.#screen(message.screen);
    if (message.kind === 'terminalState') this.#state(message.state);
    const frame = message.kind === 'terminal' ? readTerminalFrame(message.frame) : null;
    if (frame === null) return;
    if (frame.from !== this.#at) this.faults.push(`bytes from ${frame.from} after ${this.#at}`);
    this.#at! += frame.bytes.length;
    this.text += Buffer.from(frame.bytes).toString('latin1');
    if (frame.typed === 0) return;
    if (frame.typed <= this.typed) this.faults.push(`message ${frame.typed} taken after ${this.typed}`);
    this.typed = frame.typed;
    this.textThen = this.text;
    this.placeThen = this.#at!;
  }

  #screen({ screen, at, size }: TerminalScreen): void {
    this.text = screen;
    this.#at = at;
    this.size = size;
  }

  #state({ size }: TerminalState): void {
    if (this.#at === null) return;
    // The terminal grows in this test: what is told of a time before the screen would shrink it.
    if (size.cols < this.size.cols) this.faults.push(`${size.cols} columns after ${this.size.cols}`);
    this.size = size;
  }
}

function seatsOf(clients: readonly Client[]): Seat[] {
  return clients.map((_, i) => {
    return { id: `seat-${i}`, client: clientId(`client-${i}`), participant: HANA, network: '203.0.113.1' };
  });
}

/** A shell that does nothing by itself. */
function shellWith(
  clients: readonly Client[],
  seats: readonly Seat[],
  late: LateScreen,
  clock: ManualClock,
  resize: (to: typeof SIZE) => void = () => undefined,
): Shell {
  return new Shell({
    terminal: terminalId('terminal-1'),
    shell: 1,
    size: SIZE,
    port: { type: () => undefined, resize, read: () => undefined },
    screens: late.screens,
    clock,
    audience: { to: (seat, message) => clients[seats.indexOf(seat)]!.hear(message) },
    lost: () => expect.unreachable('the screen was lost'),
  });
}

const act = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 500, max: 1_500 })),
  }),
  fc.record({ do: fc.constantFrom('watch' as const, 'unwatch' as const), who: fc.nat(2) }),
  fc.record({ do: fc.constant('type' as const), who: fc.nat(2), length: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant('take' as const), share: fc.nat(100), length: fc.nat(5) }),
  fc.record({ do: fc.constant('size' as const) }),
  fc.record({ do: fc.constant('make' as const) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 9, 200) }),
);

test('each who watches has all that was written, once, the size, and which of their keys are in it, however late their screen is made', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 50 }), async (acts) => {
      const clock = new ManualClock();
      const late = new LateScreen();
      const clients = [new Client(), new Client(), new Client()];
      const seats = seatsOf(clients);
      let size = SIZE;
      const shell = shellWith(clients, seats, late, clock, (to) => {
        size = to;
      });
      let written = 0;
      let typed = 0;
      let taken = 0;
      /** What was typed; and of each client the newest that was taken, with how much was written then. */
      const messages: { readonly who: number; readonly number: number; readonly end: number }[] = [];
      const last = clients.map(() => ({ number: 0, written: 0 }));
      const write = (length: number) => {
        const bytes = Uint8Array.from({ length }, (_, i) => 33 + ((written + i) % 90));
        shell.output(written, bytes, taken);
        written += length;
      };
      let { cols } = SIZE;
      const watching = new Set([0]);
      shell.watch(seats[0]!, SIZE);
      shell.drive(seats[0]!);
      for (const each of acts) {
        if (each.do === 'write') {
          write(each.length);
        } else if (each.do === 'type') {
          typed += each.length;
          messages.push({ who: each.who, number: messages.length + 1, end: typed });
          shell.type(seats[each.who]!, 'k'.repeat(each.length), messages.length);
          shell.drive(seats[0]!);
        } else if (each.do === 'take') {
          taken = Math.max(taken, Math.floor((typed * each.share) / 100));
          write(each.length);
          for (const { who, number, end } of messages) {
            if (end <= taken && number > last[who]!.number) last[who] = { number, written };
          }
        } else if (each.do === 'watch') {
          watching.add(each.who);
          shell.watch(seats[each.who]!, { cols, rows: 24 });
        } else if (each.do === 'unwatch' && each.who > 0) {
          watching.delete(each.who);
          shell.unwatch(seats[each.who]!);
        } else if (each.do === 'size') {
          shell.sized(seats[0]!, { cols: ++cols, rows: 24 });
        } else if (each.do === 'make') {
          late.make();
          await settle();
        } else if (each.do === 'pass') await clock.pass(each.ms);
      }
      for (const ms of [500, 1_500]) {
        await clock.pass(ms);
        late.make();
        await settle();
        await clock.pass(50);
      }
      expect(clients.flatMap(({ faults }) => faults)).toEqual([]);
      for (const [who, client] of clients.entries()) {
        const { number, written: then } = last[who]!;
        // Who does not watch when a message is taken is not told of it.
        expect(client.typed).toBeLessThanOrEqual(number);
        if (who === 0) expect(client.typed).toBe(number);
        if (client.typed === number) expect(client.placeThen).toBeGreaterThanOrEqual(then);
      }
      for (const who of watching) {
        expect(clients[who]!.text).toBe(late.written);
        expect(clients[who]!.size).toEqual(size);
      }
    }),
    { numRuns: 300 },
  );
});

test('who typed is told what is taken, also where nothing is shown, and across a screen that is made anew', async () => {
  const [clock, late, client] = [new ManualClock(), new LateScreen(), new Client()];
  const [seat] = seatsOf([client]);
  const shell = shellWith([client], [seat!], late, clock);
  const write = (text: string, taken: number) => shell.output(late.written.length, Buffer.from(text), taken);
  shell.watch(seat!, SIZE);
  late.make();
  await settle();
  write('shown', 0);
  shell.type(seat!, 'k', 7);
  write('', 1);
  await clock.pass(50);
  expect([client.typed, client.textThen]).toEqual([7, 'shown']);

  shell.type(seat!, 'k', 8);
  write(' soon', 1);
  write(' k', 2);
  shell.watch(seat!, SIZE);
  shell.type(seat!, 'l', 9);
  late.make();
  write('l', 3);
  await settle();
  await clock.pass(50);
  expect([client.typed, client.textThen, client.faults]).toEqual([9, 'shown soon kl', []]);

  shell.type(seat!, 'm', 10);
  write(' and', 3);
  write(' m', 4);
  shell.watch(seat!, SIZE);
  late.make();
  await settle();
  await clock.pass(50);
  expect(client.typed).toBe(10);
});

test('whoever comes has the last lines at once, and all of them when the shell is calm', async () => {
  const [clock, late, client] = [new ManualClock(), new LateScreen(), new Client()];
  const [seat] = seatsOf([client]);
  const shell = shellWith([client], [seat!], late, clock);
  shell.output(0, Buffer.from('l'.repeat(5_000)), 0);
  shell.watch(seat!, SIZE);
  late.make();
  await settle();
  await clock.pass(50);
  expect(client.text.length).toBeGreaterThanOrEqual(1_000);
  expect(client.text.length).toBeLessThan(1_500);
  await clock.pass(1_000);
  late.make();
  await settle();
  await clock.pass(50);
  expect(client.text).toBe(late.written);
  expect(client.faults).toEqual([]);
});

test('keys that the shell never takes are remembered up to a number', async () => {
  const [clock, late, client] = [new ManualClock(), new LateScreen(), new Client()];
  const [seat] = seatsOf([client]);
  const shell = shellWith([client], [seat!], late, clock);
  shell.watch(seat!, SIZE);
  late.make();
  await settle();
  for (let number = 1; number <= 4_100; number++) shell.type(seat!, 'k', number);
  shell.output(0, Buffer.from('x'), 0);
  await clock.pass(50);
  expect([client.typed, client.faults]).toEqual([4, []]);
});
