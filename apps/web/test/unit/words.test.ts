import {
  JUST_HERE,
  REFUSALS,
  type RefusalCode,
  type Run,
  type RunEnd,
  RunEndReason,
} from '@codesync/protocol';
import {
  clientId,
  configurationId,
  fileId,
  participantId,
  runId,
  terminalId,
} from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { bannerWords, closedTitle, openingWords, saveWords } from '../../src/features/connection/words.ts';
import { doesWords, hereWords, namesOf, peopleInOrder, runningOf } from '../../src/features/people/words.ts';
import {
  announcement,
  endNotes,
  endRemark,
  endSentence,
  endWords,
  resultWords,
  sandboxWords,
  standingOfRun,
  truncatedWords,
} from '../../src/features/runs/words.ts';
import { isStill } from '../../src/room-source/still.ts';
import type { LiveView } from '../../src/room-source/types.ts';
import { distinctInitials, initials } from '../../src/ui/initials.ts';
import { ago, bytes, forHowLong, span } from '../../src/ui/time.ts';

const END: RunEnd = {
  reason: 'exit',
  exitCode: 0,
  signal: null,
  wallMs: 120,
  cpuMs: 30,
  peakBytes: 9_000_000,
  truncated: { stdout: 0, stderr: 0 },
};

describe('what somebody does', () => {
  const ada = participantId('ada-ada-ada-ada-ada');
  const terminal = {
    id: terminalId('terminal_1'),
    name: 'Build',
    by: ada,
    locked: false,
    shell: 1,
    end: null,
  };
  const terminals = new Map([[terminal.id, terminal]]);
  const activity = {
    ...JUST_HERE,
    file: null,
    client: clientId('client_ada'),
    typing: false,
  };
  const run = (change: Partial<Run>) =>
    ({
      by: ada,
      end: null,
      entry: fileId('file_1'),
      files: [{ file: fileId('file_1'), path: 'main.py' }],
      ...change,
    }) as Run;

  test('is told in few words, the most telling first, and nothing where there is nothing', () => {
    expect(doesWords(undefined, null, [], terminals)).toEqual([]);
    expect(doesWords(activity, null, [], terminals)).toEqual([]);
    const all = {
      ...activity,
      speaking: true,
      typing: true,
      terminal: terminal.id,
      attention: 'away',
    } as const;
    expect(doesWords(all, 'you', ['main.py'], terminals)).toEqual([
      'speaking',
      'typing',
      'running main.py',
      'in Build',
      'follows you',
      'away',
    ]);
    expect(doesWords({ ...activity, attention: 'idle' }, null, [], terminals)).toEqual(['idle']);
  });

  test('does not name a terminal that is closed', () => {
    expect(doesWords({ ...activity, terminal: terminalId('terminal_2') }, null, [], terminals)).toEqual([]);
  });

  test('is running what they started and what has not ended, by configuration or by file', () => {
    const gus = participantId('gus-gus-gus-gus-gus');
    const configuration = { id: configurationId('configuration_1'), name: 'Tests' };
    const runs = [run({}), run({ end: END }), run({ by: gus }), run({ configuration })];
    expect(runningOf(runs, ada)).toEqual(['main.py', 'Tests']);
  });
});

describe('the end of a run', () => {
  test.each(RunEndReason.options)('%s is told in a sentence and in a few words', (reason) => {
    const end = { ...END, reason, exitCode: reason === 'exit' ? 1 : null };
    expect(endSentence(end)).toMatch(/^[A-Z].*\.$/);
    expect(endWords(end).label.length).toBeLessThan(32);
  });

  test('says it in the runner’s words where the runner knows better', () => {
    const message = 'Stopped: it used more than 256 MB of memory.';
    expect(endSentence({ ...END, reason: 'memory', exitCode: null, message })).toBe(message);
  });

  test('explains the signals that people meet', () => {
    const end = { ...END, reason: 'signal' as const, exitCode: null, signal: 'SIGSEGV' };
    expect(endSentence(end)).toBe('Ended by SIGSEGV: it touched memory that is not its own.');
  });

  test('is a success only with exit code 0', () => {
    expect(endWords(END).tone).toBe('success');
    expect(endWords({ ...END, exitCode: 3 }).tone).toBe('danger');
  });

  test('is said once: below the output stands what the head does not say', () => {
    expect(endRemark(END, false)).toBeNull();
    expect(endRemark({ ...END, exitCode: 3 }, false)).toBeNull();
    expect(endRemark(END, true)).toBe('It printed nothing.');
    for (const reason of RunEndReason.options.filter((other) => other !== 'exit')) {
      const end = { ...END, reason, exitCode: null };
      expect(endRemark(end, true)).toBe(endSentence(end));
      expect(endRemark(end, true)).not.toBe(`${endWords(end).label}.`);
    }
  });

  test('is a warning where it ended well and met a limit on the way', () => {
    const limits = [{ limit: 'memory' as const, times: 1, message: 'One of its processes was killed.' }];
    expect(endWords({ ...END, limits }).tone).toBe('warning');
    expect(endWords({ ...END, exitCode: 3, limits }).tone).toBe('danger');
  });

  test('gives the program’s own end and whatever else there is to say, each once', () => {
    const limits = [{ limit: 'pids' as const, times: 2, message: 'Refused twice.' }];
    const end = { ...END, limits, hints: ['No network.'], message: '7 bytes of input were dropped.' };
    expect(endSentence(end)).toBe('Finished with exit code 0.');
    expect(endNotes(end)).toEqual(['7 bytes of input were dropped.', 'Refused twice.', 'No network.']);
    expect(endNotes({ ...end, reason: 'wall' })).toEqual(['Refused twice.', 'No network.']);
    expect(endNotes(END)).toEqual([]);
  });

  test('tells what was not kept', () => {
    expect(truncatedWords(END)).toBeNull();
    expect(truncatedWords({ ...END, truncated: { stdout: 1_200_000, stderr: 300 } })).toBe(
      '1.2 MB of stdout and 300 B of stderr came after the limit and were not kept.',
    );
  });
});

describe('what is said aloud of runs', () => {
  const run = (id: string, end: RunEnd | null): Run => ({
    id: runId(id),
    language: 'python',
    entry: fileId('f'),
    by: participantId('p'),
    startedAt: 0,
    files: [{ file: fileId('f'), path: 'main.py', version: 3 }],
    phase: end === null ? 'running' : 'ended',
    end,
    output: [],
    outputDropped: false,
  });
  const nameOf = () => 'Ada';

  test('is their start and their end, once', () => {
    expect(announcement([], [run('a', null)], nameOf)).toBe('Ada started main.py.');
    expect(announcement([run('a', null)], [run('a', null)], nameOf)).toBeNull();
    expect(announcement([run('a', null)], [run('a', END)], nameOf)).toBe(
      'main.py: Finished with exit code 0.',
    );
    expect(announcement([run('a', END)], [run('a', END)], nameOf)).toBeNull();
    expect(announcement([run('a', null)], [run('a', { ...END, hints: ['No network.'] })], nameOf)).toBe(
      'main.py: Finished with exit code 0. No network.',
    );
  });

  test('is in the list of runs with its result and its time', () => {
    expect(resultWords(run('a', null))).toBe('Running');
    expect(resultWords(run('a', { ...END, exitCode: 3 }))).toBe('Exit 3 · 0.12 s');
    expect(resultWords(run('a', { ...END, reason: 'compile', exitCode: null }))).toBe('Did not compile');
  });
});

test('where a run’s program stood is told of a file in a folder', () => {
  const run = (path: string, workFolder?: 'entry') =>
    ({
      entry: 'f',
      files: [{ file: 'f', path, version: 1 }],
      ...(workFolder && { workFolder }),
    }) as unknown as Run;
  expect(standingOfRun(run('main.py'))).toBeNull();
  expect(standingOfRun(run('src/main.py'))).toBe('in the top folder');
  expect(standingOfRun(run('src/main.py', 'entry'))).toBe('in its own folder');
});

describe('the sandbox', () => {
  test('says how far it is, and what is missing', () => {
    expect(sandboxWords({ state: 'preparing', step: 'installing Go', percent: 61.7 }, null, 0).label).toBe(
      'Preparing 62 %',
    );
    expect(sandboxWords({ state: 'off', reason: 'No Docker.', mend: 'Install it.' }, null, 0).detail).toBe(
      'No Docker. Install it.',
    );
    expect(sandboxWords({ state: 'ready', warm: { go: 1 }, busy: 2 }, 'go', 0).detail).toContain(
      '1 Go sandbox is warm',
    );
    expect(sandboxWords({ state: 'ready', warm: {}, busy: 0 }, 'rust', 0).detail).toContain(
      'No Rust sandbox is warm',
    );
  });

  test('is busy while a program of the room runs', () => {
    const ready = { state: 'ready', warm: { go: 1 }, busy: 1 } as const;
    expect(sandboxWords(ready, 'go', 0).label).toBe('Ready');
    expect(sandboxWords(ready, 'go', 1)).toMatchObject({ label: 'Busy', tone: 'active' });
    expect(sandboxWords(ready, 'go', 2).detail).toContain('2 programs of this room run');
  });
});

type Told = Pick<LiveView, 'connection' | 'save' | 'storage' | 'ready' | 'you'>;
const VIEW: Told = {
  connection: { kind: 'online', rttMs: 4, way: 'websocket' },
  save: { kind: 'saved' },
  storage: 'ok',
  ready: true,
  you: { id: participantId('p'), name: 'Ada', hue: 1, role: 'editor' },
};

describe('the save light', () => {
  test('never calls saved what is not in the database', () => {
    expect(saveWords(VIEW).label).toBe('Saved');
    expect(saveWords({ ...VIEW, save: { kind: 'sent', since: 0, kept: true } }).label).toBe('Saving…');
    expect(saveWords({ ...VIEW, save: { kind: 'local', since: 0, kept: true } }).label).toBe(
      'On this device',
    );
    expect(saveWords({ ...VIEW, save: { kind: 'local', since: 0, kept: false } }).label).toBe(
      'Not saved yet',
    );
  });

  test('tells whether a reload is safe', () => {
    expect(saveWords({ ...VIEW, save: { kind: 'local', since: 0, kept: true } }).detail).toContain(
      'a reload does not lose them',
    );
    expect(saveWords({ ...VIEW, save: { kind: 'local', since: 0, kept: false } }).detail).toContain(
      'keep it open',
    );
  });
});

describe('the banner', () => {
  const offline: Told = { ...VIEW, connection: { kind: 'offline', since: 10_000 } };

  test('is silent while all is well, and for a blink', () => {
    expect(bannerWords(VIEW, 0, 0)).toBeNull();
    expect(bannerWords(offline, 11_000, 0)).toBeNull();
  });

  test('tells how long and what is safe', () => {
    const save = { kind: 'local', since: 0, kept: true } as const;
    const words = bannerWords({ ...offline, save }, 22_000, 1_234);
    expect(words?.title).toBe('Offline for 12 s.');
    expect(words?.detail).toBe(
      'You can keep typing. Your last 1,234 changes are kept on this device and will be sent.',
    );
    expect(bannerWords({ ...offline, save }, 22_000, 1)?.detail).toContain('Your last change is kept');
    expect(bannerWords({ ...offline, save: { ...save, kept: false } }, 22_000, 1)?.detail).toContain(
      'Your last change is only in this tab: keep it open, and it will be sent.',
    );
  });

  test('says the same aloud all the while, however long it lasts and however much is typed', () => {
    const save = { kind: 'local', since: 0, kept: true } as const;
    const reconnecting: Told = { ...VIEW, connection: { kind: 'reconnecting', since: 10_000, attempt: 3 } };
    for (const told of [offline, reconnecting]) {
      const spoken = [12, 13, 75, 3_700, 9_000].map(
        (seconds) => bannerWords({ ...told, save }, 10_000 + seconds * 1_000, seconds)?.spoken,
      );
      expect(new Set(spoken).size).toBe(1);
      expect(spoken[0]).not.toMatch(/\d|undefined/);
    }
    expect(bannerWords({ ...offline, save }, 22_000, 7)?.spoken).toBe(
      'Offline. You can keep typing. Your last changes are kept on this device and will be sent.',
    );
  });

  test('does not promise a viewer that they can type', () => {
    const words = bannerWords({ ...offline, you: { ...VIEW.you!, role: 'viewer' } }, 22_000, 0);
    expect(words?.detail).not.toContain('typing');
  });

  test('asks for a reload when a newer version is there', () => {
    expect(bannerWords({ ...VIEW, connection: { kind: 'outdated' } }, 0, 0)?.action).toBe('reload');
  });

  test('tells of a database that cannot be reached', () => {
    expect(bannerWords({ ...VIEW, storage: 'stalled' }, 0, 0)?.title).toBe(
      'The server cannot reach its database.',
    );
  });

  test('says of a server that answers, and lets nobody in for want of storage, that this is why', () => {
    const waiting = { kind: 'reconnecting', since: 0, attempt: 3 } as const;
    const title = (refused: RefusalCode) =>
      bannerWords({ ...VIEW, connection: { ...waiting, refused } }, 5_000, 0)?.title;
    expect(title('storage.full')).toBe('The server’s disk is full.');
    expect(title('storage.unavailable')).toBe('The server cannot reach its database.');
    expect(title('room.unavailable')).toMatch(/^Connection lost/);
  });

  test('says to one client too many of a network address why it is not let in, and what is safe', () => {
    const connection = { kind: 'reconnecting', since: 0, attempt: 3, refused: 'rate.address' } as const;
    const save = { kind: 'local', since: 0, kept: true } as const;
    const words = bannerWords({ ...VIEW, connection, save }, 5_000, 2);
    expect(words?.title).toBe('Too many connections from your network address.');
    expect(words?.detail).toMatch(/keep typing.*kept on this device.*tries again by itself\.$/);
    expect(openingWords(connection)).toBe('Too many connections from your network address. Trying again…');
    expect(openingWords({ kind: 'reconnecting', since: 0, attempt: 3 })).toMatch(
      /^The server cannot be reached/,
    );
    expect(openingWords({ kind: 'joining' })).toBe('Opening the room…');
    expect(bannerWords({ ...VIEW, you: null, connection }, 5_000, 0)?.detail).toBe(
      'This page tries again by itself.',
    );
  });

  test('tells of a full disk, what is safe, and who can do what', () => {
    const save = { kind: 'sent', since: 0, kept: true } as const;
    const words = bannerWords({ ...VIEW, storage: 'full', save }, 0, 3);
    expect(words?.title).toBe('The server’s disk is full.');
    expect(words?.detail).toMatch(/keep typing.*kept on this device.*goes on by itself.*made space/);
    expect(saveWords({ ...VIEW, storage: 'full', save }).detail).toContain('whose disk is full');
    expect(bannerWords({ ...VIEW, storage: 'full', save: { ...save, kept: false } }, 0, 3)?.detail).toContain(
      'only in this tab',
    );
  });
});

describe('people', () => {
  const member = (id: string, change = {}) => ({
    id: participantId(id),
    name: id,
    hue: 0,
    role: 'editor' as const,
    here: true,
    removed: false,
    asking: false,
    ...change,
  });

  test('are listed with you first, then by role and name; who was removed is not', () => {
    const { here, away } = peopleInOrder(
      [
        member('zoe'),
        member('host', { role: 'host' }),
        member('bob'),
        member('gone', { here: false }),
        member('out', { removed: true }),
      ],
      participantId('zoe'),
    );
    expect(here.map(({ id }) => id)).toEqual(['zoe', 'host', 'bob']);
    expect(away.map(({ id }) => id)).toEqual(['gone']);
  });

  test('are named in one breath', () => {
    expect(namesOf([{ name: 'Ada' }, { name: 'Bob' }])).toBe('Ada and Bob');
    expect(namesOf([{ name: 'Ada' }, { name: 'Bob' }, { name: 'Cy' }])).toBe('Ada, Bob and 1 other');
  });

  test('have initials, whatever they write their names in', () => {
    expect(['Ada Lovelace', 'grace', 'jean-paul sartre', '山田', '🦊 Fox', ''].map(initials)).toEqual([
      'AL',
      'G',
      'JS',
      '山',
      '🦊F',
      '?',
    ]);
    expect(['Student 12', 'student7', 'R2 D2', 'Grade 2026', '42', 'Ada 3 L'].map(initials)).toEqual([
      'S12',
      'S7',
      'R2',
      'G26',
      '42',
      'AL',
    ]);
  });

  test('whose names end in numbers are in the order of the numbers', () => {
    const students = Array.from({ length: 30 }, (_, i) => member(`Student ${i + 1}`));
    const { here } = peopleInOrder(students.toReversed(), null);
    expect(here).toEqual(students);
  });

  test('are told apart by letters and colour, and keep them when others come', () => {
    const names = [
      ...Array.from({ length: 30 }, (_, i) => `Student ${i + 1}`),
      ...['Anna', 'Anton', 'Alex', 'Ada', 'Ada', 'Ada', 'A', 'A', '山田', '山本', '山', '😀', '😀', '', ''],
    ];
    for (const hues of [1, 2, 12]) {
      const people = names.map((name, i) => ({ id: participantId(`p${i}`), name, hue: i % hues }));
      const letters = distinctInitials(people);
      const marks = people.map(({ id, hue }) => `${letters.get(id)} in ${hue}`);
      expect(new Set(marks).size).toBe(people.length);
      for (const text of letters.values())
        expect([...new Intl.Segmenter().segment(text)].length).toBeLessThan(4);
      const before = distinctInitials(people.slice(0, 20));
      for (const [id, text] of before) expect(letters.get(id)).toBe(text);
    }
  });

  test('whose connection is lost are named', () => {
    const people = [
      { id: participantId('a'), name: 'Ada' },
      { id: participantId('b'), name: 'Bob' },
    ];
    expect(hereWords(people, new Set())).toBe('People: 2 here');
    expect(hereWords(people, new Set([participantId('b'), participantId('gone')]))).toBe(
      'People: 2 here, connection lost: Bob',
    );
  });
});

test('times and sizes are short', () => {
  expect([0, 12_400, 61_000, 3_600_000, 3_900_000].map(forHowLong)).toEqual([
    '0 s',
    '12 s',
    '1 min',
    '1 h',
    '1 h 5 min',
  ]);
  expect([3, 118, 12_345, 125_000].map(span)).toEqual(['3 ms', '0.12 s', '12.3 s', '2 min 5 s']);
  expect([820, 14_200, 9_400_000, 256_000_000].map(bytes)).toEqual(['820 B', '14 kB', '9.4 MB', '256 MB']);
  const now = Date.UTC(2026, 5, 20);
  expect(ago(now - 30_000, now)).toBe('just now');
  expect(ago(now - 5 * 60_000, now)).toBe('5 minutes ago');
  expect(ago(now - 26 * 3_600_000, now)).toBe('yesterday');
});

describe('a refusal', () => {
  test.each(Object.entries(REFUSALS))('%s does not say its title once more', (code, sentence) => {
    expect(sentence.startsWith(closedTitle(code as RefusalCode))).toBe(false);
  });

  test('is told as long as what it says is so', () => {
    const viewer = {
      ...VIEW,
      sandbox: { state: 'starting' },
      you: { ...VIEW.you!, role: 'viewer' },
    } as const;
    const editor = { ...viewer, you: { ...viewer.you, role: 'editor' } } as const;
    const host = { ...viewer, you: { ...viewer.you, role: 'host' } } as const;
    expect([viewer, editor, host].map((now) => isStill('role.viewer', now))).toEqual([true, false, false]);
    expect([viewer, editor, host].map((now) => isStill('role.host', now))).toEqual([true, true, false]);
    const away = { ...editor, connection: { kind: 'offline', since: 0 } } as const;
    expect([away, editor].map((now) => isStill('room.unavailable', now))).toEqual([true, false]);
    const full = { ...editor, storage: 'full' } as const;
    expect([full, editor].map((now) => isStill('storage.full', now))).toEqual([true, false]);
    expect(isStill('file.exists', editor)).toBe(true);
  });
});
