// Well-formed packets with things in them that no page sends.
import { LIMITS, PROTOCOL_VERSION } from '@codesync/protocol';
import type { Input } from '../input.ts';
import { mutated, STRINGS, wild, wildNumber } from '../values.ts';
import { someBody } from './bodies.ts';
import { burst, quiet } from './burst.ts';

const EVENTS = [
  'join',
  'command',
  'presence',
  'terminal',
  'call',
  'signal',
  'check',
  'runs',
  'format',
  'rtt',
  'log',
  'events',
  'refused',
  'dismissed',
  '__proto__',
];

export const MESSAGE_INPUTS: readonly Input[] = [
  {
    kind: 'messages of any kind',
    weight: 10,
    run: (scene, random) =>
      burst(
        random.oneIn(3)
          ? scene.enter(random, random.pick([null, ...scene.everyone]))
          : scene.join(random, 'arena'),
        random,
        30,
        (client) => {
          const parameters = Array.from({ length: random.below(4) }, () => wild(random));
          if (random.oneIn(3)) void client.ask(random.pick(EVENTS), ...parameters);
          else client.emit(random.pick(EVENTS), ...parameters);
        },
      ),
  },
  {
    kind: 'commands',
    weight: 20,
    run: (scene, random) =>
      burst(
        random.oneIn(6)
          ? scene.enter(random, random.pick([null, ...scene.cast.strangers]))
          : scene.join(random, random.oneIn(3) ? 'brawl' : 'arena'),
        random,
        60,
        (client) => client.command(someBody(scene, random, client)),
      ),
  },
  {
    kind: 'commands of somebody in no room',
    weight: 3,
    run: (scene, random) =>
      burst(scene.enter(random, random.pick(scene.everyone)), random, 20, (client) =>
        client.command('{"kind":"role.request"}'),
      ),
  },
  {
    kind: 'commands beyond their rate',
    weight: 2,
    async run(scene, random) {
      const client = await scene.join(random, 'arena');
      if (client === null) return 0;
      const count = LIMITS.commandsBurst + 300 + random.below(300);
      for (let i = 0; i < count; i++) client.command(someBody(scene, random, client));
      await quiet(client);
      return count;
    },
  },
  {
    kind: 'commands replayed and out of order',
    weight: 10,
    async run(scene, random) {
      const client = await scene.join(random, 'arena');
      if (client === null) return 0;
      const count = 1 + random.below(60);
      const first = client.clientSeq + 1;
      const bodies = Array.from({ length: 8 }, () => someBody(scene, random, client));
      for (let i = 0; i < count; i++) {
        const seq = random.oneIn(8) ? wildNumber(random) : String(Math.max(1, first + random.below(20) - 8));
        client.command(random.pick(bodies), seq);
      }
      await quiet(client);
      return count;
    },
  },
  {
    kind: 'joins',
    weight: 10,
    async run(scene, random) {
      const who = random.pick([null, ...scene.everyone]);
      const client = await scene.enter(random, who);
      if (client === null) return 0;
      const { place, host } = random.pick(scene.cast.hidden);
      const count = 1 + random.below(4);
      for (let i = 0; i < count; i++) {
        const request = {
          protocol: random.oneIn(10) ? random.below(1_000) : PROTOCOL_VERSION,
          room: random.pick([place.id, scene.cast.arena.id, scene.cast.brawl.id, 'A'.repeat(22)]),
          client: random.pick([
            ...(who?.clients ?? []),
            scene.cast.hana.client,
            scene.cast.gus.client,
            host.client,
            random.pick(scene.everyone).clients[0],
            'propertyIsEnumerable',
          ]),
          secret: random.pick([
            null,
            '',
            scene.cast.revoked,
            scene.cast.arena.links.viewer,
            scene.cast.brawl.links.editor,
            random.id(22),
          ]),
          since: random.pick([null, 0, 1, 10, 1_000_000, Number.MAX_SAFE_INTEGER]),
          pending: Array.from({ length: random.pick([0, 1, 3, 200]) }, () => ({
            file: random.pick([
              client.files[0]?.id ?? 'no-file-here',
              scene.cast.hana.file(),
              host.file(),
              '__proto__',
            ]),
            version: random.pick([0, 1, 1_000_000]),
          })),
        };
        const text = random.oneIn(3) ? mutated(random, request) : JSON.stringify(request);
        if (random.oneIn(3)) client.emit('join', text);
        else void client.ask('join', text);
        if (random.oneIn(2)) client.command(someBody(scene, random, client));
      }
      await quiet(client);
      return count;
    },
  },
  {
    kind: 'client ids of others',
    weight: 4,
    async run(scene, random) {
      const who = random.pick(scene.cast.members);
      const client = await scene.enter(random, who);
      if (client === null) return 0;
      const victim = random.pick([scene.cast.hana, scene.cast.gus]);
      if (await client.join(scene.cast.arena.id, victim.client, null)) {
        scene.cast.judge.breach(`${who.name} has joined as a client of somebody else`);
      }
      client.command(someBody(scene, random, client), victim.nextSeq);
      await quiet(client);
      return 2;
    },
  },
  {
    kind: 'text that is no text',
    weight: 4,
    async run(scene, random) {
      const client = await scene.join(random, 'brawl');
      if (client === null) return 0;
      const file = `text-${random.below(20)}-file`;
      client.command(
        `{"kind":"file.create","file":"${file}","path":"t/${random.below(30)}.py","text":${random.pick(STRINGS)}}`,
      );
      const count = 1 + random.below(20);
      for (let i = 0; i < count; i++) {
        const op = random.pick([
          `[${random.pick(STRINGS)}]`,
          `[1,${random.pick(STRINGS)}]`,
          '[-1]',
          '[1,-1]',
          '["x",-1]',
        ]);
        client.command(`{"kind":"edit","file":"${file}","base":${random.below(20)},"op":${op}}`);
      }
      client.command(`{"kind":"file.delete","file":"${file}"}`);
      await quiet(client);
      return count + 2;
    },
  },
  {
    kind: 'large',
    weight: 1,
    async run(scene, random) {
      const client = await scene.join(random, random.oneIn(2) ? 'brawl' : 'arena');
      if (client === null) return 0;
      const big = 'x'.repeat(random.pick([200_000, 1_900_000, 2_100_000, 8_900_000, 9_100_000]));
      const components = Array.from({ length: random.pick([90_000, 110_000]) }, (_, i) =>
        i % 2 === 0 ? 1 : '"y"',
      );
      const body = random.pick([
        () =>
          `{"kind":"file.create","file":"${random.id(12)}","path":"../${big.slice(0, 100)}","text":"${big}"}`,
        () => `{"kind":"edit","file":"${random.id(12)}","base":0,"op":["${big}"]}`,
        () => `{"kind":"edit","file":"${client.files[0]?.id}","base":0,"op":[${components.join(',')}]}`,
        () => `{"kind":"member.update","name":"${big}","hue":1}`,
        () => `{"kind":"run.input","run":"${random.id(12)}","text":"${big}","eof":false}`,
      ])();
      client.command(body);
      await quiet(client);
      return 1;
    },
  },
];
