// Too much of everything: connections, messages, and answers that nobody reads.
import { PROTOCOL_VERSION } from '@codesync/protocol';
import type { HostileClient } from '../hostile-client.ts';
import type { Input } from '../input.ts';
import type { Random } from '../random.ts';
import { frame, OPCODES, RawSocket } from '../raw-socket.ts';
import type { Scene } from '../scene.ts';
import { someBody } from './bodies.ts';
import { enterOften } from './frames.ts';

/** How long somebody goes on who is never stopped. */
const FLOOD_MS = 4_000;
/** What one flood sends at most. */
const FLOOD_BYTES = 24_000_000;

/** Sends the same bytes again and again until the connection ends, or for a while. */
async function pour(client: HostileClient, bytes: Buffer): Promise<number> {
  const until = performance.now() + FLOOD_MS;
  let sent = 0;
  while (client.raw.isOpen && performance.now() < until && sent * bytes.length < FLOOD_BYTES) {
    client.raw.write(bytes);
    sent++;
    if (client.raw.unsent > 1_000_000) {
      await Promise.race([client.raw.flushed(), new Promise((resolve) => setTimeout(resolve, 200).unref())]);
      if (client.raw.unsent > 1_000_000) break;
    }
  }
  await Promise.race([client.raw.closed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  client.end();
  return sent;
}

function text(message: string): Buffer {
  return frame(OPCODES.text, Buffer.from(message));
}

/** Frames of one kind, many at once; the first by whoever is in no room, the others by members. */
const FLOODS: readonly ((random: Random) => Buffer)[] = [
  () => text('42["check",{}]'),
  () => text('420["join",{}]'),
  () => text('42["rtt"]'),
  () => text('43999[1]'),
  () => text('3'),
  () => text('42["command",{"clientSeq":1,"body":{"kind":"role.request"}}]'),
  () =>
    text(
      '42["presence",{"clock":1,"cursors":null,"viewport":null,"activity":{"attention":"away","terminal":null,"watching":null,"following":null,"speaking":true}}]',
    ),
  () => text('42["nothing"]'),
  () => frame(OPCODES.ping, Buffer.alloc(125)),
  () => frame(OPCODES.pong, Buffer.alloc(125)),
  (random) => text(`42["command",${JSON.stringify('x'.repeat(random.pick([1_000, 100_000])))}]`),
  () => frame(OPCODES.continuation, Buffer.alloc(0), { fin: false }),
];

/** A room full of text for those who ask for it and do not read it. */
async function fill(scene: Scene, random: Random): Promise<void> {
  const client = await scene.join(random, 'brawl');
  if (client === null) return;
  const units = client.files.reduce((sum, file) => sum + file.units, 0);
  if (units < 3_000_000) {
    const words = 'fuzzed text '.repeat(80_000);
    client.command(
      `{"kind":"file.create","file":"${random.id(12)}","path":"${random.id(8)}.txt","text":"${words}"}`,
    );
    await Promise.race([client.settled(), client.raw.closed]);
  }
  client.end();
}

export const FLOOD_INPUTS: readonly Input[] = [
  {
    kind: 'flood',
    weight: 4,
    async run(scene, random) {
      const client = random.oneIn(2)
        ? await scene.join(random, 'arena')
        : await scene.enter(random, random.pick([null, ...scene.everyone]));
      if (client === null) return 0;
      const one = random.pick(FLOODS)(random);
      const many = Buffer.concat(
        Array.from({ length: Math.max(1, Math.floor(20_000 / one.length)) }, () => one),
      );
      if (random.oneIn(2)) client.raw.deafen();
      return (await pour(client, many)) * Math.max(1, Math.floor(20_000 / one.length));
    },
  },
  {
    kind: 'namespaces flood',
    weight: 2,
    run: (scene, random) =>
      enterOften(scene, random, random.pick([2, 100, 20_000]), random.pick(['', '/x,', '{"a":1}'])),
  },
  {
    kind: 'deaf joins',
    weight: 2,
    async run(scene, random) {
      await fill(scene, random);
      const count = 4;
      const deaf = await Promise.all(
        Array.from({ length: count }, async () => {
          const client = await scene.join(random, 'brawl');
          client?.raw.deafen();
          return client;
        }),
      );
      const who = random.pick(scene.cast.hosts);
      const request = JSON.stringify({
        protocol: PROTOCOL_VERSION,
        room: scene.cast.brawl.id,
        client: who.clients[0],
        secret: null,
        since: null,
        pending: [],
      });
      for (const client of deaf) for (let i = 0; i < 12; i++) void client?.ask('join', request);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      for (const client of deaf) client?.end();
      return deaf.filter((client) => client !== null).length * 12;
    },
  },
  {
    kind: 'deaf checks and resends',
    weight: 2,
    async run(scene, random) {
      await fill(scene, random);
      const client = await scene.join(random, 'brawl');
      if (client === null) return 0;
      const big = client.files.toSorted((a, b) => b.units - a.units)[0];
      client.raw.deafen();
      let sent = 0;
      for (; sent < 200 && client.raw.isOpen; sent++) {
        if (random.oneIn(2))
          void client.ask('check', JSON.stringify({ file: big?.id, version: big?.version, hash: 1 }));
        else client.command('{"kind":"role.request"}', 1 + random.below(client.clientSeq + 1));
        if (sent % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      client.end();
      return sent;
    },
  },
  {
    kind: 'deaf listeners',
    weight: 2,
    async run(scene, random) {
      const deaf = await Promise.all(Array.from({ length: 5 }, () => scene.join(random, 'arena')));
      for (const client of deaf) client?.raw.deafen();
      const loud = await scene.join(random, 'arena');
      const listening = deaf.filter((client) => client !== null).length;
      const count = loud === null || listening === 0 ? 0 : 60;
      for (let i = 0; i < count; i++) loud!.command(someBody(scene, random, loud!));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      for (const client of [...deaf, loud]) client?.end();
      return count * listening;
    },
  },
  {
    kind: 'half messages',
    weight: 2,
    async run(scene, random) {
      const clients = await Promise.all(
        Array.from({ length: 8 }, () =>
          random.oneIn(2) ? scene.enter(random, null) : scene.join(random, 'arena'),
        ),
      );
      const part = Buffer.alloc(random.pick([1_000, 1_000_000, 6_000_000]), 'x');
      for (const client of clients) client?.raw.write(frame(OPCODES.text, part, { claim: 8_000_000 }));
      await Promise.all(
        clients.map((client) =>
          Promise.race([client?.raw.flushed(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]),
        ),
      );
      for (const client of clients) client?.end();
      return clients.filter((client) => client !== null).length;
    },
  },
  {
    kind: 'held connections',
    weight: 1,
    async run(scene, random) {
      const half = '/socket.io/?EIO=4&transport=websocket';
      const raws = Array.from(
        { length: 40 },
        () =>
          new RawSocket(
            scene.cast.address,
            half,
            { 'X-Forwarded-For': scene.network(random) },
            () => undefined,
          ),
      );
      const statuses = await Promise.all(raws.map((raw) => raw.status));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      for (const raw of raws) raw.end();
      return statuses.filter((status) => status === 101).length;
    },
  },
];

export type Crowd = {
  readonly letIn: number;
  /** Told why not, in a refusal or its sentence. */
  readonly refused: number;
  readonly leftWithoutAWord: number;
};

/** Connections of a crowd that come at the same time. */
const CROWD_AT_ONCE = 50;

/** Many connections from one address, each of which wants in and stays until all have come. */
export async function crowd(scene: Scene, random: Random, count: number): Promise<Crowd> {
  const address = `192.0.2.${random.below(250)}`;
  const clients: HostileClient[] = [];
  let letIn = 0;
  while (clients.length < count) {
    const some = Array.from({ length: Math.min(CROWD_AT_ONCE, count - clients.length) }, () =>
      scene.connectFrom(address, random.pick(scene.everyone)),
    );
    clients.push(...some);
    const entered = await Promise.all(some.map((client) => client.enter()));
    letIn += entered.filter(Boolean).length;
  }
  const refused = clients.filter(({ refusedEntry }) => refusedEntry).length;
  for (const client of clients) client.end();
  return { letIn, refused, leftWithoutAWord: count - letIn - refused };
}
