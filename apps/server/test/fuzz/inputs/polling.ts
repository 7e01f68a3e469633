// Long polling as no page does it: the requests of one connection, and what is in them.
import { POLLING_HEADER, PROTOCOL_VERSION } from '@codesync/protocol';
import { filesOf, type SeenFile } from '../hostile-client.ts';
import type { Input } from '../input.ts';
import type { Random } from '../random.ts';
import type { Hostile, Scene } from '../scene.ts';
import { wild } from '../values.ts';
import { someFrame } from './edit-frames.ts';

const PATH = '/socket.io/?EIO=4&transport=polling';
const ANSWER_MS = 10_000;
/** Between the packets of one request. */
const SEPARATOR = '\x1e';

/** A connection that polls; what comes over it is shown to the judge. */
class Poller {
  readonly #scene: Scene;
  readonly #headers: Readonly<Record<string, string>>;
  #target = PATH;
  #heard = '';
  /** Files of the room that it is in. */
  files: SeenFile[] = [];
  clientSeq = 0;

  constructor(scene: Scene, random: Random, who: Hostile) {
    this.#scene = scene;
    this.#headers = {
      'X-Forwarded-For': scene.network(random),
      Cookie: who.person.cookie,
      [POLLING_HEADER]: 'fuzz',
    };
  }

  /** Its status, 0 when there was no answer. */
  async send(method: 'GET' | 'POST', body: string | null, target = this.#target): Promise<number> {
    try {
      const response = await fetch(`${this.#scene.cast.address}${target}`, {
        method,
        headers: this.#headers,
        body,
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const text = await response.text();
      this.#scene.cast.judge.heard('somebody who polls', text);
      if (response.status >= 500) this.#scene.cast.judge.breach(`a request that polls fails: ${text}`);
      this.#heard += text;
      return response.status;
    } catch {
      return 0;
    }
  }

  /** Opens the connection and enters the namespace. */
  async enter(): Promise<boolean> {
    if ((await this.send('GET', null)) !== 200) return false;
    const [, sid] = /"sid":"([^"]+)"/.exec(this.#heard) ?? [];
    if (sid === undefined) return false;
    this.#target = `${PATH}&sid=${sid}`;
    return (await this.send('POST', '40')) === 200 && (await this.send('GET', null)) === 200;
  }

  async join(room: string, client: string): Promise<boolean> {
    const request = { protocol: PROTOCOL_VERSION, room, client, secret: null, since: null, pending: [] };
    if ((await this.send('POST', `420["join",${JSON.stringify(request)}]`)) !== 200) return false;
    for (;;) {
      this.#heard = '';
      if ((await this.send('GET', null)) !== 200) return false;
      const answer = this.#heard.split(SEPARATOR).find((packet) => packet.startsWith('430'));
      if (answer === undefined) continue;
      const [reply] = JSON.parse(answer.slice(3));
      if (!reply.ok) return false;
      this.files = filesOf(reply);
      this.clientSeq = reply.lastClientSeq;
      return true;
    }
  }

  leave(): Promise<number> {
    return this.send('POST', '41');
  }
}

/** A member of the arena in the arena, by polling; null when not let in. */
async function poll(scene: Scene, random: Random): Promise<Poller | null> {
  const who = random.pick(scene.cast.members);
  const poller = new Poller(scene, random, who);
  if (!(await poller.enter())) return null;
  if (await poller.join(scene.cast.arena.id, random.pick(who.clients))) return poller;
  await poller.leave();
  return null;
}

/** The packet of Engine.IO that carries these bytes. */
function base64(bytes: Buffer): string {
  return `b${bytes.toString('base64')}`;
}

/** What a body holds that no page sends. */
function wildPacket(random: Random): string {
  return random.pick([
    'b',
    'b=',
    'b%%%%',
    `b${'A'.repeat(random.below(5))}`,
    base64(random.bytes(random.below(50))),
    SEPARATOR,
    '',
    '4',
    '45',
    '451-["command",{"_placeholder":true,"num":0}]',
    `42["command",${wild(random)}]`,
    `42["edit",${wild(random)}]`,
    random.bytes(random.below(30)).toString('latin1'),
  ]);
}

export const POLLING_INPUTS: readonly Input[] = [
  {
    kind: 'polled edit frames',
    weight: 4,
    async run(scene, random) {
      const poller = await poll(scene, random);
      if (poller === null) return 0;
      let sent = 0;
      for (let i = 1 + random.below(4); i > 0; i--) {
        const packets = Array.from({ length: 1 + random.below(10) }, () =>
          base64(someFrame(scene, random, poller)),
        );
        sent += packets.length;
        const status = await poller.send('POST', packets.join(SEPARATOR));
        if (status !== 200) scene.cast.judge.breach(`a frame that is no edit ended a poll with ${status}`);
        if (random.oneIn(2)) await poller.send('POST', '42["rtt"]');
      }
      await poller.leave();
      return sent;
    },
  },
  {
    kind: 'polled packets',
    weight: 4,
    async run(scene, random) {
      const poller = await poll(scene, random);
      if (poller === null) return 0;
      const packets = Array.from({ length: 1 + random.below(5) }, () => wildPacket(random));
      await poller.send('POST', packets.join(SEPARATOR));
      await poller.leave();
      return packets.length;
    },
  },
  {
    kind: 'polls at once',
    weight: 2,
    async run(scene, random) {
      const poller = await poll(scene, random);
      if (poller === null) return 0;
      const methods = Array.from({ length: 2 + random.below(4) }, () =>
        random.pick(['GET', 'POST'] as const),
      );
      await Promise.all(
        methods.map((method) =>
          poller.send(method, method === 'GET' ? null : base64(someFrame(scene, random, poller))),
        ),
      );
      await poller.leave();
      return methods.length;
    },
  },
];
