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

/** A screen that shows what was written as it is, and makes a snapshot when it is told to. */
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
      snapshot: () =>
        new Promise((resolve) => {
          this.#asked.push(() => {
            // The last byte may be the beginning of something.
            const at = Math.max(0, this.written.length - 1);
            const rest = Buffer.from(this.written.slice(at), 'latin1');
            resolve({ screen: this.written.slice(0, at), size: this.size, at, rest });
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
  #at: number | null = null;

  hear(message: SeatMessage): void {
    if (message.kind === 'terminalScreen') this.#screen(message.screen);
    if (message.kind === 'terminalState') this.#state(message.state);
    const frame = message.kind === 'terminal' ? readTerminalFrame(message.frame) : null;
    if (frame === null) return;
    if (frame.from !== this.#at) this.faults.push(`bytes from ${frame.from} after ${this.#at}`);
    this.#at! += frame.bytes.length;
    this.text += Buffer.from(frame.bytes).toString('latin1');
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

const act = fc.oneof(
  fc.record({ do: fc.constant('write' as const), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constantFrom('watch' as const, 'unwatch' as const), who: fc.nat(2) }),
  fc.record({ do: fc.constant('size' as const) }),
  fc.record({ do: fc.constant('make' as const) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 9, 200) }),
);

test('each who watches has all that was written, once, and the size, however late their screen is made', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 50 }), async (acts) => {
      const clock = new ManualClock();
      const late = new LateScreen();
      const clients = [new Client(), new Client(), new Client()];
      const seats = clients.map((_, i): Seat => {
        return {
          id: `seat-${i}`,
          client: clientId(`client-${i}`),
          participant: HANA,
          network: '203.0.113.1',
        };
      });
      let size = SIZE;
      const shell = new Shell({
        terminal: terminalId('terminal-1'),
        shell: 1,
        size: SIZE,
        port: {
          type: () => undefined,
          resize: (to) => {
            size = to;
          },
          read: () => undefined,
        },
        screens: late.screens,
        clock,
        audience: { to: (seat, message) => clients[seats.indexOf(seat)]!.hear(message) },
        lost: () => expect.unreachable('the screen was lost'),
      });
      let written = 0;
      let { cols } = SIZE;
      const watching = new Set([0]);
      shell.watch(seats[0]!, SIZE);
      shell.drive(seats[0]!);
      for (const each of acts) {
        if (each.do === 'write') {
          const bytes = Uint8Array.from({ length: each.length }, (_, i) => 33 + ((written + i) % 90));
          shell.output(written, bytes);
          written += each.length;
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
      await clock.pass(500);
      late.make();
      await settle();
      await clock.pass(50);
      expect(clients.flatMap(({ faults }) => faults)).toEqual([]);
      for (const who of watching) {
        expect(clients[who]!.text).toBe(late.written);
        expect(clients[who]!.size).toEqual(size);
      }
    }),
    { numRuns: 300 },
  );
});
