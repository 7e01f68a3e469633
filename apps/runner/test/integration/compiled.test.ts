import type { Language, RunnerEnded } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

/** Runs a program that prints one line and nothing else. */
async function expectLine(language: Language, files: Record<string, string>, line: string): Promise<void> {
  const run = runner.run(language, files);
  await run.ended();
  expect([run.stdout, run.stderr]).toEqual([`${line}\n`, '']);
}

/** Runs a program that does not compile, of which the compiler says all of this. Returns the run's end. */
async function expectCompileError(
  language: Language,
  files: Record<string, string>,
  ...said: readonly string[]
): Promise<RunnerEnded> {
  const run = runner.run(language, files);
  const end = await run.ended();
  expect(run.stdout).toBe('');
  for (const words of said) expect(run.stderr).toContain(words);
  expect(end).toMatchObject({ reason: 'compile', signal: null, wallMs: 0 });
  return end;
}

describe.skipIf(skip)(`compiled languages${skip ? ` (skipped: ${skip})` : ''}`, () => {
  describe('Go', () => {
    test('a compile error is the compiler’s, on stderr, with its own reason', async () => {
      const files = { 'main.go': 'package main\n\nfunc main() {\n\tundefinedName()\n}\n' };
      const end = await expectCompileError('go', files, './main.go:4:2: undefined: undefinedName');
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
      await expectLine('go', files, word);
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
      const files = { 'main.rs': 'fn main() {\n    let x: i32 = "a";\n}\n' };
      const end = await expectCompileError('rust', files, 'mismatched types', 'main.rs:2:18');
      expect(end.exitCode).toBe(1);
    });

    test('running a module runs the program it belongs to', async () => {
      const files = {
        'helper.rs': 'pub fn hi() -> &\u0027static str { "hi" }',
        'main.rs': 'mod helper;\nfn main() { println!("{}", helper::hi()); }',
      };
      await expectLine('rust', files, 'hi');
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
      await expectLine('rust', files, said);
    });

    test('a lib.rs that the program takes for a module is one', async () => {
      const files = {
        'main.rs': '#![allow(special_module_name)]\nmod lib;\nfn main() { println!("{}", lib::hi()); }',
        'lib.rs': LIBRARY,
      };
      await expectLine('rust', files, 'main::lib');
    });

    test('a panic exits with 101 and names its line', async () => {
      const run = runner.run('rust', { 'main.rs': 'fn main() {\n    panic!("oh");\n}\n' });
      const end = await run.ended();
      expect(run.stderr).toContain('main.rs:2:5');
      expect(end).toMatchObject({ reason: 'exit', exitCode: 101 });
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
