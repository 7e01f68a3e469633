// What a command says, with things in it that no page sends.
import { LIMITS, RUNNER_LIMITS } from '@codesync/protocol';
import type { HostileClient } from '../hostile-client.ts';
import type { Random } from '../random.ts';
import type { Scene } from '../scene.ts';
import { mutated, NAMES, wild, wildNumber } from '../values.ts';

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
