// Edits as bytes: well-made ones, and all that could be wrong with them.
import { EDIT, EditWriter, headOf, KEYS, LIMITS } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import type { HostileClient } from '../hostile-client.ts';
import type { Input } from '../input.ts';
import type { Random } from '../random.ts';
import { OPCODES } from '../raw-socket.ts';
import type { Scene } from '../scene.ts';
import { someFile } from './bodies.ts';

type Bytes = readonly number[];
type Author = Pick<HostileClient, 'files' | 'clientSeq'>;

/** Lengths that claim more than there is, or say what they say in more bytes than they need. */
const LENGTHS: readonly Bytes[] = [
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x81, 0x00],
  [0x80],
];

/** What comes in the place of an operation. */
function noOp(random: Random): Bytes {
  return random.pick<Bytes>([
    [],
    // A retain at the end, two inserts in a row, a component of nothing, two bytes a unit where one does.
    [1, 0b100],
    [2, 0b110, 0x79, 0b110, 0x79],
    [1, 0b010],
    [1, 0b111, 0x79, 0],
    // Halves of a character.
    [1, 0b111, 0x3d, 0xd8],
    [1, 0b111, 0x00, 0xdc],
    [1, 0b110 | 0x80, ...random.pick(LENGTHS), 0x79],
    [...random.pick(LENGTHS), 0b110, 0x79],
    [1, 0b110, 0x79, 0],
    [...random.bytes(random.below(20))],
  ]);
}

/** The frame of an edit that the client may make, of a file that there may be. */
function wellMade(scene: Scene, random: Random, client: Author): Buffer {
  const file = someFile(scene, random, client);
  const seen = client.files.find(({ id }) => id === file);
  const base = random.pick([seen?.version ?? 0, 0, (seen?.version ?? 0) + 1, Number.MAX_SAFE_INTEGER]);
  const at = 1 + random.below((seen?.units ?? 0) + 5);
  const op = random.pick([['f'], [at, 'é'], [at, -1], ['\u{1f600}', -at], [], [Number.MAX_SAFE_INTEGER, -1]]);
  const body = { kind: 'edit' as const, file: fileId(file), base, op };
  return Buffer.from(new EditWriter().write({ clientSeq: ++client.clientSeq, body }));
}

/** Something that begins as a frame does. */
export function someFrame(scene: Scene, random: Random, client: Author): Buffer {
  const frame = wellMade(scene, random, client);
  const id = Buffer.from(client.files[0]?.id ?? 'no-file-here');
  const head = [headOf(EDIT, 1), ++client.clientSeq % 0x80, id.length, ...id, 0];
  return random.pick<() => Buffer>([
    () => frame,
    () => frame.subarray(0, random.below(frame.length)),
    () => Buffer.concat([frame, random.bytes(1 + random.below(20))]),
    () => {
      frame[random.below(frame.length)] = random.below(256);
      return frame;
    },
    () => Buffer.from([headOf(random.below(16), random.below(16)), ...frame.subarray(1)]),
    () => Buffer.from([headOf(KEYS, random.below(10)), ...random.bytes(random.below(10))]),
    () => Buffer.from([headOf(EDIT, random.below(16)), ...random.pick(LENGTHS), ...frame.subarray(2)]),
    () => Buffer.from([headOf(EDIT, 1), 1, ...random.pick(LENGTHS), ...frame.subarray(3)]),
    () => Buffer.from([headOf(EDIT, 0), 1, 0, 1, 0b110, 0x79]),
    () => Buffer.from([...head, ...noOp(random)]),
    () => random.bytes(random.below(40)),
    () => Buffer.alloc(0),
  ])();
}

export const EDIT_FRAME_INPUTS: readonly Input[] = [
  {
    kind: 'edit frames',
    weight: 12,
    async run(scene, random) {
      const client = await scene.join(random, 'arena');
      if (client === null) return 0;
      const count = 1 + random.below(60);
      for (let i = 0; i < count; i++) client.raw.frame(OPCODES.binary, someFrame(scene, random, client));
      if (!(await client.settled())) scene.cast.judge.breach('a frame that is no edit ended the connection');
      client.end();
      return count;
    },
  },
  {
    kind: 'edit frames before a join',
    weight: 2,
    async run(scene, random) {
      const client = await scene.enter(random, random.pick([null, ...scene.everyone]));
      if (client === null) return 0;
      const count = 1 + random.below(10);
      for (let i = 0; i < count; i++) client.raw.frame(OPCODES.binary, someFrame(scene, random, client));
      await client.settled();
      client.end();
      return count;
    },
  },
  {
    kind: 'large edit frames',
    weight: 1,
    async run(scene, random) {
      const client = await scene.join(random, random.oneIn(2) ? 'brawl' : 'arena');
      if (client === null) return 0;
      const components = LIMITS.opComponents + random.pick([-1_000, 1_000]);
      const units = random.pick([200_000, LIMITS.fileUnits - 1, LIMITS.fileUnits + 1, 8_900_000, 9_100_000]);
      const op = random.oneIn(2)
        ? Array.from({ length: components }, (_, i) => (i % 2 === 0 ? 1 : 'y'))
        : [random.pick(['x', '中']).repeat(units)];
      const body = {
        kind: 'edit' as const,
        file: fileId(client.files[0]?.id ?? 'no-file-here'),
        base: 0,
        op,
      };
      const frame = new EditWriter().write({ clientSeq: ++client.clientSeq, body });
      client.raw.frame(OPCODES.binary, Buffer.from(frame));
      await Promise.race([client.settled(), client.raw.closed]);
      client.end();
      return 1;
    },
  },
];
