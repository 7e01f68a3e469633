// What a program finds of an ordinary machine, and what it is told where it meets a wall.
import type { Language } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { PACKAGES } from '../../src/hints.ts';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

describe.skipIf(skip)(`a program in a sandbox${skip ? ` (skipped: ${skip})` : ''}`, () => {
  describe('what an ordinary machine has', () => {
    test.each<[Language, (names: readonly string[]) => Record<string, string>]>([
      [
        'python',
        (names) => ({ 'main.py': `${names.map((name) => `import ${name}`).join('\n')}\nprint("there")` }),
      ],
      [
        'javascript',
        (names) => ({
          'main.js': `${names.map((name) => `require('${name}');`).join('\n')}\nconsole.log('there')`,
        }),
      ],
      [
        'javascript',
        (names) => ({
          'main.mjs': `${names.map((name) => `import '${name}';`).join('\n')}\nconsole.log('there')`,
        }),
      ],
    ])('%s: each package that the hints name', async (language, program) => {
      const run = runner.run(language, program(PACKAGES[language]));
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['there\n', '']);
    });

    test('numpy calculates, and pytest tests', async () => {
      const run = runner.run('python', {
        'main.py':
          'import numpy as np, pytest\nprint(np.linalg.inv(np.eye(2) * 2).sum())\nraise SystemExit(pytest.main(["-q", "test_it.py"]))',
        'test_it.py': 'def test_it(): assert 1 + 1 == 3',
      });
      expect(await run.ended()).toMatchObject({ exitCode: 1 });
      expect(run.stdout).toMatch(/^1\.0\n/);
      expect(run.stdout).toContain('E   assert (1 + 1) == 3');
    });

    const ZONES = ['US/Eastern', 'Asia/Calcutta', 'Europe/Kiev', 'Europe/Berlin'];
    test.each<[Language, Record<string, string>]>([
      [
        'python',
        {
          'main.py': `import zoneinfo\nfor name in ${JSON.stringify(ZONES)}: print(zoneinfo.ZoneInfo(name))`,
        },
      ],
      [
        'javascript',
        {
          'main.js': `for (const timeZone of ${JSON.stringify(ZONES)}) { new Intl.DateTimeFormat('en', { timeZone }); console.log(timeZone) }`,
        },
      ],
      [
        'go',
        {
          'main.go': `package main\nimport ("fmt"; "time")\nfunc main() {\n for _, name := range []string{${ZONES.map((name) => `"${name}"`)}} {\n  zone, err := time.LoadLocation(name)\n  if err != nil { panic(err) }\n  fmt.Println(zone)\n }\n}`,
        },
      ],
    ])('%s: time zones by their old names and their new', async (language, files) => {
      const run = runner.run(language, files);
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual([`${ZONES.join('\n')}\n`, '']);
    });

    test('locales by name, a terminal’s name, and shared memory', async () => {
      const run = runner.run('python', {
        'main.py': [
          'import curses, locale, os',
          'from multiprocessing import shared_memory',
          'for name in ("C.UTF-8", "en_US.UTF-8", "en_GB.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "es_ES.UTF-8", "pt_BR.UTF-8"):',
          '    locale.setlocale(locale.LC_ALL, name)',
          'locale.setlocale(locale.LC_ALL, "en_US.UTF-8")',
          'print(locale.format_string("%.2f", 1234567.5, grouping=True))',
          'curses.setupterm()',
          'print(os.environ["TERM"], os.system("clear > /dev/null"))',
          'shared = shared_memory.SharedMemory(create=True, size=60 << 20)',
          'shared.buf[:] = bytes(60 << 20)',
          'shared.unlink()',
          'print(os.statvfs("/dev/shm").f_blocks * os.statvfs("/dev/shm").f_frsize >> 20)',
        ].join('\n'),
      });
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['1,234,567.50\nxterm-256color 0\n64\n', '']);
    });
  });

  describe('a wall that a program meets is explained beside its own words', () => {
    const NETWORK = 'A sandbox has no network';
    test.each<[string, Language, Record<string, string>, string]>([
      [
        'a package',
        'python',
        { 'main.py': 'import pandas' },
        '“pandas” is not here, and a sandbox has no network',
      ],
      [
        'a package',
        'javascript',
        { 'main.js': 'require("express")' },
        '“express” is not here, and a sandbox has no network',
      ],
      [
        'a package',
        'javascript',
        { 'main.mjs': 'import "express"' },
        '“express” is not here, and a sandbox has no network',
      ],
      [
        'a package',
        'rust',
        { 'main.rs': 'use rand::random;\nfn main() { println!("{}", random::<u8>()); }' },
        '“rand” is not here, and a sandbox has no network',
      ],
      [
        'a name',
        'python',
        { 'main.py': 'import urllib.request\nurllib.request.urlopen("http://example.org")' },
        NETWORK,
      ],
      ['a name', 'javascript', { 'main.mjs': 'await fetch("http://example.org")' }, NETWORK],
      [
        'a name',
        'go',
        {
          'main.go':
            'package main\nimport ("log"; "net/http")\nfunc main() { _, err := http.Get("http://example.org"); log.Fatal(err) }',
        },
        NETWORK,
      ],
      [
        'a name',
        'rust',
        { 'main.rs': 'fn main() { std::net::TcpStream::connect("example.org:80").unwrap(); }' },
        NETWORK,
      ],
      [
        'an address',
        'python',
        { 'main.py': 'import socket\nsocket.create_connection(("1.1.1.1", 80))' },
        NETWORK,
      ],
      ['an address', 'javascript', { 'main.js': 'require("net").connect(80, "1.1.1.1")' }, NETWORK],
      [
        'an address',
        'go',
        {
          'main.go':
            'package main\nimport ("log"; "net")\nfunc main() { _, err := net.Dial("tcp", "1.1.1.1:80"); log.Fatal(err) }',
        },
        NETWORK,
      ],
      [
        'an address',
        'rust',
        { 'main.rs': 'fn main() { std::net::TcpStream::connect("1.1.1.1:80").unwrap(); }' },
        NETWORK,
      ],
      ['the image', 'python', { 'main.py': 'open("/x", "w")' }, 'is read-only'],
      ['the image', 'javascript', { 'main.js': 'require("fs").writeFileSync("/x", "")' }, 'is read-only'],
      [
        'the image',
        'go',
        {
          'main.go':
            'package main\nimport ("log"; "os")\nfunc main() { _, err := os.Create("/x"); log.Fatal(err) }',
        },
        'is read-only',
      ],
      [
        'the image',
        'rust',
        { 'main.rs': 'fn main() { std::fs::write("/x", "").unwrap(); }' },
        'is read-only',
      ],
      [
        'shared memory',
        'python',
        {
          'main.py':
            'import mmap\nwith open("/dev/shm/x", "wb+") as file:\n    file.truncate(80 << 20)\n    memory = mmap.mmap(file.fileno(), 0)\n    memory[:] = bytes(80 << 20)',
        },
        '/dev/shm takes 64 MiB',
      ],
    ])('%s, in %s', async (_, language, files, words) => {
      const run = runner.run(language, files);
      const { hints } = await run.ended();
      expect(hints).toEqual([expect.stringContaining(words)]);
      expect(run.stdout + run.stderr).not.toContain(hints![0]);
    });
  });
});
