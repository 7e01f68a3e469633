// What a person may do changes while they are doing it.
import type { Input } from '../input.ts';
import { someBody } from './bodies.ts';

export const ROLE_INPUTS: readonly Input[] = [
  {
    kind: 'roles changed in mid-flight',
    weight: 6,
    async run(scene, random) {
      const who = random.pick(scene.cast.members);
      const client = await scene.enter(random, who);
      if (client === null) return 0;
      if (!(await client.join(scene.cast.arena.id, random.pick(who.clients), null))) {
        client.end();
        return 0;
      }
      const participant = who.person.participant.id;
      const count = 20 + random.below(60);
      for (let i = 0; i < count; i++) {
        if (random.oneIn(8))
          scene.cast.hana.command({
            kind: 'member.role',
            participant,
            role: random.pick(['editor', 'viewer']),
          });
        if (random.oneIn(30)) scene.cast.hana.command({ kind: 'link.revoke', role: 'viewer' });
        client.command(someBody(scene, random, client));
        if (random.oneIn(10)) await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.race([client.settled(), client.raw.closed]);
      client.end();
      return count;
    },
  },
  {
    kind: 'removed in mid-flight',
    weight: 1,
    async run(scene, random) {
      const who = await scene.recruit(random);
      const client = who === null ? null : await scene.enter(random, who);
      if (client === null) return 0;
      const secret = scene.cast.arena.links.editor;
      const joined = await client.join(scene.cast.arena.id, who!.clients[0]!, secret);
      const count = joined ? 30 : 0;
      const { id } = who!.person.participant;
      for (let i = 0; i < count; i++) {
        if (i === 15) scene.cast.hana.command({ kind: 'member.remove', participant: id });
        client.command(someBody(scene, random, client));
      }
      await Promise.race([client.settled(), client.raw.closed]);
      if (joined && (await client.join(scene.cast.arena.id, who!.clients[1]!, secret))) {
        scene.cast.judge.breach('somebody removed has come in again by a link');
      }
      client.end();
      return count;
    },
  },
  {
    kind: 'locked in mid-flight',
    weight: 1,
    async run(scene, random) {
      scene.cast.hana.command({ kind: 'room.lock', locked: true });
      const client = await scene.join(random, 'arena');
      if (client !== null) {
        for (let i = 0; i < 10; i++) client.command(someBody(scene, random, client));
        await Promise.race([client.settled(), client.raw.closed]);
        client.end();
      }
      scene.cast.hana.command({ kind: 'room.lock', locked: false });
      return client === null ? 0 : 10;
    },
  },
];
