// The states of a room worth looking at.
import { LANGUAGES, type ParticipantId, type RunEnd, type RunId } from '@codesync/protocol';
import { clientId, fileId, participantId, runId, terminalId } from '@codesync/protocol/testing';
import { FakeRoom, ME } from './fake-room.ts';

const GRACE = participantId('grace_00000000000000');
const LINUS = participantId('linus_00000000000000');

const SEARCH = `from bisect import bisect_left


def find(items: list[int], wanted: int) -> int | None:
    """The index of \`wanted\` in sorted \`items\`, or None."""
    at = bisect_left(items, wanted)
    if at < len(items) and items[at] == wanted:
        return at
    return None


if __name__ == "__main__":
    primes = [2, 3, 5, 7, 11, 13]
    for number in range(14):
        print(number, find(primes, number))
`;

function end(change: Partial<RunEnd>): RunEnd {
  return {
    reason: 'exit',
    exitCode: 0,
    signal: null,
    wallMs: 118,
    cpuMs: 31,
    peakBytes: 11_400_000,
    truncated: { stdout: 0, stderr: 0 },
    ...change,
  };
}

function base(role: 'host' | 'editor' | 'viewer' = 'host'): FakeRoom {
  const room = new FakeRoom(role);
  room.log({ kind: 'file.created', file: fileId('file-main'), path: 'main.py', text: SEARCH });
  room.log({
    kind: 'file.created',
    file: fileId('file-util'),
    path: 'lib/util.py',
    text: 'def twice(n):\n    return 2 * n\n',
  });
  room.log({ kind: 'file.created', file: fileId('file-read'), path: 'README.md', text: '# Binary search\n' });
  room.log({
    kind: 'file.created',
    file: fileId('file-deep'),
    path: 'lib/data/primes.txt',
    text: '2\n3\n5\n',
  });
  return room;
}

function withPeople(room: FakeRoom): FakeRoom {
  room.log(
    { kind: 'member.joined', participant: GRACE, name: 'Grace Hopper', hue: 1, role: 'editor' },
    GRACE,
  );
  room.log({ kind: 'member.joined', participant: LINUS, name: 'linus', hue: 4, role: 'viewer' }, LINUS);
  const cursor = {
    client: clientId('c1'),
    file: fileId('file-main'),
    spans: [{ anchor: 120, head: 134 }],
    typedAt: Date.now() + 60_000,
    viewer: false,
  };
  room.cursor({ ...cursor, participant: GRACE, name: 'Grace Hopper', hue: 1 });
  room.cursor({
    ...cursor,
    client: clientId('c2'),
    participant: LINUS,
    name: 'linus',
    hue: 4,
    file: fileId('file-util'),
    spans: [{ anchor: 3, head: 3 }],
  });
  return room;
}

function ran(
  room: FakeRoom,
  run: RunId,
  by: ParticipantId,
  output: ['stdout' | 'stderr', string][],
  how: RunEnd | null,
): void {
  const files = [{ file: fileId('file-main'), path: 'main.py', version: 42 }];
  room.log({ kind: 'run.started', run, language: 'python', entry: fileId('file-main'), files }, by);
  room.log({ kind: 'run.phase', run, phase: 'running' }, null);
  for (const [stream, text] of output) room.log({ kind: 'run.output', run, stream, text }, null);
  if (how !== null) room.log({ kind: 'run.ended', run, ...how }, null);
}

const GOOD: ['stdout' | 'stderr', string][] = [
  [
    'stdout',
    '0 None\n1 None\n2 \u001b[32m0\u001b[0m\n3 \u001b[32m1\u001b[0m\n4 None\n5 \u001b[32m2\u001b[0m\n',
  ],
  [
    'stdout',
    '\u001b[1mbold\u001b[0m \u001b[3mitalic\u001b[0m \u001b[4munder\u001b[0m \u001b[7minverse\u001b[0m \u001b[31mred \u001b[33myellow \u001b[34mblue \u001b[35mmagenta \u001b[36mcyan\u001b[0m\nsee https://docs.python.org/3/library/bisect.html.\n',
  ],
];

const TRACE = `Traceback (most recent call last):
  File "/w/main.py", line 15, in <module>
    print(number, find(primes, number))
                  ^^^^^^^^^^^^^^^^^^^^
  File "/w/main.py", line 6, in find
    at = bisect_left(items, wanted)
TypeError: '<' not supported between instances of 'str' and 'int'
`;

export const SCENES: Readonly<Record<string, () => FakeRoom>> = {
  alone: () => base(),
  empty: () => new FakeRoom(),
  three: () => {
    const room = withPeople(base());
    ran(room, runId('run-00000001'), GRACE, GOOD, end({}));
    return room;
  },
  crowded: () => {
    const room = withPeople(base());
    for (let i = 0; i < 30; i++) {
      const participant = participantId(`p${i}_0000000000000000`);
      const name = i === 3 ? 'A person whose name is of forty letters!' : `Person ${i}`;
      room.log({ kind: 'member.joined', participant, name, hue: i % 12, role: 'editor' }, participant);
      if (i < 4)
        room.cursor({
          client: clientId(`p${i}`),
          file: fileId('file-main'),
          spans: [{ anchor: 240, head: 240 }],
          typedAt: Date.now() + 60_000,
          viewer: false,
          participant,
          name,
          hue: i,
        });
    }
    ran(room, runId('run-00000001'), GRACE, GOOD, end({}));
    ran(room, runId('run-00000002'), ME, [['stdout', 'What is your name? ']], null);
    return room;
  },
  many: () => {
    const room = withPeople(base());
    for (let i = 0; i < 1_496; i++) {
      const path = `folder-${String(i % 30).padStart(2, '0')}/file-${String(i).padStart(4, '0')}.py`;
      room.log({ kind: 'file.created', file: fileId(`file-many-${i}`), path, text: '' });
    }
    return room;
  },
  long: () => {
    const room = withPeople(base());
    room.log({
      kind: 'room.renamed',
      name: 'The room in which we look for primes, and for whatever else is there to find today'.slice(0, 80),
    });
    for (let i = 0; i < 14; i++) {
      const path = `a folder/of many files/file with a rather long name, number ${i}.py`;
      room.log({ kind: 'file.created', file: fileId(`file-long-${i}`), path, text: '# long\n' });
    }
    const files = [
      {
        file: fileId('file-long-3'),
        path: 'a folder/of many files/file with a rather long name, number 3.py',
        version: 42,
      },
    ];
    for (const run of [runId('run-00000001'), runId('run-00000002')]) {
      room.log({ kind: 'run.started', run, language: 'python', entry: fileId('file-long-3'), files }, GRACE);
      room.log({ kind: 'run.output', run, stream: 'stdout', text: 'word '.repeat(100) }, null);
      room.log(
        { kind: 'run.ended', run, ...end({ reason: 'cpu', exitCode: null, signal: 'SIGKILL' }) },
        null,
      );
    }
    return room;
  },
  asks: () => {
    const room = withPeople(base());
    room.log({ kind: 'role.requested', participant: LINUS }, LINUS);
    room.log({ kind: 'member.left', participant: GRACE }, GRACE);
    return room;
  },
  running: () => {
    const room = withPeople(base());
    ran(room, runId('run-00000001'), GRACE, GOOD, end({}));
    ran(room, runId('run-00000002'), ME, [['stdout', 'What is your name? ']], null);
    return room;
  },
  failed: () => {
    const room = withPeople(base());
    ran(room, runId('run-00000001'), GRACE, GOOD, end({}));
    ran(
      room,
      runId('run-00000002'),
      GRACE,
      [
        ['stdout', '0 None\n1 None\n'],
        ['stderr', TRACE],
      ],
      end({ exitCode: 1 }),
    );
    return room;
  },
  memory: () => {
    const room = withPeople(base());
    const message = 'Stopped: it used more than 256 MB of memory.';
    const truncated = { stdout: 1_400_000, stderr: 0 };
    ran(
      room,
      runId('run-00000002'),
      GRACE,
      [['stdout', 'filling…\n']],
      end({
        reason: 'memory',
        exitCode: null,
        signal: 'SIGKILL',
        message,
        truncated,
        peakBytes: 256_000_000,
        wallMs: 4210,
      }),
    );
    return room;
  },
  viewer: () => withPeople(base('viewer')),
  apart: () => {
    const room = withPeople(base());
    room.log({ kind: 'terminal.opened', terminal: terminalId('terminal-1'), name: 'Terminal 1' });
    const pictures = ['plots/first.png', 'plots/second.png', 'a name that is \u202e turned around.png'];
    room.patch({
      disk: {
        apart: [
          ...pictures.map((path) => ({ path, why: 'large' as const })),
          { path: `${'a rather deep folder/'.repeat(14)}file.txt`, why: 'name' },
          { path: 'readme.md', why: 'case' },
        ],
        count: 1_204,
      },
    });
    return room;
  },
  offline: () => {
    const room = withPeople(base());
    room.patch({
      connection: { kind: 'offline', since: Date.now() - 12_400 },
      save: { kind: 'local', since: Date.now() - 11_000, kept: true },
    });
    return room;
  },
  stalled: () => {
    const room = withPeople(base());
    room.patch({ storage: 'stalled', save: { kind: 'sent', since: Date.now(), kept: true } });
    return room;
  },
  outdated: () => {
    const room = withPeople(base());
    room.patch({ connection: { kind: 'outdated' } });
    return room;
  },
  closed: () => {
    const room = withPeople(base());
    room.patch({
      connection: {
        kind: 'closed',
        error: {
          code: 'room.removed',
          message: 'The host removed you from this room. Ask the host if this was a mistake.',
        },
      },
    });
    return room;
  },
  preparing: () => {
    const room = base();
    room.sandbox({ state: 'preparing', step: 'installing Rust', percent: 62 });
    return room;
  },
  off: () => {
    const room = base();
    room.sandbox({
      state: 'off',
      reason: 'No Docker engine answers on this machine.',
      mend: 'Install Docker, or start it, and runs come back by themselves.',
    });
    return room;
  },
  flood: () => {
    const room = withPeople(base());
    ran(room, runId('run-00000001'), GRACE, [], null);
    let line = 0;
    const timer = setInterval(() => {
      let text = '';
      for (let i = 0; i < 2000; i++) text += `${LANGUAGES.python.label} line ${line++}\n`;
      room.log({ kind: 'run.output', run: runId('run-00000001'), stream: 'stdout', text }, null);
      if (line >= 60_000) {
        clearInterval(timer);
        room.log({ kind: 'run.ended', run: runId('run-00000001'), ...end({}) }, null);
      }
    }, 20);
    return room;
  },
};
