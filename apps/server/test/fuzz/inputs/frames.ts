// Below the protocol: handshakes, frames and packets that are not what they should be.
import type { Input } from '../input.ts';
import type { Random } from '../random.ts';
import { frame, OPCODES, RawSocket } from '../raw-socket.ts';
import type { Scene } from '../scene.ts';
import { deep, wild } from '../values.ts';

const PATIENCE_MS = 3_000;

/** Waits until the connection ends, or for as long as anyone would. */
function ended(raw: RawSocket): Promise<unknown> {
  return Promise.race([raw.closed, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
}

const QUERIES = [
  '',
  '?EIO=4',
  '?EIO=3&transport=websocket',
  '?EIO=4&transport=polling',
  '?EIO=4&transport=__proto__',
  '?EIO=4&transport=constructor',
  '?EIO=4&transport=websocket&sid=__proto__',
  '?EIO=4&transport=websocket&sid=',
  '?EIO=4&transport=websocket&sid=x&sid=y',
  '?EIO=4&transport=websocket&b64=1&j=0',
  '?EIO=NaN&transport=websocket',
  '?EIO[__proto__]=4&transport[]=websocket',
  '?EIO=4&transport=websocket&%',
];

const WILD_HANDSHAKES: readonly Readonly<Record<string, string>>[] = [
  { 'Sec-WebSocket-Version': '12' },
  { 'Sec-WebSocket-Version': '99' },
  { 'Sec-WebSocket-Key': 'short' },
  { 'Sec-WebSocket-Key': '' },
  { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits=99' },
  { 'Sec-WebSocket-Extensions': ',,,;;=' },
  { 'Sec-WebSocket-Protocol': ', ,' },
  { Upgrade: 'h2c' },
  { Origin: 'https://evil.example' },
  { Origin: 'null' },
  { Origin: 'not an origin' },
  { Host: '' },
  { 'Content-Length': '10' },
  { 'Transfer-Encoding': 'chunked' },
];

/** Bytes that are sent once the handshake is through. */
const WILD_FRAMES: readonly ((random: Random) => Buffer)[] = [
  (random) => frame(random.pick([3, 4, 7, 11, 15]), random.bytes(random.below(100))),
  () => frame(OPCODES.text, Buffer.from('40'), { masked: false }),
  (random) => frame(OPCODES.text, Buffer.from('40'), { reserved: 1 + random.below(7) }),
  () => frame(OPCODES.continuation, Buffer.from('40')),
  () =>
    Buffer.concat([
      frame(OPCODES.text, Buffer.from('4'), { fin: false }),
      frame(OPCODES.text, Buffer.from('0'), { fin: true }),
    ]),
  () => frame(OPCODES.ping, Buffer.alloc(126)),
  () => frame(OPCODES.ping, Buffer.alloc(10), { fin: false }),
  (random) =>
    frame(
      OPCODES.close,
      random.pick([
        Buffer.alloc(1),
        Buffer.from([0, 0]),
        Buffer.from([0x03, 0xed]),
        Buffer.from([0x0f, 0xff, 0xff]),
      ]),
    ),
  () => frame(OPCODES.text, Buffer.from([0xff, 0xfe, 0xc0, 0x80])),
  () => frame(OPCODES.text, Buffer.from([0xed, 0xa0, 0x80])),
  () => frame(OPCODES.text, Buffer.from('4'), { claim: Number.MAX_SAFE_INTEGER }),
  () => frame(OPCODES.text, Buffer.from('4'), { claim: 9_000_001 }),
  () => frame(OPCODES.text, Buffer.from('4'), { claim: 8_999_999 }),
  () => frame(OPCODES.text, Buffer.alloc(0)),
  (random) => random.bytes(random.below(5_000)),
  (random) =>
    Buffer.concat([
      frame(OPCODES.text, Buffer.from('4'), { fin: false }),
      ...Array.from({ length: random.pick([10, 20_000]) }, () =>
        frame(OPCODES.continuation, Buffer.from('2'), { fin: false }),
      ),
    ]),
  (random) => frame(OPCODES.binary, random.bytes(random.below(5_000))),
];

/** Packets of Engine.IO and Socket.IO that are not what a page sends, as the text of a message. */
const WILD_PACKETS: readonly ((random: Random) => string)[] = [
  (random) =>
    random.pick([
      '',
      '0',
      '1',
      '2',
      '2probe',
      '3',
      '3probe',
      '4',
      '5',
      '6',
      '7',
      '9',
      'x',
      'b',
      'bAAAA',
      '\u0000',
    ]),
  (random) => `4${random.below(10)}`,
  (random) => `4${random.below(10)}${wild(random)}`,
  (random) =>
    `4${random.below(10)}/${random.pick(['', 'admin', '__proto__', '../', 'x'.repeat(5_000)])},${wild(random)}`,
  (random) => `40${wild(random)}`,
  () => '40{"sid":"__proto__","pid":"x","offset":"y"}',
  () => '44{"message":"x"}',
  (random) => `42${random.pick(['99999999999999999999', '-1', '1.5', '00', '1e9', '\u0661'])}["join",{}]`,
  (random) => `43${random.below(1_000)}${wild(random)}`,
  (random) =>
    `45${random.pick(['1', '2', '10', '11', '9999999999', '-1', 'x', '1.5', ''])}-["command",{"_placeholder":true,"num":${wild(random, 1)}}]`,
  (random) => `46${random.pick(['1', '3'])}-0[{"_placeholder":true,"num":0}]`,
  (random) =>
    `42["${random.pick(['error', 'connect', 'disconnect', 'disconnecting', 'newListener', 'removeListener', 'message', 'join', '__proto__', 'constructor'])}",${wild(random)}]`,
  (random) => `42[${wild(random)}]`,
  (random) => `42["command",${deep(random, 100_000)}]`,
  (random) => `42${deep(random, 100_000)}`,
  (random) => `451-["command",${deep(random, 50_000)}]`,
];

export const FRAME_INPUTS: readonly Input[] = [
  {
    kind: 'handshake',
    weight: 4,
    async run(scene, random) {
      const client = scene.connect(random, null, `/socket.io/${random.pick(QUERIES)}`);
      const status = await client.raw.status;
      client.end();
      return status === 0 ? 0 : 1;
    },
  },
  {
    kind: 'handshake headers',
    weight: 3,
    async run(scene, random) {
      const fields: Record<string, string> = {
        'X-Forwarded-For': scene.network(random),
        Cookie: random.pick(scene.cast.forged),
        ...random.pick(WILD_HANDSHAKES),
      };
      const raw = new RawSocket(scene.cast.address, '/socket.io/?EIO=4&transport=websocket', fields, (text) =>
        scene.cast.judge.heard('handshake', text),
      );
      const status = await Promise.race([raw.status, ended(raw).then(() => 0)]);
      if (status >= 500)
        scene.cast.judge.breach(`a handshake with ${JSON.stringify(fields)} fails with ${status}`);
      if (status === 101 && /evil|null|not an/.test(fields.Origin ?? ''))
        scene.cast.judge.breach(`a socket for ${fields.Origin}`);
      raw.end();
      return status === 0 ? 0 : 1;
    },
  },
  {
    kind: 'frames',
    weight: 8,
    async run(scene, random) {
      const client = await scene.enter(random, random.pick([null, ...scene.everyone]));
      if (client === null) return 0;
      const count = 1 + random.below(4);
      for (let i = 0; i < count; i++) client.raw.write(random.pick(WILD_FRAMES)(random));
      await client.raw.flushed();
      if (random.oneIn(3)) await ended(client.raw);
      client.end();
      return count;
    },
  },
  {
    kind: 'packets',
    weight: 12,
    async run(scene, random) {
      const client = random.oneIn(2)
        ? await scene.join(random, 'arena')
        : await scene.enter(random, random.pick([null, ...scene.everyone]));
      if (client === null) return 0;
      const count = 1 + random.below(6);
      for (let i = 0; i < count; i++) {
        if (random.oneIn(6)) client.raw.frame(OPCODES.binary, random.bytes(random.below(200)));
        client.raw.text(random.pick(WILD_PACKETS)(random));
      }
      await Promise.race([client.settled(), ended(client.raw)]);
      client.end();
      return count;
    },
  },
  {
    kind: 'packets before the namespace',
    weight: 4,
    async run(scene, random) {
      const client = scene.connect(random, random.pick([null, ...scene.everyone]));
      if ((await client.raw.status) !== 101) return 0;
      const count = 1 + random.below(4);
      for (let i = 0; i < count; i++) client.raw.text(random.pick(WILD_PACKETS)(random));
      await client.raw.flushed();
      client.end();
      return count;
    },
  },
];

/** The namespace entered many times at once, or many that there are not. */
export async function enterOften(scene: Scene, random: Random, count: number, path = ''): Promise<number> {
  const client = scene.connect(random, null);
  if ((await client.raw.status) !== 101) return 0;
  client.raw.write(
    Buffer.concat(Array.from({ length: count }, () => frame(OPCODES.text, Buffer.from(`40${path}`)))),
  );
  await client.raw.flushed();
  await ended(client.raw);
  client.end();
  return count;
}
