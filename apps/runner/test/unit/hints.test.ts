import type { Language } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { type HintFacts, hintsFor } from '../../src/hints.ts';

const ENDED: HintFacts = {
  language: 'python',
  reason: 'exit',
  exitCode: 1,
  signal: null,
  stdout: '',
  stderr: '',
  paths: ['main.py'],
  entry: 'main.py',
  folder: '',
};

const hints = (change: Partial<HintFacts>) => hintsFor({ ...ENDED, ...change });

describe('a package that is not there is named, with what is', () => {
  test.each<[Language, string, string]>([
    ['python', "ModuleNotFoundError: No module named 'pandas'", 'The module “pandas”'],
    ['python', "ModuleNotFoundError: No module named 'flask.json'", 'The module “flask”'],
    [
      'javascript',
      "Error: Cannot find module 'express'\nRequire stack:\n- /w/main.js",
      'The package “express”',
    ],
    ['javascript', "Cannot find package '@scope/it' imported from /w/main.mjs", 'The package “@scope/it”'],
    ['javascript', "Error: Cannot find module 'rxjs/operators'", 'The package “rxjs”'],
    ['rust', "error[E0463]: can't find crate for `serde`", 'The crate “serde”'],
    [
      'rust',
      'error[E0432]\u001b[0m: unresolved import `rand`\n  | \u001b[91m^^^^ use of undeclared crate or module `rand`',
      'The crate “rand”',
    ],
  ])('%s: %s', (language, stderr, name) => {
    const found = hints({ language, stderr, reason: language === 'rust' ? 'compile' : 'exit' });
    expect(found).toEqual([expect.stringContaining(`${name} is not here, and a sandbox has no network`)]);
  });

  test('the list of what is there', () => {
    expect(hints({ stderr: "No module named 'pandas'" })[0]).toContain('numpy, pytest and sortedcontainers');
    expect(hints({ language: 'javascript', stderr: "Cannot find package 'express'" })[0]).toContain('lodash');
  });

  test.each<[string, Partial<HintFacts>]>([
    ['a module of the room', { stderr: "No module named 'util.x'", paths: ['main.py', 'lib/util.py'] }],
    ['a folder of the room', { stderr: "No module named 'util.x'", paths: ['util/y.py'] }],
    ['a file of the room', { language: 'javascript', stderr: "Cannot find module './util'" }],
    ['a module of Node', { language: 'javascript', stderr: "Cannot find module 'node:nope'" }],
    [
      'a module of Rust that was not imported',
      {
        language: 'rust',
        reason: 'compile',
        stderr: 'use of undeclared crate or module `fs`\nhelp: consider importing this module',
      },
    ],
    ['a program that can do without', { stderr: "No module named 'pandas'", exitCode: 0 }],
  ])('not for %s', (_, change) => {
    expect(hints(change)).toEqual([]);
  });
});

describe('a wall is explained in the words of each language', () => {
  const NETWORK = /^A sandbox has no network/;
  const FULL =
    /^A folder of the sandbox is full: \/w and \/tmp take 128 MiB and 8,192 files each, \/dev\/shm takes 64 MiB\.$/;
  const READ_ONLY = /Everything else in a sandbox is read-only\.$/;
  test.each<[string, RegExp]>([
    ['socket.gaierror: [Errno -3] Temporary failure in name resolution', NETWORK],
    ['OSError: [Errno 101] Network is unreachable', NETWORK],
    ['Error: getaddrinfo EAI_AGAIN example.com', NETWORK],
    ['  [cause]: Error: connect ENETUNREACH 1.1.1.1:443', NETWORK],
    [
      'Get "http://example.com": dial tcp: lookup example.com on 192.168.65.7:53: dial udp 192.168.65.7:53: connect: network is unreachable',
      NETWORK,
    ],
    ['dial tcp: lookup example.com: device or resource busy', NETWORK],
    ['failed to lookup address information: Temporary failure in name resolution', NETWORK],
    ['Os { code: 101, kind: NetworkUnreachable, message: "Network is unreachable" }', NETWORK],
    ['sh: 1: pip: not found', /^Nothing can be installed/],
    ['/usr/bin/python3: No module named pip', /^Nothing can be installed/],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'git'", /^Nothing can be installed/],
    ['Error: spawn npm ENOENT', /^Nothing can be installed/],
    ['exec: "curl": executable file not found in $PATH', /^Nothing can be installed/],
    ["ModuleNotFoundError: No module named 'tkinter'", /^A sandbox has no screen/],
    ['OSError: [Errno 28] No space left on device', FULL],
    ['Error: ENOSPC: no space left on device, write', FULL],
    ['write /tmp/x: no space left on device', FULL],
    ["OSError: [Errno 30] Read-only file system: '/x'", READ_ONLY],
    ["Error: EROFS: read-only file system, open '/x'", READ_ONLY],
    ['open /x: read-only file system', READ_ONLY],
    ['Os { code: 30, kind: ReadOnlyFilesystem, message: "Read-only file system" }', READ_ONLY],
    ['OSError: [Errno 24] Too many open files', /1,024 files/],
    ['MemoryError', /^A run has 512 MiB/],
    ['Error: listen EACCES: permission denied 0.0.0.0:80', /ports from 1024 on/],
    ['listen tcp :80: bind: permission denied', /ports from 1024 on/],
    ['PermissionError: [Errno 1] Operation not permitted', /^A sandbox refuses calls/],
    ['RangeError: Array buffer allocation failed', /^A run has 512 MiB/],
    ['fatal error: runtime: cannot allocate memory', /^A run has 512 MiB/],
    ['fatal error: runtime: out of memory', /^A run has 512 MiB/],
    ['TypeError: fetch failed', NETWORK],
    ['memory allocation of 1099511627776 bytes failed', /^A run has 512 MiB/],
    ["gcc: fatal error: cannot execute 'cc1': posix_spawnp: No such file", /no C compiler/],
  ])('%s', (words, hint) => {
    const wanted = [expect.stringMatching(hint)];
    expect(hints({ stderr: words })).toEqual(wanted);
    // A program that catches the error and says so meets the same wall.
    expect(hints({ stdout: words, exitCode: 0 })).toEqual(wanted);
  });

  test.each(['SIGBUS', 'SIGXFSZ'])('%s', (signal) => {
    expect(hints({ reason: 'signal', exitCode: null, signal })).toEqual([
      expect.stringMatching(new RegExp(`^${signal} means`)),
    ]);
  });
});

test.each([
  'connection refused by localhost',
  'I like git and npm',
  "Cannot find the name 'x'",
  'ValueError: the network is fine',
])('nothing is hinted at for nothing: %s', (stderr) => {
  expect(hints({ stderr })).toEqual([]);
});

test.each([
  'Listening on http://localhost:3000',
  'Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...',
  'Server running at :8080',
])('a server that was ended: %s', (stdout) => {
  const wanted = [expect.stringContaining('cannot be reached from outside')];
  expect(hints({ reason: 'wall', exitCode: null, signal: 'SIGKILL', stdout })).toEqual(wanted);
  expect(hints({ reason: 'stopped', exitCode: null, signal: 'SIGTERM', stdout })).toEqual(wanted);
  expect(hints({ stdout, exitCode: 0 })).toEqual([]);
});

test.each(['document', 'alert', 'prompt', 'window'])('JavaScript for a browser: %s', (name) => {
  const stderr = `ReferenceError: ${name} is not defined`;
  expect(hints({ language: 'javascript', stderr })).toEqual([
    expect.stringContaining(`not in a browser: there is no “${name}”`),
  ]);
  expect(hints({ language: 'python', stderr })).toEqual([]);
});

test('a recursion without end, where the language has no other word for it', () => {
  expect(hints({ language: 'go', reason: 'memory', exitCode: null, signal: 'SIGKILL' })).toEqual([
    expect.stringContaining('recursion'),
  ]);
});

describe('a file that is elsewhere in the room', () => {
  const room = { paths: ['src/main.py', 'src/data.txt', 'top.txt'], entry: 'src/main.py' };
  const there = 'from there it is “src/data.txt”';
  test.each<[string, string, string]>([
    ['', "[Errno 2] No such file or directory: 'data.txt'", there],
    ['', "Error: ENOENT: no such file or directory, open './data.txt'", there],
    ['', 'open data.txt: no such file or directory', there],
    ['src', "[Errno 2] No such file or directory: 'top.txt'", 'can start programs in the top folder'],
  ])('from the folder “%s”: %s', (folder, stderr, words) => {
    expect(hints({ ...room, folder, stderr })).toEqual([expect.stringContaining(words)]);
  });

  test.each(['nowhere.txt', 'src/data.txt', 'top.txt'])('nothing is said of %s', (name) => {
    expect(hints({ ...room, stderr: `No such file or directory: '${name}'` })).toEqual([]);
  });
});

describe.each<Language>(['python', 'javascript', 'go', 'rust'])('hostile output, read as %s', (language) => {
  test.each([
    'dial tcp ',
    'listening ',
    'dial tcp:',
    "Cannot find module '",
    'No module named ',
    'use of undeclared crate or module `',
    'open ',
    "no such file or directory, open '",
    'memory allocation of 1',
    "'pip",
    '\u001b[0',
    'x',
  ])('%s costs by its length, not by its square', (piece) => {
    const took = (units: number): number => {
      const text = piece.repeat(units / piece.length);
      const began = performance.now();
      hints({ language, reason: 'compile', stderr: text, stdout: text, entry: 'a/b', paths: ['a/b'] });
      return performance.now() - began;
    };
    const small = Math.max(took(20_000), took(20_000), 2);
    // Twenty times as long; by the square it would be four hundred.
    expect(Math.min(took(400_000), took(400_000), took(400_000))).toBeLessThan(100 * small);
  });
});

test('what never ran gets none', () => {
  expect(hints({ reason: 'infrastructure', exitCode: null, stderr: 'EAI_AGAIN' })).toEqual([]);
});

test('each hint comes once', () => {
  expect(hints({ stderr: 'EAI_AGAIN\nEAI_AGAIN\nENETUNREACH' })).toHaveLength(1);
});
