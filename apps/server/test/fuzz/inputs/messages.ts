// Well-formed packets with things in them that no page sends.
import { LIMITS, PROTOCOL_VERSION, RUNNER_LIMITS } from '@codesync/protocol';
import type { HostileClient } from '../hostile-client.ts';
import type { Input } from '../input.ts';
import type { Random } from '../random.ts';
import type { Scene } from '../scene.ts';
import { mutated, NAMES, STRINGS, wild, wildNumber } from '../values.ts';

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

/** A file id: one that the client sees, one of another room, or none of anybody's. */
export function someFile(scene: Scene, random: Random, client: Pick<HostileClient, 'files'>): string {
  const { host } = random.pick(scene.cast.hidden);
  return random.pick([
    client.files[0]?.id ?? 'no-file-here',
    random.pick(client.files)?.id ?? 'no-file-here',
    host.file(),
    random.id(12),
    random.pick(NAMES.filter(({ length }) => length >= 8)),
  ]);
}

/** An operation as JSON: mostly canonical, seldom one that fits. */
function someOp(random: Random, units: number): string {
  const at = random.below(units + 5);
  const text = JSON.stringify(`f${random.below(100)}`);
  return random.pick([
    `[${text}]`,
    at === 0 ? `[${text}]` : `[${at},${text}]`,
    at === 0 ? '[-1]' : `[${at},-1]`,
    `[${text},-${1 + random.below(units + 5)}]`,
    '[1000000,"x"]',
    '[-9007199254740991]',
    '[9007199254740991,"x"]',
    '[9007199254740991,-9007199254740991]',
    '[]',
    '[0]',
    '["a","b"]',
    '["\\ud83d"]',
    '["\\r"]',
    '[1,"\\udc00"]',
    '[1e999]',
    `[${wild(random, 1)}]`,
    wild(random),
    `[${Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? '1' : '"y"')).join(',')}]`,
  ]);
}

/** What a program is given: too much of it, names that no variable has, and files that may not be there. */
function someSetup(random: Random, file: string): Readonly<Record<string, unknown>> {
  const name = random.pick(['FUZZ', '__proto__', '', '1A', 'A=B', 'LD_PRELOAD', 'a\0', 'é']);
  const value = random.pick(['', 'x', '\0', 'x'.repeat(RUNNER_LIMITS.envBytes + 1)]);
  return {
    args: Array.from({ length: random.pick([0, 1, 3, RUNNER_LIMITS.args + 1, 2_000]) }, () =>
      random.pick(['', '--help', '\0', '../..', 'x'.repeat(random.below(2_000))]),
    ),
    env: Array.from({ length: random.pick([0, 1, 2, RUNNER_LIMITS.env + 1]) }, () => ({ name, value })),
    stdin: random.oneIn(2) ? null : file,
    workFolder: random.pick(['room', 'entry', '/']),
  };
}

/** A command's body as JSON; nothing in it deletes a file that somebody honest works in. */
export function someBody(scene: Scene, random: Random, client: HostileClient): string {
  const file = someFile(scene, random, client);
  const own = `fuzz-${random.below(40)}-file`;
  const configuration = random.pick([`fuzz-${random.below(40)}-configuration`, '__proto__', random.id(22)]);
  const somebody = random.pick([
    ...scene.everyone.map(({ person }) => person.participant.id),
    scene.cast.hidden[0]!.host.person.participant.id,
    random.id(22),
    '__defineGetter__',
  ]);
  const seen = client.files.find(({ id }) => id === file);
  const base = random.pick([
    seen?.version ?? 0,
    0,
    (seen?.version ?? 0) + 1,
    1_000_000,
    Number.MAX_SAFE_INTEGER,
  ]);
  const bodies: readonly Readonly<Record<string, unknown>>[] = [
    {
      kind: 'file.create',
      file: own,
      path: `fuzz/${random.below(60)}.py`,
      text: 'x'.repeat(random.below(500)),
    },
    {
      kind: 'file.create',
      file,
      path: random.pick(['main.py', 'fuzz', 'FUZZ/1.PY', '../x', 'a/b/c/d']),
      text: '',
    },
    {
      kind: random.pick(['file.upload', 'file.replace']),
      file: random.pick([own, file]),
      path: random.pick(['fuzz/a.png', 'main.py', '../x']),
      blob: random.pick(['0'.repeat(64), 'A'.repeat(64), '', '__proto__', 7]),
    },
    { kind: 'file.rename', file: own, path: `fuzz/${random.below(60)}.go` },
    {
      kind: 'file.language',
      file: random.pick([own, file]),
      language: random.pick([null, 'python', 'go', 'markdown', 'klingon', '__proto__', '']),
    },
    { kind: 'file.delete', file: own },
    { kind: 'file.restore', file: random.pick([own, file]) },
    { kind: 'run.start', entry: file },
    { kind: 'run.start', entry: file, setup: someSetup(random, file) },
    { kind: 'run.start', configuration },
    { kind: 'run.start', entry: file, configuration },
    {
      kind: random.pick(['configuration.create', 'configuration.change']),
      configuration,
      name: random.pick(['Fuzz', '  ', 'x'.repeat(LIMITS.configurationNameUnits + 1), '__proto__']),
      entry: file,
      ...someSetup(random, file),
    },
    { kind: 'configuration.delete', configuration },
    { kind: 'configuration.pin', configuration: random.oneIn(3) ? null : configuration },
    { kind: 'run.stop', run: random.id(22) },
    { kind: 'run.input', run: random.id(22), text: 'x', eof: false },
    {
      kind: 'terminal.open',
      terminal: `fuzz-terminal-${random.below(12)}`,
      name: random.pick(['sh', ' ', 'x'.repeat(41)]),
    },
    { kind: 'terminal.rename', terminal: `fuzz-terminal-${random.below(12)}`, name: 'renamed' },
    { kind: 'terminal.lock', terminal: `fuzz-terminal-${random.below(12)}`, locked: random.oneIn(2) },
    { kind: 'terminal.restart', terminal: `fuzz-terminal-${random.below(12)}` },
    { kind: 'terminal.close', terminal: random.pick([`fuzz-terminal-${random.below(12)}`, '__proto__']) },
    {
      kind: 'comment.open',
      comment: `fuzz-comment-${random.below(20)}`,
      file: random.pick([own, file]),
      version: random.pick([0, 1, random.below(100), -1, Number.MAX_SAFE_INTEGER]),
      start: random.pick([0, random.below(50), 1e9, -1]),
      end: random.pick([0, 3, random.below(50), 1e9, 0.5]),
      text: random.pick(['why?', ' ', 'x'.repeat(LIMITS.commentUnits + 1), '<img src=x onerror=alert(1)>']),
    },
    {
      kind: random.pick([
        'comment.reply',
        'comment.edit',
        'comment.delete',
        'comment.resolve',
        'comment.reopen',
      ]),
      thread: random.pick([`fuzz-comment-${random.below(20)}`, '__proto__']),
      ...(random.oneIn(3) ? {} : { comment: `fuzz-comment-${random.below(20)}` }),
      ...(random.oneIn(3) ? {} : { text: random.pick(['so', '', '\ud800']) }),
    },
    {
      kind: random.pick(['chat.send', 'chat.edit']),
      message: random.pick([`fuzz-message-${random.below(12)}`, '__proto__', random.id(22)]),
      text: random.pick([
        '<img src=x onerror=alert(1)>',
        ' ',
        '\0',
        'x'.repeat(LIMITS.chatUnits + 1),
        '[x](javascript:1)',
      ]),
      ...(random.oneIn(3) ? { hosts: random.pick([true, false, 'yes']) } : {}),
      ...(random.oneIn(2)
        ? {}
        : {
            place: {
              file,
              version: base,
              from: random.below(9),
              to: random.pick([0, 5, 1e6, Number.MAX_SAFE_INTEGER]),
            },
          }),
    },
    { kind: 'chat.delete', message: `fuzz-message-${random.below(12)}` },
    {
      kind: 'chat.react',
      message: `fuzz-message-${random.below(12)}`,
      reaction: random.pick(['👍', '💣', '__proto__', '']),
      on: random.oneIn(2),
    },
    { kind: 'driver.set', driver: random.pick([null, somebody, random.id(22), '__proto__']) },
    { kind: 'timer.start', minutes: random.pick([1, 120, 121, 0, -1, 0.5, '15']) },
    { kind: random.pick(['timer.pause', 'timer.resume', 'timer.stop', 'timer.end']) },
    { kind: 'member.update', name: `F${random.below(100)}`, hue: random.below(12) },
    { kind: 'member.role', participant: somebody, role: random.pick(['host', 'editor', 'viewer']) },
    { kind: 'member.remove', participant: random.id(22) },
    { kind: 'role.request' },
    { kind: 'entry.pin', file: random.oneIn(3) ? null : file },
    { kind: 'folder.create', path: random.pick(['fuzz', 'fuzz/sub', 'Fuzz/sub', 'main.py', '../x']) },
    {
      kind: 'folder.move',
      from: random.pick(['fuzz', 'fuzz/sub', 'fuzz2', 'main.py', '..']),
      to: random.pick(['fuzz', 'fuzz/sub', 'fuzz/sub/deep', 'fuzz2', 'FUZZ2', 'main.py', '..']),
    },
    { kind: 'folder.delete', path: random.pick(['fuzz', 'fuzz/sub', 'fuzz2', 'main.py', '']) },
    { kind: 'folder.restore', path: random.pick(['fuzz', 'fuzz/sub', 'fuzz2', 'main.py']) },
    { kind: 'workFolder.set', folder: random.pick(['room', 'entry', '../..']) },
    { kind: 'room.rename', name: 'fuzzed' },
    { kind: 'room.lock', locked: false },
    { kind: 'link.revoke', role: random.pick(['editor', 'viewer']) },
  ];
  if (random.oneIn(2)) {
    return `{"kind":"edit","file":${JSON.stringify(file)},"base":${random.oneIn(4) ? wildNumber(random) : base},"op":${someOp(random, seen?.units ?? 0)}}`;
  }
  const body = random.pick(bodies);
  return random.oneIn(2) ? JSON.stringify(body) : mutated(random, body);
}

/** Waits until the server has answered, as long as it goes on answering at all. */
export async function quiet(client: HostileClient): Promise<void> {
  await Promise.race([client.settled(), new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
  client.end();
}

export const MESSAGE_INPUTS: readonly Input[] = [
  {
    kind: 'messages of any kind',
    weight: 10,
    async run(scene, random) {
      const client = random.oneIn(3)
        ? await scene.enter(random, random.pick([null, ...scene.everyone]))
        : await scene.join(random, 'arena');
      if (client === null) return 0;
      const count = 1 + random.below(30);
      for (let i = 0; i < count; i++) {
        const parameters = Array.from({ length: random.below(4) }, () => wild(random));
        if (random.oneIn(3)) void client.ask(random.pick(EVENTS), ...parameters);
        else client.emit(random.pick(EVENTS), ...parameters);
      }
      await quiet(client);
      return count;
    },
  },
  {
    kind: 'commands',
    weight: 20,
    async run(scene, random) {
      const client = random.oneIn(6)
        ? await scene.enter(random, random.pick([null, ...scene.cast.strangers]))
        : await scene.join(random, random.oneIn(3) ? 'brawl' : 'arena');
      if (client === null) return 0;
      const count = 1 + random.below(60);
      for (let i = 0; i < count; i++) client.command(someBody(scene, random, client));
      await quiet(client);
      return count;
    },
  },
  {
    kind: 'commands of somebody in no room',
    weight: 3,
    async run(scene, random) {
      const client = await scene.enter(random, random.pick(scene.everyone));
      if (client === null) return 0;
      const count = 1 + random.below(20);
      for (let i = 0; i < count; i++) client.command('{"kind":"role.request"}');
      await quiet(client);
      return count;
    },
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
    kind: 'presence and checks',
    weight: 8,
    async run(scene, random) {
      const client = await scene.join(random, 'arena');
      if (client === null) return 0;
      const count = 1 + random.below(40);
      for (let i = 0; i < count; i++) {
        const file = someFile(scene, random, client);
        const version = client.files.find(({ id }) => id === file)?.version ?? 0;
        const span = { anchor: random.below(1_000), head: Number.MAX_SAFE_INTEGER };
        const spans = Array.from({ length: random.below(LIMITS.cursors + 2) }, () => span);
        const presence = {
          clock: random.pick([1, i + 1, Number.MAX_SAFE_INTEGER]),
          cursors: random.oneIn(5) ? null : { file, version, spans },
          viewport: random.oneIn(3)
            ? null
            : {
                file,
                version,
                from: random.below(1_000),
                to: random.pick([0, 1e9, Number.MAX_SAFE_INTEGER]),
              },
          activity: {
            attention: random.pick(['active', 'idle', 'away']),
            terminal: null,
            watching: random.pick([null, 'fuzz-terminal-1']),
            following: random.pick([null, scene.cast.hana.person.participant.id]),
            speaking: true,
          },
        };
        const check = { file, version, hash: random.below(1_000_000) };
        const guide = random.pick([
          { kind: 'lead', on: random.oneIn(2) },
          {
            kind: 'bring',
            whom: random.pick([null, random.id(22)]),
            place: { file, version, at: span.head },
          },
        ]);
        if (random.oneIn(5))
          void client.ask('guide', random.oneIn(2) ? mutated(random, guide) : JSON.stringify(guide));
        else if (random.oneIn(2))
          client.emit('presence', random.oneIn(3) ? mutated(random, presence) : JSON.stringify(presence));
        else if (random.oneIn(4)) client.emit('check', mutated(random, check));
        else void client.ask('check', random.oneIn(3) ? mutated(random, check) : JSON.stringify(check));
      }
      await quiet(client);
      return count;
    },
  },
  {
    kind: 'terminals',
    weight: 6,
    async run(scene, random) {
      const client = await scene.join(random, random.pick(['arena', 'brawl']));
      if (client === null) return 0;
      const count = 1 + random.below(40);
      for (let i = 0; i < count; i++) {
        const terminal = `fuzz-terminal-${random.below(12)}`;
        const shell = random.pick([1, 1, 2, 0, Number.MAX_SAFE_INTEGER]);
        const size = { cols: random.pick([80, 2, 500, 501, -1]), rows: random.pick([24, 1, 300, 1e9]) };
        const message = random.pick<Readonly<Record<string, unknown>>>([
          { kind: 'watch', terminal, size },
          { kind: 'unwatch', terminal },
          { kind: 'size', terminal, size },
          {
            kind: 'type',
            terminal,
            shell,
            number: random.pick([1, 2, 3, 0, Number.MAX_SAFE_INTEGER]),
            text: random.pick(['x', 'exit 1\r', '\u0003', 'y'.repeat(16_001), '']),
          },
          { kind: 'read', terminal, shell, upTo: random.pick([0, 5, 1e6, Number.MAX_SAFE_INTEGER]) },
        ]);
        client.emit('terminal', random.oneIn(3) ? mutated(random, message) : JSON.stringify(message));
      }
      await quiet(client);
      return count;
    },
  },
  {
    kind: 'calls',
    weight: 6,
    async run(scene, random) {
      const client = await scene.join(random, random.pick(['arena', 'brawl']));
      if (client === null) return 0;
      const count = 1 + random.below(40);
      for (let i = 0; i < count; i++) {
        const session = random.pick(['fuzz-session-number-1', 'fuzz-session-number-2', '__proto__']);
        const media = { microphone: random.oneIn(2), camera: random.oneIn(2), screen: random.oneIn(2) };
        const to = random.pick(['fuzz-client-in-no-room', 'nobody-nobody-nobody', '__proto__']);
        const request = random.pick<Readonly<Record<string, unknown>>>([
          { ask: 'join', session, media },
          { ask: 'leave' },
          { ask: 'set', media: random.oneIn(2) ? media : {} },
          { ask: 'mute', client: to },
          { ask: 'renew' },
        ]);
        const signal = {
          to,
          session,
          generation: random.pick([1, 2, 0, -1, 1e6, Number.MAX_SAFE_INTEGER]),
          signal: random.pick<Readonly<Record<string, unknown>>>([
            { kind: 'description', type: 'offer', sdp: 'x'.repeat(random.pick([0, 9, 64_000, 64_001])) },
            { kind: 'candidate', candidate: 'c', sdpMid: null, sdpMLineIndex: -1, usernameFragment: null },
            { kind: 'restart' },
          ]),
        };
        const [event, message] = random.oneIn(2) ? ['call', request] : ['signal', signal];
        void client.ask(event, random.oneIn(3) ? mutated(random, message) : JSON.stringify(message));
      }
      await quiet(client);
      return count;
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
