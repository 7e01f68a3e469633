import { LIMITS } from '@codesync/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOOK_MS, PING_MS, Silence } from '../../src/sockets/silence.ts';

/** How soon whoever is cut off has to be told as lost: five seconds, without what the word takes to the pages. */
const TOLD_MS = 4_500;
/** As long a round trip as pages have to bear. */
const SLOW_MS = 1_500;

/** A connection that speaks and closes when the test says so, and what is told of it. */
class Wire {
  readonly told: boolean[] = [];
  readonly socket = { bytesRead: 0 };
  readonly #listeners = new Map<string, () => void>();

  constructor(silence: Silence) {
    const listen = (event: string, listener: () => void) => void this.#listeners.set(event, listener);
    const transport = { socket: { _socket: this.socket } };
    silence.watch({ on: listen, once: listen, transport } as never, (silent) => void this.told.push(silent));
  }

  speak(): void {
    this.#listeners.get('packet')!();
  }

  close(): void {
    this.#listeners.get('close')!();
  }
}

/** Time that passes with a look every `step` milliseconds, whatever happens in between. */
function scene() {
  let now = 0;
  let lookedAt = 0;
  const silence = new Silence(() => now);
  const pass = (ms: number, step = LOOK_MS) => {
    for (const end = now + ms; now < end; ) {
      now = Math.min(end, lookedAt + step);
      if (now < lookedAt + step) return;
      lookedAt = now;
      silence.look();
    }
  };
  return { silence, pass };
}

test('a connection is told as silent once, and as heard when something comes', () => {
  const { silence, pass } = scene();
  const [quiet, lively] = [new Wire(silence), new Wire(silence)];
  pass(LIMITS.silentMs - 1);
  lively.speak();
  expect(quiet.told).toEqual([]);
  pass(2_000);
  expect([quiet.told, lively.told]).toEqual([[true], []]);
  quiet.speak();
  expect(quiet.told).toEqual([true, false]);
  pass(LIMITS.silentMs + 250);
  expect(quiet.told).toEqual([true, false, true]);
});

test('whoever is cut off is told in time, whenever that is, and nobody before, however slow the way is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: LOOK_MS - 1 }),
      fc.integer({ min: 0, max: SLOW_MS }),
      fc.integer({ min: 0, max: 30 }),
      (before, roundTripMs, words) => {
        const { silence, pass } = scene();
        pass(before);
        const wire = new Wire(silence);
        for (let i = 0; i < words; i++) {
          pass(PING_MS + roundTripMs);
          wire.speak();
        }
        expect(wire.told).toEqual([]);
        pass(TOLD_MS);
        expect(wire.told).toEqual([true]);
      },
    ),
  );
});

test('a long message on a slow way is no silence', () => {
  const { silence, pass } = scene();
  const wire = new Wire(silence);
  for (let i = 0; i < 10; i++) {
    pass(LIMITS.silentMs - 500);
    wire.socket.bytesRead += 1_000;
    pass(250);
  }
  expect(wire.told).toEqual([]);
  pass(LIMITS.silentMs);
  expect(wire.told).toEqual([true]);
  wire.socket.bytesRead += 1;
  pass(250);
  expect(wire.told).toEqual([true, false]);
});

test('nothing is told of a connection that has closed', () => {
  const { silence, pass } = scene();
  const wire = new Wire(silence);
  wire.close();
  pass(60_000);
  expect(wire.told).toEqual([]);
});

test('a process that was held up blames nobody for what it could not hear', () => {
  const { silence, pass } = scene();
  const wire = new Wire(silence);
  pass(30_000, 30_000);
  wire.speak();
  pass(250);
  expect(wire.told).toEqual([]);
});
