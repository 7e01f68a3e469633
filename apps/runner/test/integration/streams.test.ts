import { createHash } from 'node:crypto';
import { joinedWords, stretchesOf } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

describe.skipIf(skip)(`the streams of a program${skip ? ` (skipped: ${skip})` : ''}`, () => {
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
