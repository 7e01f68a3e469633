import { createHash } from 'node:crypto';
import { joinedWords, type Language, stretchesOf } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { PACKAGES } from '../../src/hints.ts';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

describe.skipIf(skip)(`languages${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test.each([
    ['python', { 'main.py': 'print("hello")' }],
    ['javascript', { 'main.js': 'console.log("hello")' }],
    ['go', { 'main.go': 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }' }],
    ['rust', { 'main.rs': 'fn main() { println!("hello"); }' }],
  ] as const)('%s says hello', async (language, files) => {
    const run = runner.run(language, files);
    const end = await run.ended();
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('hello\n');
    expect(end).toMatchObject({ reason: 'exit', exitCode: 0, signal: null, cached: false });
    expect(end.wallMs).toBeGreaterThan(0);
    expect(end.peakBytes).toBeGreaterThan(0);
    expect(run.phases.at(-1)?.phase).toBe('running');
  });

  test.each([
    [
      'python',
      {
        'main.py': 'from lib.names import NAME\nimport helper\nprint(helper.greet(NAME))',
        'helper.py': 'def greet(n): return "hi " + n',
        'lib/names.py': 'NAME = "room"',
      },
    ],
    [
      'javascript',
      {
        'main.js':
          'const { greet } = require("./helper"); console.log(greet(require("./lib/names.json").name));',
        'helper.js': 'exports.greet = (n) => "hi " + n;',
        'lib/names.json': '{"name":"room"}',
      },
    ],
    [
      'go',
      {
        'main.go': 'package main\nimport "fmt"\nfunc main() { fmt.Println(greet(name)) }',
        'helper.go': 'package main\nfunc greet(n string) string { return "hi " + n }',
        'names.go': 'package main\nconst name = "room"',
        'helper_test.go': 'package main\nthis is not Go',
      },
    ],
    [
      'rust',
      {
        'main.rs':
          'mod helper;\nmod lib { pub mod names; }\nfn main() { println!("{}", helper::greet(lib::names::NAME)); }',
        'helper.rs': 'pub fn greet(n: &str) -> String { format!("hi {n}") }',
        'lib/names.rs': 'pub const NAME: &str = "room";',
      },
    ],
  ] as const)('%s: a program of several files', async (language, files) => {
    const run = runner.run(language, files);
    const end = await run.ended();
    expect([run.stdout, run.stderr, end.reason]).toEqual(['hi room\n', '', 'exit']);
  });

  test('an entry in a folder sees the whole workspace', async () => {
    const python = runner.run('python', {
      'app/start.py': 'print(open("data.txt").read())',
      'data.txt': 'found',
    });
    await python.ended();
    expect(python.stdout).toBe('found\n');
    const rust = runner.run('rust', {
      'src/helper.rs': 'pub const X: i32 = 7;',
      'src/main.rs': 'mod helper;\nfn main() { println!("{}", helper::X); }',
    });
    await rust.ended();
    expect([rust.stdout, rust.stderr]).toEqual(['7\n', '']);
  });

  test.each<[Language, string, Record<string, string>]>([
    [
      'python',
      'main.py data.txt',
      {
        'app/main.py':
          'import os, sys, helper\nassert os.getcwd() == os.environ["PWD"]\nprint(os.getcwd(), sys.argv[0], open("data.txt").read())',
        'app/helper.py': '',
      },
    ],
    [
      'javascript',
      '/w/app/main.js data.txt',
      {
        'app/main.js':
          "if (process.cwd() !== process.env.PWD) throw process.env.PWD;\nconsole.log(process.cwd(), process.argv[1], require('fs').readFileSync('data.txt', 'utf8'));",
      },
    ],
    [
      'go',
      'data.txt',
      {
        'app/main.go':
          'package main\nimport ("fmt"; "os")\nfunc main() {\n folder, _ := os.Getwd()\n data, err := os.ReadFile("data.txt")\n if err != nil { panic(err) }\n fmt.Println(folder, string(data))\n}',
      },
    ],
    [
      'rust',
      'data.txt',
      {
        'app/main.rs':
          'fn main() {\n let folder = std::env::current_dir().unwrap();\n println!("{} {}", folder.display(), std::fs::read_to_string("data.txt").unwrap());\n}',
      },
    ],
  ])('%s: a program starts in the top folder, or in its own', async (language, said, files) => {
    const own = runner.run(language, { ...files, 'app/data.txt': 'data.txt' }, { workFolder: 'entry' });
    await own.ended();
    expect([own.stdout, own.stderr]).toEqual([`/w/app ${said}\n`, '']);
    const top = runner.run(language, { ...files, 'data.txt': 'data.txt' });
    await top.ended();
    expect([top.stdout, top.stderr]).toEqual([`/w ${said.replace(/^main.py/, 'app/main.py')}\n`, '']);
  });

  describe('the streams of a program', () => {
    /** Write so many lines to stdout and stderr by turns, as people write them. */
    const ALTERNATING = [
      [
        'python',
        {
          'main.py':
            'import sys\nfor n in range(int(sys.argv[1])):\n    print("line", n, file=sys.stderr if n % 2 else sys.stdout)',
        },
      ],
      [
        'javascript',
        {
          'main.js':
            'for (let n = 0; n < Number(process.argv[2]); n++) console[n % 2 ? "error" : "log"]("line", n);',
        },
      ],
      [
        'go',
        {
          'main.go':
            'package main\nimport ("fmt"; "os"; "strconv")\nfunc main() {\n\tlines, _ := strconv.Atoi(os.Args[1])\n\tto := []*os.File{os.Stdout, os.Stderr}\n\tfor n := range lines { fmt.Fprintln(to[n%2], "line", n) }\n}',
        },
      ],
      [
        'rust',
        {
          'main.rs':
            'fn main() {\n    let lines: u32 = std::env::args().nth(1).unwrap().parse().unwrap();\n    for n in 0..lines { if n % 2 == 0 { println!("line {n}") } else { eprintln!("line {n}") } }\n}',
        },
      ],
      [
        'python',
        {
          'shell.py': 'import os, sys\nos.execv("/bin/sh", ["sh", "lines.sh", sys.argv[1]])',
          'lines.sh':
            'n=0; while [ $n -lt $1 ]; do echo "line $n"; n=$((n + 1)); echo "line $n" >&2; n=$((n + 1)); done',
        },
      ],
    ] as const;

    test.each(ALTERNATING)(
      '%s: stdout and stderr come in the order in which they were written',
      async (language, files) => {
        for (const lines of [120, 100_000]) {
          const run = runner.run(language, files, { args: [`${lines}`] });
          expect(await run.ended()).toMatchObject({ reason: 'exit', truncated: { stdout: 0, stderr: 0 } });
          const told = run.stretches
            .map(({ text }) => text)
            .join('')
            .split('\n');
          expect(told.filter((line, n) => line !== (n < lines ? `line ${n}` : ''))).toEqual([]);
          expect(run.stdout.split('\n').length).toBe(lines / 2 + 1);
        }
      },
    );

    test('a traceback and a panic stand whole between the lines around them', async () => {
      const python = runner.run('python', {
        'main.py':
          'import traceback\nfor n in range(50):\n    print("before", n)\n    try: [][n]\n    except IndexError: traceback.print_exc()\n    print("after", n)',
      });
      const go = runner.run('go', {
        'main.go':
          'package main\nimport "fmt"\nfunc main() {\n\tdefer fmt.Println("after")\n\tfmt.Println("before")\n\tvar list []int\n\tfmt.Println(list[1])\n}',
      });
      await Promise.all([python.ended(), go.ended()]);
      const whole = (n: number) => [
        `stdout:${n > 0 ? `after ${n - 1}\n` : ''}before ${n}\n`,
        'stderr:Traceback (most recent call last):\n  File "/w/main.py", line 4, in <module>\n    try: [][n]\n         ~~^^^\nIndexError: list index out of range\n',
      ];
      const told = (run: typeof go) =>
        [...stretchesOf(joinedWords(run.stretches)!)].map(({ stream, text }) => `${stream}:${text}`);
      expect(told(python)).toEqual([
        ...Array.from({ length: 50 }, (_, n) => whole(n)).flat(),
        'stdout:after 49\n',
      ]);
      expect(told(go).slice(0, 1)).toEqual(['stdout:before\nafter\n']);
      expect(told(go).slice(1).join('')).toMatch(/^stderr:panic: runtime error: index out of range/);
    });

    test('whatever a program does to its pipes, all arrives', async () => {
      const run = runner.run('python', {
        'main.py': [
          'import fcntl, os, select, threading',
          'F_SETPIPE_SZ = 1031',
          'def whole(fd, data):',
          '    while data:',
          '        try: data = data[os.write(fd, data):]',
          '        except BlockingIOError: select.select([], [fd], [])',
          'def burst(mark):',
          '    for fd in (1, 2):',
          '        for size in (0, 1, 4095, 4096, 4097, 65536, 100_001): whole(fd, mark * size)',
          'burst(b"a")',
          'for fd in (1, 2): fcntl.fcntl(fd, F_SETPIPE_SZ, 1 << 20)',
          'burst(b"b")',
          'for fd in (1, 2): fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)',
          'burst(b"c")',
          'for fd in (1, 2): fcntl.fcntl(fd, fcntl.F_SETFL, 0)',
          'burst(b"d")',
          'for name in ("/dev/stdout", "/dev/stderr"):',
          '    with open(name, "wb", 0) as file:',
          '        for n in range(100): file.write(b"e" * 100)',
          'threads = [threading.Thread(target=lambda: [os.write(fd, b"f" * 100) for n in range(100) for fd in (1, 2)]) for _ in range(8)]',
          'for thread in threads: thread.start()',
          'for thread in threads: thread.join()',
          'source = os.memfd_create("source"); os.write(source, b"g" * 20_000)',
          'for fd in (1, 2): os.splice(source, fd, 4096, 0)',
          'os.close(1)',
          'os.write(2, b"h")',
        ].join('\n'),
      });
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      const burst = 1 + 4095 + 4096 + 4097 + 65536 + 100_001;
      const counted = (text: string) =>
        Object.fromEntries([...'abcdefgh'].map((mark) => [mark, text.split(mark).length - 1]));
      const both = { a: burst, b: burst, c: burst, d: burst, e: 10_000, f: 80_000, g: 4096 };
      expect([counted(run.stdout), counted(run.stderr)]).toEqual([
        { ...both, h: 0 },
        { ...both, h: 1 },
      ]);
    });

    const CUT = 'process.stdout.write("y".repeat(700_000) + "\\nLAST\\n"); process.exit(7);';
    test.each([
      ['a script', { 'main.js': CUT }],
      ['a module', { 'main.mjs': CUT }],
      [
        'a forked child',
        {
          'main.js':
            'require("node:child_process").fork("./child.js").on("exit", (code) => { process.exitCode = code; });',
          'child.js': CUT,
        },
      ],
      [
        'a child with the streams of its parent',
        {
          'main.js':
            'process.exitCode = require("node:child_process").spawnSync("node", ["child.mjs"], { stdio: "inherit" }).status;',
          'child.mjs': CUT,
        },
      ],
      [
        'a worker',
        {
          'main.js':
            'new (require("node:worker_threads").Worker)("./worker.js").on("exit", (code) => { process.exitCode = code; });',
          'worker.js': CUT,
        },
      ],
      [
        'an error nobody catches',
        {
          'main.js':
            'console.log("y".repeat(700_000) + "\\nLAST"); process.exitCode = 7; queueMicrotask(() => { process.exit(); });',
        },
      ],
    ])('Node: what was written before process.exit is there, of %s', async (_, files) => {
      const run = runner.run('javascript', files);
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 7 });
      expect([run.stdout.length, run.stdout.slice(-6), run.stderr]).toEqual([700_006, '\nLAST\n', '']);
    });

    test('Node: a pipe of a program’s own is as Node makes it', async () => {
      const run = runner.run('javascript', {
        'main.js':
          'const { stdout } = require("node:child_process").spawnSync("node", ["-p", "process.stdout.write(\'x\'.repeat(1e6)), process.stdout.writableLength > 0"], { maxBuffer: 1e7 }); console.log(String(stdout).slice(1e6));',
      });
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['true\n\n', '']);
    });

    test.each([
      [
        'one question',
        'const rl = require("node:readline").createInterface({ input: process.stdin, output: process.stdout }); rl.question("", (a) => { console.log(a); rl.close(); });',
        ['one'],
      ],
      [
        'a question in a question',
        'const rl = require("node:readline").createInterface({ input: process.stdin, output: process.stdout }); rl.question("", (a) => rl.question("", (b) => { console.log(a, b); rl.close(); }));',
        ['one two'],
      ],
      [
        'lines until it closes',
        'const rl = require("node:readline").createInterface({ input: process.stdin }); rl.on("line", (line) => { console.log(line); rl.close(); });',
        ['one'],
      ],
      [
        'a loop over lines that is left',
        'const rl = require("node:readline").createInterface({ input: process.stdin }); (async () => { for await (const line of rl) { console.log(line); break; } })();',
        ['one'],
      ],
      [
        'such a loop, and a question after it',
        'const rl = require("node:readline/promises").createInterface({ input: process.stdin, output: process.stdout }); (async () => { for await (const line of rl) { console.log(line); break; } console.log(await rl.question("")); rl.close(); })();',
        ['one', 'two'],
      ],
      [
        'two questions of readline/promises',
        'const rl = require("node:readline/promises").createInterface({ input: process.stdin, output: process.stdout }); (async () => { console.log(await rl.question(""), await rl.question("")); rl.close(); })();',
        ['one two'],
      ],
      [
        'data once, then a pause',
        'process.stdin.once("data", (data) => { console.log(String(data).trim()); process.stdin.pause(); });',
        ['one'],
      ],
      [
        'what is readable, once',
        'process.stdin.once("readable", () => console.log(String(process.stdin.read()).trim()));',
        ['one'],
      ],
      ['no more than a look', 'console.log(process.stdin.isTTY === undefined);', ['true']],
    ])('Node ends when it is done with its input, which goes on: %s', async (_, text, lines) => {
      const run = runner.run('javascript', { 'main.js': text });
      run.stdin('one\ntwo\nthree\n');
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect([run.stdout.trim().split('\n'), run.stderr]).toEqual([lines, '']);
    });

    test('Node waits while its program does', async () => {
      const run = runner.run('javascript', {
        'main.js':
          'process.stdin.on("data", (data) => { process.stdin.pause(); setTimeout(() => process.stdin.resume(), 100); console.log(String(data).trim()); });',
      });
      for (const line of ['one', 'two', 'three']) {
        run.stdin(`${line}\n`);
        await run.until(() => run.stdout.endsWith(`${line}\n`));
      }
      expect(run.ends).toEqual([]);
      run.stdin('', true);
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
    });

    test.each([
      ['python', { 'main.py': 'import os\nfor _ in range(3): print(os.read(0, 65536))' }],
      [
        'javascript',
        {
          'main.js':
            'const fs = require("node:fs"); const part = Buffer.alloc(65536); for (let n = 0; n < 3; n++) console.log("b\'" + String(part.subarray(0, fs.readSync(0, part))).replace("\\n", "\\\\n") + "\'");',
        },
      ],
      [
        'go',
        {
          'main.go':
            'package main\nimport ("bufio"; "fmt"; "os"; "strings")\nfunc main() {\n\tfor range 3 {\n\t\tline, _ := bufio.NewReader(os.Stdin).ReadString(\'\\n\')\n\t\tfmt.Println("b\'" + strings.TrimSpace(line) + "\\\\n\'")\n\t}\n}',
        },
      ],
      [
        'rust',
        {
          'main.rs':
            'use std::io::{BufRead, BufReader};\nuse std::{fs::File, os::fd::FromRawFd};\nfn main() {\n    for _ in 0..3 {\n        let mut line = String::new();\n        let file = std::mem::ManuallyDrop::new(unsafe { File::from_raw_fd(0) });\n        BufReader::new(&*file).read_line(&mut line).unwrap();\n        println!("b\'{}\\\\n\'", line.trim());\n    }\n}',
        },
      ],
    ] as const)('%s: lines that come at once are read one by one', async (language, files) => {
      const run = runner.run(language, files);
      run.stdin('one\ntwo\n');
      run.stdin('three\n');
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(["b'one\\n'\nb'two\\n'\nb'three\\n'\n", '']);
    });

    test('input goes on when a program has made its pipe larger', async () => {
      const run = runner.run('python', {
        'main.py':
          'import fcntl, os\nfor n in range(4):\n    print(os.read(0, 65536))\n    fcntl.fcntl(0, 1031, 1 << 20)\n    print("ready")',
      });
      for (let n = 0; n < 4; n++) {
        run.stdin('line\n');
        await run.until(() => run.stdout.split('ready').length === n + 2);
      }
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(run.stdout).toBe("b'line\\n'\nready\n".repeat(4));
    });

    test('nearly a mebibyte of input arrives whole, in short lines, in one and byte by byte', async () => {
      const short = 'input\n'.repeat(30_000);
      const long = `${'é'.repeat(300_000)}\n`;
      const run = runner.run('python', {
        'main.py': [
          'import hashlib, os, sys',
          `parts = iter(lambda: os.read(0, 1), b"")`,
          `head = b"".join(next(parts) for _ in range(1000))`,
          'print(hashlib.sha256(head + sys.stdin.buffer.read()).hexdigest(), sys.stdin.isatty())',
        ].join('\n'),
      });
      const all = short + long + short.slice(0, -1);
      for (let at = 0; at < all.length; at += 50_000) run.stdin(all.slice(at, at + 50_000));
      run.stdin('', true);
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect(run.stdout).toBe(`${createHash('sha256').update(all).digest('hex')} False\n`);
    });
  });

  describe('Python', () => {
    test('sees itself as it would from the shell', async () => {
      const source = [
        'import sys, os, inspect',
        'print(__name__, __file__, sys.argv, sys.path[0], sys.executable)',
        'print(os.getcwd(), "CODESYNC_HOLD" in os.environ, os.environ["GREETING"])',
        'print([f.function for f in inspect.stack()])',
        'print(sorted(os.listdir(".")))',
      ].join('\n');
      const run = runner.run(
        'python',
        { 'tools/app.py': source },
        { args: ['a b', ''], env: { GREETING: 'hey' } },
      );
      await run.ended();
      expect(run.stderr).toBe('');
      expect(run.stdout.split('\n')).toEqual([
        "__main__ /w/tools/app.py ['tools/app.py', 'a b', ''] /w/tools /usr/bin/python3",
        '/w False hey',
        "['<module>']",
        "['tools']",
        '',
      ]);
    });

    test('a traceback names the program’s own lines and nothing else', async () => {
      const run = runner.run('python', { 'main.py': 'def f():\n    return 1 / 0\n\nf()\n' });
      const end = await run.ended();
      expect(run.stderr).toBe(
        [
          'Traceback (most recent call last):',
          '  File "/w/main.py", line 4, in <module>',
          '    f()',
          '    ~^^',
          '  File "/w/main.py", line 2, in f',
          '    return 1 / 0',
          '           ~~^~~',
          'ZeroDivisionError: division by zero',
          '',
        ].join('\n'),
      );
      expect(end).toMatchObject({ reason: 'exit', exitCode: 1 });
    });

    test('a syntax error is shown as Python shows it', async () => {
      const run = runner.run('python', { 'main.py': 'print("a"\n' });
      const end = await run.ended();
      expect(run.stderr).toContain('File "/w/main.py", line 1');
      expect(run.stderr).toContain("SyntaxError: '(' was never closed");
      expect(end.exitCode).toBe(1);
    });

    test('threads, child processes, multiprocessing and atexit work', async () => {
      const source = [
        'import threading, subprocess, sys, atexit, multiprocessing',
        'def work(n): return n * n',
        'if __name__ == "__main__":',
        '    atexit.register(lambda: print("bye"))',
        '    t = threading.Thread(target=lambda: print("thread")); t.start(); t.join()',
        '    print(subprocess.run([sys.executable, "-c", "print(1+1)"], capture_output=True, text=True).stdout.strip())',
        '    with multiprocessing.Pool(2) as pool: print(pool.map(work, [1, 2, 3]))',
        '    with multiprocessing.get_context("spawn").Pool(1) as pool: print(pool.map(work, [4]))',
      ].join('\n');
      const run = runner.run('python', { 'main.py': source });
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['thread\n2\n[1, 4, 9]\n[16]\nbye\n', '']);
    });

    test('a module of the room’s may have a name of the standard library’s', async () => {
      const run = runner.run('python', {
        'main.py': 'import random\nprint(random.mine)',
        'random.py': 'mine = "ours"',
      });
      await run.ended();
      expect(run.stdout).toBe('ours\n');
    });
  });

  describe('JavaScript', () => {
    test('sees itself as it would from the shell', async () => {
      const source =
        'console.log(JSON.stringify([process.argv, process.execArgv, __filename, require.main === module, process.env.CODESYNC_HOLD, process.env.GREETING, process.cwd()]))';
      const run = runner.run(
        'javascript',
        { 'tools/app.js': source },
        { args: ['a b'], env: { GREETING: 'hey' } },
      );
      await run.ended();
      expect(JSON.parse(run.stdout)).toEqual([
        ['/usr/bin/node', '/w/tools/app.js', 'a b'],
        [],
        '/w/tools/app.js',
        true,
        null,
        'hey',
        '/w',
      ]);
    });

    test('ES modules by name, by package.json, with top-level await', async () => {
      const byName = runner.run('javascript', {
        'main.mjs': 'import { x } from "./x.mjs"; await 0; console.log(x, import.meta.url);',
        'x.mjs': 'export const x = 1;',
      });
      await byName.ended();
      expect([byName.stdout, byName.stderr]).toEqual(['1 file:///w/main.mjs\n', '']);
      const byPackage = runner.run('javascript', {
        'main.js': 'import fs from "node:fs"; console.log(typeof fs.readFileSync);',
        'package.json': '{"type":"module"}',
      });
      await byPackage.ended();
      expect([byPackage.stdout, byPackage.stderr]).toEqual(['function\n', '']);
    });

    test('an unhandled error is printed as Node prints it, with nothing of ours in it', async () => {
      const run = runner.run('javascript', { 'main.js': '\nthrow new Error("oh");\n' });
      const end = await run.ended();
      expect(run.stderr).toMatch(
        /^\/w\/main\.js:2\nthrow new Error\("oh"\);\n\^\n\nError: oh\n {4}at Object\.<anonymous> \(\/w\/main\.js:2:7\)\n/,
      );
      expect(run.stderr).not.toMatch(/codesync|hold/i);
      expect(run.stderr).toContain('Node.js v20');
      expect(end).toMatchObject({ reason: 'exit', exitCode: 1 });
    });

    test('[A34] an unhandled rejection, and a promise that never settles, end as Node ends them', async () => {
      const rejected = runner.run('javascript', { 'main.js': 'Promise.reject(new Error("no"))' });
      expect(await rejected.ended()).toMatchObject({ reason: 'exit', exitCode: 1 });
      expect(rejected.stderr).toContain('Error: no');
      const pending = runner.run('javascript', { 'main.mjs': 'await new Promise(() => {})' });
      expect(await pending.ended()).toMatchObject({ reason: 'exit', exitCode: 13 });
    });

    test('workers and child processes work', async () => {
      const source = [
        'const { Worker, isMainThread, parentPort } = require("node:worker_threads");',
        'if (isMainThread) {',
        '  new Worker(__filename).on("message", (m) => {',
        '    console.log(m);',
        '    console.log(require("node:child_process").execFileSync(process.execPath, ["-p", "40+2"]).toString().trim());',
        '  });',
        '} else parentPort.postMessage("from the worker");',
      ].join('\n');
      const run = runner.run('javascript', { 'main.js': source });
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['from the worker\n42\n', '']);
    });
  });

  describe('Go', () => {
    test('a compile error is the compiler’s, on stderr, with its own reason', async () => {
      const run = runner.run('go', { 'main.go': 'package main\n\nfunc main() {\n\tundefinedName()\n}\n' });
      const end = await run.ended();
      expect(run.stdout).toBe('');
      expect(run.stderr).toContain('./main.go:4:2: undefined: undefinedName');
      expect(end).toMatchObject({ reason: 'compile', signal: null, wallMs: 0 });
      expect(end.exitCode).toBeGreaterThan(0);
    });

    test('a module with packages of its own, and embedded files', async () => {
      const run = runner.run('go', {
        'main.go':
          'package main\nimport (\n_ "embed"\n"fmt"\n"example.com/x/greet"\n)\n//go:embed data.txt\nvar data string\nfunc main() { fmt.Println(greet.Hi(), data) }',
        'greet/greet.go': 'package greet\nfunc Hi() string { return "hi" }',
        'go.mod': 'module example.com/x\n\ngo 1.24\n',
        'data.txt': 'embedded',
      });
      const end = await run.ended();
      expect([run.stdout, run.stderr, end.reason]).toEqual(['hi embedded\n', '', 'exit']);
    });

    test('[A36] a module that is not there fails sooner than a good program compiles, and says that there is no network', async () => {
      const importing = 'import (\n\t"fmt"\n\t"github.com/nobody/nothing"\n)';
      const absent = 'is not here, and a sandbox has no network to download it';
      const programs: [Record<string, string>, string][] = [
        [
          { 'main.go': `package main\n\n${importing}\n\nfunc main() { fmt.Println(nothing.Do()) }` },
          `./main.go:5:2: package github.com/nobody/nothing ${absent}`,
        ],
        [
          {
            'cmd/main.go': 'package main\nimport "example.com/x/greet"\nfunc main() { greet.Hi() }',
            'greet/greet.go': `package greet\n\n${importing}\n\nfunc Hi() { fmt.Println(nothing.Do()) }`,
            'go.mod': 'module example.com/x\n\ngo 1.24\n\nrequire github.com/nobody/nothing v1.2.3\n',
          },
          `./greet/greet.go:5:2: package github.com/nobody/nothing ${absent}`,
        ],
      ];
      const compileMs = async (files: Record<string, string>, reason: string, said: string) => {
        const run = runner.run('go', files);
        const end = await run.ended();
        expect(end.reason).toBe(reason);
        expect(run.stderr).toContain(said);
        return end.compileMs;
      };
      const good = await compileMs(
        { 'main.go': 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }' },
        'exit',
        '',
      );
      for (const [files, said] of programs) {
        const failing = await compileMs(files, 'compile', said);
        console.log(`ms until it is said: ${failing}; of a good compile: ${good}`);
        expect(failing).toBeLessThan(good);
      }
    });

    test('a module that the room has a copy of is found, in a vendor folder or by a replacement', async () => {
      const main =
        'package main\nimport "github.com/somebody/something"\nfunc main() { println(something.Word) }';
      const module = 'module example.com/x\n\ngo 1.24\n\nrequire github.com/somebody/something v1.0.0\n';
      const copy = 'package something\nconst Word = "here"';
      const vendored = runner.run('go', {
        'main.go': main,
        'go.mod': module,
        'vendor/modules.txt':
          '# github.com/somebody/something v1.0.0\n## explicit\ngithub.com/somebody/something\n',
        'vendor/github.com/somebody/something/word.go': copy,
      });
      await vendored.ended();
      const replaced = runner.run('go', {
        'main.go': main,
        'go.mod': `${module}\nreplace github.com/somebody/something => ./copy\n`,
        'copy/go.mod': 'module github.com/somebody/something\n\ngo 1.24\n',
        'copy/word.go': copy,
      });
      await replaced.ended();
      expect([vendored.stderr, replaced.stderr]).toEqual(['here\n', 'here\n']);
    });

    test('what the compiler says in a module names files from the module’s top', async () => {
      const run = runner.run('go', {
        'cmd/app/main.go':
          'package main\nimport "example.com/x/greet"\nfunc main() { greet.Hi(); nothing() }\n',
        'greet/greet.go': 'package greet\nfunc Hi() {}\n',
        'go.mod': 'module example.com/x\n\ngo 1.24\n',
      });
      expect((await run.ended()).reason).toBe('compile');
      expect(run.stderr).toMatch(/^(?:\.\/)?cmd\/app\/main\.go:3:27: undefined: nothing$/m);
    });

    const says = (word: string) => `package main\nimport "fmt"\nfunc main() { fmt.Println("${word}") }\n`;
    const GO_MOD = 'module example.com/x\n\ngo 1.24\n';
    const UTIL = 'package util\nimport "fmt"\nfunc Do() { fmt.Println("util") }\n';

    test.each<[string, Record<string, string>, string]>([
      [
        'a generator that the build leaves out',
        { 'gen.go': `//go:build ignore\n\n${says('gen')}`, 'main.go': says('main') },
        'gen',
      ],
      [
        'a generator that needs a package of the module',
        {
          'gen.go':
            '//go:build ignore\n\npackage main\nimport "example.com/x/util"\nfunc main() { util.Do() }\n',
          'main.go': says('main'),
          'util/util.go': UTIL,
          'go.mod': GO_MOD,
        },
        'util',
      ],
      [
        'one of two programs in a folder, with the files that both use',
        {
          'b.go': 'package main\ntype same int\nfunc main() { help("b") }\n',
          'a.go': 'package main\ntype same int\nfunc main() { help("a") }\n',
          'help.go': 'package main\nimport "fmt"\nfunc help(word string) { fmt.Println(word) }\n',
        },
        'b',
      ],
      [
        'one of two programs in the folder of a module',
        {
          'b.go': 'package main\nimport "example.com/x/util"\nfunc main() { util.Do() }\n',
          'a.go': says('a'),
          'util/util.go': UTIL,
          'go.mod': GO_MOD,
        },
        'util',
      ],
      ['a file beside one of another package', { 'main.go': says('main'), 'util.go': UTIL }, 'main'],
      [
        'a file for this system',
        { 'main_linux.go': says('linux'), 'main_windows.go': says('windows') },
        'linux',
      ],
      ['a file of a program', { 'help.go': 'package main\n', 'main.go': says('main') }, 'main'],
    ])('runs what was started: %s', async (_, files, word) => {
      const run = runner.run('go', files);
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual([`${word}\n`, '']);
    });

    test.each<[string, Record<string, string>, string]>([
      [
        'for another system by its name',
        { 'x_windows.go': says('x'), 'main.go': says('main') },
        'x_windows.go:1:1: by its name',
      ],
      [
        'for another system by its words',
        { 'x.go': `//go:build windows\n\n${says('x')}` },
        'x.go:1:1: by “//go:build windows” this file is for another system: a sandbox is linux/',
      ],
      [
        'that Go leaves out',
        { '_x.go': says('x'), 'main.go': says('main') },
        '_x.go:1:1: Go leaves out a file whose name begins',
      ],
      ['of tests', { 'a_test.go': 'package main\n' }, 'a_test.go:1:1: a file of tests is no program'],
      [
        'of tests, beside a program',
        { 'a_test.go': 'package main\n', 'main.go': says('main') },
        'a_test.go:1:1: a file of tests',
      ],
      [
        'of another package',
        { 'util.go': UTIL, 'main.go': says('main') },
        'util.go:1:1: package util is no program',
      ],
      [
        'of C',
        { 'x.go': 'package main\n\n// int x;\nimport "C"\nfunc main() {}\n' },
        'x.go:4:1: a sandbox has no C compiler',
      ],
      [
        'of a newer Go',
        { 'x.go': says('x'), 'go.mod': 'module x\n\ngo 1.99.1\n' },
        'go.mod:3:1: this module asks for go1.99, and a sandbox has go1.24',
      ],
      [
        'without a main function',
        { 'x.go': 'package main\n' },
        'x.go:1:1: package main has no main function',
      ],
      [
        'that several programs use',
        { 'x.go': 'package main\n', 'y.go': says('y'), 'z.go': says('z') },
        'x.go:1:1: this file has no main function, and several of its folder have one: start one of y.go, z.go',
      ],
    ])('says why it does not run a file %s', async (_, files, sentence) => {
      const run = runner.run('go', files);
      const end = await run.ended();
      expect(run.stdout).toBe('');
      expect(run.stderr).toMatch(/^[^\n]+\n$/);
      expect(run.stderr).toContain(`./${sentence}`);
      expect(end).toMatchObject({ reason: 'compile', exitCode: 1 });
    });

    test('a panic names the program’s file and exits with 2', async () => {
      const run = runner.run('go', { 'main.go': 'package main\nfunc main() { panic("oh") }' });
      const end = await run.ended();
      expect(run.stderr).toContain('panic: oh');
      expect(run.stderr).toContain('/w/main.go:2');
      expect(end).toMatchObject({ reason: 'exit', exitCode: 2 });
    });
  });

  describe('Rust', () => {
    test('a compile error is the compiler’s, on stderr, with its own reason', async () => {
      const run = runner.run('rust', { 'main.rs': 'fn main() {\n    let x: i32 = "a";\n}\n' });
      const end = await run.ended();
      expect(run.stdout).toBe('');
      expect(run.stderr).toContain('mismatched types');
      expect(run.stderr).toContain('main.rs:2:18');
      expect(end).toMatchObject({ reason: 'compile', exitCode: 1, signal: null });
    });

    test('running a module runs the program it belongs to', async () => {
      const run = runner.run('rust', {
        'helper.rs': 'pub fn hi() -> &\u0027static str { "hi" }',
        'main.rs': 'mod helper;\nfn main() { println!("{}", helper::hi()); }',
      });
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['hi\n', '']);
    });

    const LIBRARY = 'pub fn hi() -> &\u0027static str { module_path!() }\n';
    const CARGO =
      '[package]\nname = "my-app"\nversion = "0.3.1"\nedition = "2021"\n\n[dependencies]\nname = "no"\n';
    const USES = (name: string) => `use ${name}::hi;\nfn main() { println!("{}", hi()); }\n`;

    test.each<[string, Record<string, string>, string]>([
      [
        'beside the program, named by the manifest',
        {
          'src/main.rs': 'fn main() { println!("{} {}", my_app::hi(), env!("CARGO_PKG_VERSION")); }',
          'src/lib.rs': LIBRARY,
          'Cargo.toml': CARGO,
        },
        'my_app 0.3.1',
      ],
      [
        'with a name of its own, in a folder of the room',
        {
          'app/src/main.rs': USES('other'),
          'app/src/lib.rs': LIBRARY,
          'app/Cargo.toml': `${CARGO}[lib]\nname = "other"\n`,
          'src/lib.rs': 'not this one',
        },
        'other',
      ],
      ['without a manifest', { 'main.rs': USES('words'), 'lib.rs': LIBRARY }, 'words'],
      [
        'for a second program',
        {
          'src/bin/tool.rs': USES('my_app'),
          'src/main.rs': 'no Rust',
          'src/lib.rs': LIBRARY,
          'Cargo.toml': CARGO,
        },
        'my_app',
      ],
      ['for an example', { 'examples/short.rs': USES('words'), 'src/lib.rs': LIBRARY }, 'words'],
      [
        'that was started itself',
        { 'src/lib.rs': LIBRARY, 'src/main.rs': USES('my_app'), 'Cargo.toml': CARGO },
        'my_app',
      ],
      [
        'that nobody asks for',
        { 'main.rs': 'fn main() { println!("alone"); }', 'lib.rs': 'no Rust' },
        'alone',
      ],
    ])('a library is built first: %s', async (_, files, said) => {
      const run = runner.run('rust', files);
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual([`${said}\n`, '']);
    });

    test('a lib.rs that the program takes for a module is one', async () => {
      const run = runner.run('rust', {
        'main.rs': '#![allow(special_module_name)]\nmod lib;\nfn main() { println!("{}", lib::hi()); }',
        'lib.rs': LIBRARY,
      });
      await run.ended();
      expect([run.stdout, run.stderr]).toEqual(['main::lib\n', '']);
    });

    test('a panic exits with 101 and names its line', async () => {
      const run = runner.run('rust', { 'main.rs': 'fn main() {\n    panic!("oh");\n}\n' });
      const end = await run.ended();
      expect(run.stderr).toContain('main.rs:2:5');
      expect(end).toMatchObject({ reason: 'exit', exitCode: 101 });
    });
  });

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

  test.each([
    [
      'go',
      'main.go',
      'package main\nimport ("fmt"; "os")\nfunc main() { fmt.Println("hello", os.Args[1:]) }',
    ],
    [
      'rust',
      'main.rs',
      'fn main() { println!("hello {:?}", std::env::args().skip(1).collect::<Vec<_>>()); }',
    ],
  ] as const)('%s: an unchanged program is not compiled twice in a room', async (language, entry, text) => {
    const room = `cache-${language}`;
    const first = runner.run(language, { [entry]: text }, { room });
    expect(await first.ended()).toMatchObject({ cached: false });
    // The binary comes after the end.
    let second = runner.run(language, { [entry]: text }, { room, args: ['again'] });
    while (!(await second.ended()).cached && second.startedAt - first.startedAt < 20_000)
      second = runner.run(language, { [entry]: text }, { room, args: ['again'] });
    expect(await second.ended()).toMatchObject({ cached: true, compileMs: 0, reason: 'exit' });
    expect(second.stdout).toContain('again');
    expect(second.phases.map(({ phase }) => phase)).not.toContain('compiling');
    const changed = runner.run(language, { [entry]: text.replace('hello', 'changed') }, { room });
    expect(await changed.ended()).toMatchObject({ cached: false });
    expect(changed.stdout).toContain('changed');
    const elsewhere = runner.run(language, { [entry]: text }, { room: `${room}-other` });
    expect(await elsewhere.ended()).toMatchObject({ cached: false });
  });
});
