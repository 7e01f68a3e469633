// What goes as bytes between page and server, and what comes as bytes from anyone.
import { OpBuilder } from '@codesync/ot';
import { fileId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import * as json from 'socket.io-parser';
import { describe, expect, test } from 'vitest';
import { Command, type EditCommand, EditReader, EditWriter, LIMITS, wireParser } from '../src/index.ts';

const FILES = ['file_12345678', 'another-file-345678901', 'file_abcdefgh'].map(fileId);

const op = fc
  .array(fc.oneof(fc.integer({ min: -9_999, max: 9_999 }), fc.string({ unit: 'binary' })), { maxLength: 6 })
  .map((parts) => {
    const builder = new OpBuilder();
    for (const part of parts) builder.push(part);
    return builder.build();
  });

const command: fc.Arbitrary<EditCommand> = fc.record({
  clientSeq: fc
    .oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.maxSafeNat().map((n) => n + 1),
    )
    .filter(Number.isSafeInteger),
  body: fc.record({
    kind: fc.constant('edit' as const),
    file: fc.constantFrom(...FILES),
    base: fc.oneof(fc.nat(300), fc.maxSafeNat()),
    op,
  }),
});

function edit(clientSeq: number, file = FILES[0]!): EditCommand {
  return { clientSeq, body: { kind: 'edit', file, base: 7, op: [300, 'é', -2] } };
}

describe('the frame of an edit', () => {
  test('carries edits of one connection as they are, whatever files they are of', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
        const writer = new EditWriter();
        const reader = new EditReader();
        for (const command of commands) {
          const frame = writer.write(command);
          expect(reader.number(frame)).toBe(command.clientSeq);
          expect(reader.read(frame)).toEqual({ ok: true, command });
          expect(Command.safeParse(command).success).toBe(true);
        }
      }),
    );
  });

  test('takes ten bytes or so for a key, and names the file once', () => {
    const writer = new EditWriter();
    expect([edit(200), edit(201), edit(202, FILES[1])].map((each) => writer.write(each).length)).toEqual([
      24, 10, 33,
    ]);
  });

  test('is not read before a file was named, nor after one that could not be read', () => {
    const writer = new EditWriter();
    const [named, same] = [edit(1), edit(2)].map((each) => writer.write(each)) as [Uint8Array, Uint8Array];
    const reader = new EditReader();
    expect(reader.read(same)).toMatchObject({ error: { code: 'protocol.malformed' } });
    expect(reader.read(named)).toMatchObject({ ok: true });
    expect(reader.read(same)).toMatchObject({ ok: true });
    expect(reader.read(named.subarray(0, 6))).toMatchObject({ error: { code: 'protocol.malformed' } });
    expect(reader.read(same)).toMatchObject({ error: { code: 'protocol.malformed' } });
  });

  /** [BY1] Kind and named file; the number 1; eight units of an id; the version 7; then the operation. */
  const HEAD = [0x11, 1, 8, ...Buffer.from('file_123'), 7];
  test.each([
    ['nothing', []],
    ['a kind alone', [0x11]],
    ['the number 0', [0x11, 0, ...HEAD.slice(2), 1, 0b110, 0x79]],
    ['a number longer than it need be', [0x11, 0x81, 0, ...HEAD.slice(2), 1, 0b110, 0x79]],
    ['an id that is too short', [0x11, 1, 2, 0x66, 0x66, 7, 1, 0b110, 0x79]],
    ['an id of other letters', [0x11, 1, 8, ...Buffer.from('file/123'), 7, 1, 0b110, 0x79]],
    ['an id that claims more than there is', [0x11, 1, 0xff, 0xff, 0x7f, ...HEAD.slice(3)]],
    ['no file at all', [0x21, 1, 7, 1, 0b110, 0x79]],
    ['no operation', HEAD],
    ['an operation that ends too early', [...HEAD, 2, 0b110, 0x79]],
    ['an insert that claims more than there is', [...HEAD, 1, 0xfe, 0xff, 0xff, 0x7f, 0x79]],
    ['a retain at the end', [...HEAD, 1, 0b100]],
    ['two inserts in a row', [...HEAD, 2, 0b110, 0x79, 0b110, 0x79]],
    ['a component of nothing', [...HEAD, 1, 0b010]],
    ['two bytes a unit where one does', [...HEAD, 1, 0b111, 0x79, 0]],
    ['bytes after the operation', [...HEAD, 1, 0b110, 0x79, 0]],
    [
      'too many components',
      [...HEAD, 0xa1, 0x8d, 0x06, ...new Array<number>(LIMITS.opComponents + 1).fill(0b101)],
    ],
  ])('with %s is refused in words', (_, bytes) =>
    expect(new EditReader().read(new Uint8Array(bytes))).toMatchObject({
      ok: false,
      error: { code: 'protocol.malformed' },
    }),
  );

  test('with half of a character is refused with its name', () => {
    const frame = new Uint8Array([...HEAD, 1, 0b111, 0x3d, 0xd8]);
    expect(new EditReader().read(frame)).toMatchObject({ error: { code: 'text.half', message: /U\+D83D/ } });
    expect(new EditReader().number(frame)).toBe(1);
  });

  test('is refused wherever it is cut off', () => {
    const frame = new EditWriter().write(edit(300));
    for (let end = 0; end < frame.length; end++) {
      expect(new EditReader().read(frame.subarray(0, end))).toMatchObject({ ok: false });
    }
  });

  test('from anyone is a command that parses, or is refused', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(fc.nat(255), { maxLength: 20 }).map((rest) => new Uint8Array([...HEAD, ...rest])),
      fc.tuple(command, fc.nat(60), fc.nat(255)).map(([made, at, byte]) => {
        const frame = new EditWriter().write(made);
        frame[at % frame.length] = byte;
        return frame;
      }),
    );
    fc.assert(
      fc.property(bytes, (frame) => {
        const reader = new EditReader();
        const read = reader.read(frame);
        if (read.ok) expect(Command.safeParse(read.command)).toEqual({ success: true, data: read.command });
        expect(() => reader.number(frame)).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the parser of Socket.IO', () => {
  const { Encoder, Decoder } = wireParser(json);
  const packet = (...data: unknown[]) => ({ type: 2, nsp: '/', data });

  function decoded(data: unknown): unknown {
    const decoder = new Decoder();
    const packets: unknown[] = [];
    decoder.on('decoded', (each) => packets.push(each));
    decoder.add(data);
    expect(packets).toHaveLength(1);
    return packets[0];
  }

  test('sends an edit as a frame, and all else as JSON', () => {
    const encoder = new Encoder();
    const [frame] = encoder.encode(packet('command', edit(5)));
    expect(frame).toEqual(new EditWriter().write(edit(5)));
    const stop = { clientSeq: 6, body: { kind: 'run.stop', run: 'run_1234567890' } };
    expect(encoder.encode(packet('command', stop))).toEqual([`2["command",${JSON.stringify(stop)}]`]);
    expect(encoder.encode({ type: 2, nsp: '/', id: 3, data: ['rtt'] })).toEqual(['23["rtt"]']);
    expect(encoder.encode({ type: 0, nsp: '/' })).toEqual(['0']);
  });

  test('names the file again after a join: that may be over a new connection', () => {
    const encoder = new Encoder();
    const sizes = () => (encoder.encode(packet('command', edit(5)))[0] as Uint8Array).length;
    expect([sizes(), sizes()]).toEqual([23, 9]);
    encoder.encode(packet('join', {}));
    expect([sizes(), sizes()]).toEqual([23, 9]);
  });

  test('gives a frame to whoever listens to its kind, and JSON as ever', () => {
    const frame = new EditWriter().write(edit(5));
    expect(decoded(frame)).toEqual(packet('edit', frame));
    expect(decoded(Buffer.from(frame))).toEqual(packet('edit', Buffer.from(frame)));
    expect(decoded(frame.slice().buffer)).toEqual(packet('edit', frame));
    expect(decoded('2["presence",{}]')).toEqual(packet('presence', {}));
  });

  test.each([[[]], [[0]], [[15, 1, 2]]])('throws at no frame of an unknown kind: %j', (bytes) =>
    expect(decoded(new Uint8Array(bytes))).toEqual(packet('unknown frame', new Uint8Array(bytes))),
  );
});
