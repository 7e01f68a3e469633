import type { Language } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
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
});
