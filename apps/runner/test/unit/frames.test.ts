import { readFileSync } from 'node:fs';
import { filesCommand, filesEvent } from '@codesync/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AttachDecoder } from '../../src/attach-stream.ts';
import {
  type AgentStart,
  agentExit,
  agentTerminalEnd,
  encodeFrame,
  FROM_AGENT,
  FROM_FILES,
  FROM_TERMINAL,
  FrameDecoder,
  HEADER_BYTES,
  MAX_PAYLOAD_BYTES,
  RUN_CHANNEL,
  TO_AGENT,
  TO_FILES,
  TO_TERMINAL,
  terminalOutputOf,
} from '../../src/frames.ts';

/** Cuts bytes into pieces at arbitrary places. */
function pieces(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, [...places, bytes.length][index]));
}

const cuts = fc.array(fc.nat(5_000), { maxLength: 40 });

describe('agent frames', () => {
  const sentFrames = fc.array(
    fc.record({
      channel: fc.nat(0xffff),
      type: fc.constantFrom('R', 'O', 'X', 'Z'),
      payload: fc.uint8Array({ maxLength: 300 }),
    }),
  );

  test('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(sentFrames, cuts, (sent, places) => {
        const bytes = Buffer.concat(
          sent.map(({ channel, type, payload }) => encodeFrame(channel, type, Buffer.from(payload))),
        );
        const decoder = new FrameDecoder();
        const got = pieces(bytes, places).flatMap((piece) => decoder.push(piece));
        expect(got.map((frame) => ({ ...frame, payload: [...frame.payload] }))).toEqual(
          sent.map((frame) => ({ ...frame, payload: [...frame.payload] })),
        );
      }),
    );
  });

  test('a payload that looks like a frame stays a payload', () => {
    const forged = encodeFrame(RUN_CHANNEL, 'Z', '{"reason":"exit","code":0}');
    const [frame, ...rest] = new FrameDecoder().push(encodeFrame(RUN_CHANNEL, 'O', forged));
    expect(frame).toEqual({ channel: RUN_CHANNEL, type: 'O', payload: forged });
    expect(rest).toEqual([]);
  });
});

/** `sandbox/agent/frame_test.go` holds the agent against the same file. */
describe('the frames that both ends share', () => {
  const file = new URL('../../../../sandbox/agent/testdata/frames.json', import.meta.url);
  const named = z.object({ name: z.string(), bytes: z.string() });
  const shared = z
    .object({
      headerBytes: z.number(),
      maxPayloadBytes: z.number(),
      runChannel: z.number(),
      toAgent: z.record(z.string(), z.string()),
      fromAgent: z.record(z.string(), z.string()),
      toTerminal: z.record(z.string(), z.string()),
      fromTerminal: z.record(z.string(), z.string()),
      toFiles: z.record(z.string(), z.string()),
      fromFiles: z.record(z.string(), z.string()),
      frames: z.array(named.extend({ channel: z.number(), type: z.string(), payload: z.string() })),
      output: z.object({ channel: z.number(), taken: z.number(), bytes: z.string(), payload: z.string() }),
      refused: z.array(named.extend({ error: z.string() })),
      cut: z.array(named),
      start: z.unknown(),
      exit: z.unknown(),
      terminalEnd: z.unknown(),
      filesCommands: z.array(z.record(z.string(), z.unknown())),
      filesEvents: z.array(z.record(z.string(), z.unknown())),
    })
    .parse(JSON.parse(readFileSync(file, 'utf8')));

  test('have the sizes, the channel and the types that are sent here', () => {
    expect(shared).toMatchObject({
      headerBytes: HEADER_BYTES,
      maxPayloadBytes: MAX_PAYLOAD_BYTES,
      runChannel: RUN_CHANNEL,
    });
    expect(shared.toAgent).toEqual(TO_AGENT);
    expect(shared.fromAgent).toEqual(FROM_AGENT);
    expect(shared.toTerminal).toEqual(TO_TERMINAL);
    expect(shared.fromTerminal).toEqual(FROM_TERMINAL);
    expect(shared.toFiles).toEqual(TO_FILES);
    expect(shared.fromFiles).toEqual(FROM_FILES);
  });

  test.each(shared.frames)('are read and written alike: $name', ({ bytes, channel, type, payload }) => {
    expect(encodeFrame(channel, type, Buffer.from(payload, 'hex')).toString('hex')).toBe(bytes);
    expect(new FrameDecoder().push(Buffer.from(bytes, 'hex'))).toEqual([
      { channel, type, payload: Buffer.from(payload, 'hex') },
    ]);
  });

  test('carry the output of a terminal, and what it has taken', () => {
    const { channel, taken, bytes, payload } = shared.output;
    const [frame] = new FrameDecoder().push(Buffer.from(bytes, 'hex'));
    expect(frame).toMatchObject({ channel, type: FROM_TERMINAL.output });
    expect(terminalOutputOf(frame!.payload)).toEqual({ taken, bytes: Buffer.from(payload, 'hex') });
  });

  test.each(shared.refused)('are refused alike: $name', ({ bytes, error }) => {
    expect(() => new FrameDecoder().push(Buffer.from(bytes, 'hex'))).toThrow(new Error(error));
  });

  test.each(shared.cut)('are waited for: $name', ({ bytes }) => {
    expect(new FrameDecoder().push(Buffer.from(bytes, 'hex'))).toEqual([]);
  });

  test('carry a START of this shape', () => {
    const start: AgentStart = {
      entry: 'src/main.py',
      folder: 'src',
      files: [{ path: 'src/main.py', text: 'print("é")\n' }],
      args: ['-a', ''],
      env: { NAME: 'value' },
      limits: {
        wallMs: 30_000,
        cpuMs: 29_000,
        compileMs: 20_000,
        keptBytes: 1024 * 1024,
        floodBytes: 16 * 1024 * 1024,
        stdinBytes: 64 * 1024,
        binaryBytes: 12 * 1024 * 1024,
      },
    };
    expect(shared.start).toEqual(start);
  });

  test('carry an EXIT of this shape', () => {
    expect(agentExit.strict().parse(shared.exit)).toEqual(shared.exit);
  });

  test('carry an end of a terminal of this shape', () => {
    expect(agentTerminalEnd.strict().parse(shared.terminalEnd)).toEqual(shared.terminalEnd);
  });

  test.each([
    ['commands', filesCommand, shared.filesCommands],
    ['events', filesEvent, shared.filesEvents],
  ] as const)('carry %s of the files, one of each type, of these shapes', (_, schema, messages) => {
    expect(messages.map(({ type }) => type)).toEqual(schema.options.map(({ shape }) => shape.type.value));
    for (const message of messages) {
      const whole = { ...message, workspace: 'workspace' };
      expect(schema.parse(whole)).toEqual(whole);
    }
  });
});

describe('the engine’s attach stream', () => {
  const piece = (stream: 1 | 2, bytes: Buffer) => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(bytes.length, 4);
    return Buffer.concat([header, bytes]);
  };

  test('is told apart into its two streams, however it is cut', () => {
    const sent = fc.array(
      fc.record({ stream: fc.constantFrom<1 | 2>(1, 2), bytes: fc.uint8Array({ maxLength: 100 }) }),
    );
    fc.assert(
      fc.property(sent, cuts, (wrote, places) => {
        const bytes = Buffer.concat(wrote.map(({ stream, bytes }) => piece(stream, Buffer.from(bytes))));
        const decoder = new AttachDecoder();
        const got = { stdout: [] as number[], stderr: [] as number[] };
        for (const part of pieces(bytes, places))
          for (const { stream, bytes } of decoder.push(part)) got[stream].push(...bytes);
        const all = (stream: 1 | 2) =>
          wrote.filter((one) => one.stream === stream).flatMap((one) => [...one.bytes]);
        expect(got).toEqual({ stdout: all(1), stderr: all(2) });
      }),
    );
  });
});
