/** How long an edit of the room takes to the workspace's disk, and a program's change to the room. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Witness } from '../../../e2e/harness/witness.ts';
import { FileId } from '../../../packages/protocol/src/index.ts';
import { median, quantile } from '../../lib/stats.ts';
import type { Found } from '../results.ts';
import type { Stage } from '../stage.ts';

const TIMES = 200;
/** Between an answer and the next edit, in milliseconds. */
const GAPS = [40, 90, 150, 60];

/** Waits for each number in one file, and answers in another when it was there, and when it answers. */
const PROGRAM = `import time
for n in range(1, ${TIMES} + 1):
    while True:
        with open("in.txt") as file:
            if file.read() == "%d\\n" % n: break
        time.sleep(0.0005)
    seen = time.time() * 1000
    with open("out.txt", "w") as file:
        file.write("%d %f %f\\n" % (n, seen, time.time() * 1000))
`;

type Ways = { readonly toDiskMs: readonly number[]; readonly toRoomMs: readonly number[] };

export async function betweenRoomAndDisk(stage: Stage): Promise<Found> {
  const witness = await stage.witness();
  for (const [path, text] of Object.entries({ 'answer.py': PROGRAM, 'in.txt': '0\n', 'out.txt': '' })) {
    await witness.send({
      kind: 'file.create',
      file: FileId.parse(randomBytes(9).toString('base64url')),
      path,
      text,
    });
  }
  const shared = await stage.shared([stage.server.place]);
  await shared.screens[0]!.enter('python3 answer.py');
  const { toDiskMs, toRoomMs } = await bothWays(witness);
  await shared.leave();
  const figures = (ms: readonly number[]) => [median(ms), quantile(ms, 0.99)];
  return {
    title: 'room and disk',
    columns: [
      { what: 'median', unit: 'ms' },
      { what: 'p99', unit: 'ms' },
    ],
    rows: [
      { name: 'edit to disk', figures: figures(toDiskMs) },
      { name: 'disk to edit', figures: figures(toRoomMs) },
    ],
  };
}

async function bothWays(witness: Witness): Promise<Ways> {
  const [toDiskMs, toRoomMs]: [number[], number[]] = [[], []];
  const file = witness.fileId('in.txt');
  for (let n = 1; n <= TIMES; n++) {
    const { version, buffer } = witness.fold.texts.get(file)!;
    const answered = witness.untilEvent(() => witness.text('out.txt').startsWith(`${n} `));
    const began = Date.now();
    await witness.send({ kind: 'edit', file, base: version, op: [-(buffer.length - 1), String(n)] });
    const ended = await answered;
    const [, seen, written] = witness.text('out.txt').trim().split(' ').map(Number);
    toDiskMs.push(seen! - began);
    toRoomMs.push(ended - written!);
    await pause(GAPS[n % GAPS.length]!);
  }
  return { toDiskMs, toRoomMs };
}
