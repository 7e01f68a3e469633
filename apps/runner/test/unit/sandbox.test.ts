/** An engine that hangs: what it was asked for is given up in time, and taken away when it comes after all. */
import { PassThrough } from 'node:stream';
import { ManualClock } from '@codesync/protocol/testing';
import type Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FROM_AGENT, RUN_CHANNEL } from '../../src/frames.ts';
import { ENGINE_DEADLINE_MS } from '../../src/limits.ts';
import { type Attached, startSandbox } from '../../src/sandbox.ts';

type Call = 'create' | 'attach' | 'start' | 'remove';

/** An engine that never answers these calls until `goOn`, and the others at once. */
function setUp(...hanging: readonly Call[]) {
  const clock = new ManualClock();
  const attached: Attached = new Map();
  const asked: Call[] = [];
  const waiting: (() => void)[] = [];
  const stream = new PassThrough();
  const call = <T>(name: Call, answer: () => T) => {
    asked.push(name);
    if (!hanging.includes(name)) return Promise.resolve(answer());
    return new Promise<T>((resolve) => waiting.push(() => resolve(answer())));
  };
  const container = {
    id: 'c1',
    attach: () => call('attach', () => stream),
    start: () =>
      call('start', () => {
        stream.write(ofAgent(encodeFrame(RUN_CHANNEL, FROM_AGENT.ready)));
      }),
    remove: () => call('remove', () => undefined),
    wait: () => new Promise(() => {}),
  };
  const docker = { createContainer: () => call('create', () => container) } as unknown as Docker;
  const facts = { docker, image: 'image', instance: 'i', runner: 'r', cpus: 2, attached, clock };
  const outcome = { error: null as string | null };
  const made = startSandbox(facts, { profile: 'run', language: 'python' }, 0);
  made.catch((error: Error) => {
    outcome.error = error.message;
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    made,
    outcome,
    asked,
    attached,
    stream,
    settle,
    pass: async (ms: number) => {
      await settle();
      clock.advance(ms);
      await settle();
    },
    goOn: async () => {
      for (const answer of waiting.splice(0)) answer();
      await settle();
    },
  };
}

/** As the engine frames what a container writes to its standard output. */
function ofAgent(bytes: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

const SILENT = 'the container engine gave no answer within 20 s';

describe('a sandbox of an engine that hangs', () => {
  test('at its making: it is given up, and removed if it is made after all', async () => {
    const { outcome, asked, pass, goOn } = setUp('create');
    await pass(ENGINE_DEADLINE_MS - 1);
    expect(outcome.error).toBeNull();
    await pass(1);
    expect([outcome.error, asked]).toEqual([SILENT, ['create']]);
    await goOn();
    expect(asked).toEqual(['create', 'remove']);
  });

  test('at attaching: it is removed, and a stream that comes after all is closed', async () => {
    const { outcome, asked, stream, attached, pass, goOn } = setUp('attach');
    await pass(ENGINE_DEADLINE_MS);
    expect([outcome.error, asked]).toEqual([SILENT, ['create', 'attach', 'remove']]);
    await goOn();
    expect([stream.destroyed, attached.size]).toEqual([true, 0]);
  });

  test('at its start: its stream is closed, and it is removed', async () => {
    const { outcome, asked, stream, attached, pass } = setUp('start');
    await pass(ENGINE_DEADLINE_MS);
    expect(asked).toEqual(['create', 'attach', 'start', 'remove']);
    expect(outcome.error).not.toBeNull();
    expect([stream.destroyed, attached.size]).toEqual([true, 0]);
  });

  test('at every call: making it fails nevertheless', async () => {
    const { outcome, pass } = setUp('start', 'remove');
    await pass(ENGINE_DEADLINE_MS);
    expect(outcome.error).toBeNull();
    await pass(ENGINE_DEADLINE_MS);
    expect(outcome.error).not.toBeNull();
  });

  test('at its removal: its place is free again nevertheless', async () => {
    const { made, pass } = setUp('remove');
    const sandbox = await made;
    let gone = false;
    void sandbox.destroy().then(() => {
      gone = true;
    });
    await pass(1_000);
    await pass(ENGINE_DEADLINE_MS - 1);
    expect(gone).toBe(false);
    await pass(1);
    expect(gone).toBe(true);
  });

  test('once it is lost: whoever uses it hears that, and its stream is closed', async () => {
    const { made, attached, stream } = setUp();
    const sandbox = await made;
    const lost: string[] = [];
    sandbox.listen({ frame: () => {}, closed: (reason) => lost.push(reason) });
    for (const one of attached.values()) one.lose('the engine does not answer');
    expect([lost, stream.destroyed, attached.size]).toEqual([['the engine does not answer'], true, 0]);
  });
});

test('a sandbox that speaks on a channel which nobody has is lost', async () => {
  const { made, stream, settle } = setUp();
  const sandbox = await made;
  const heard: string[] = [];
  sandbox.listen({ frame: ({ type }) => heard.push(type), closed: (reason) => heard.push(reason) });
  stream.write(ofAgent(encodeFrame(RUN_CHANNEL, FROM_AGENT.stdout, 'hi')));
  stream.write(ofAgent(encodeFrame(1, FROM_AGENT.stdout, 'hi')));
  await settle();
  expect([heard, stream.destroyed]).toEqual([['O', 'a frame on channel 1, which nobody has'], true]);
});
