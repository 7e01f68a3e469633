import { LIMITS } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { Silence } from '../../src/sockets/silence.ts';

/** A connection that speaks and closes when the test says so, and what is told of it. */
class Wire {
  readonly told: boolean[] = [];
  readonly #listeners = new Map<string, () => void>();

  constructor(silence: Silence) {
    const listen = (event: string, listener: () => void) => void this.#listeners.set(event, listener);
    silence.watch({ on: listen, once: listen } as never, (silent) => void this.told.push(silent));
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
