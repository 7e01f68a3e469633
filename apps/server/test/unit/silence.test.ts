import { LIMITS } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { Silence } from '../../src/sockets/silence.ts';

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

function scene() {
  let now = 0;
  const silence = new Silence(() => now);
  const pass = (ms: number, step = 250) => {
    for (const end = now + ms; now < end; ) {
      now = Math.min(end, now + step);
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
