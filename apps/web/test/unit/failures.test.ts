import type { FileId, Language, Run, RunEnd } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { FAILURES_MAX, failuresOf } from '../../src/features/runs/failures.ts';

type Ends = Partial<RunEnd>;

/** A run of these files, the first of them the entry, that printed this to stderr. */
function ran(language: Language, paths: readonly string[], printed: string, end: Ends = {}): Run {
  const files = paths.map((path, i) => ({ file: `f${i}` as FileId, path, version: 1 }));
  return {
    id: 'r' as Run['id'],
    language,
    entry: files[0]!.file,
    by: null,
    startedAt: 0,
    files,
    phase: 'ended',
    end: {
      reason: 'exit',
      exitCode: 1,
      signal: null,
      wallMs: 1,
      cpuMs: 1,
      peakBytes: 1,
      truncated: { stdout: 0, stderr: 0 },
      ...end,
    },
    output: [
      { stream: 'stdout', text: '  File "/w/main.py", line 1\nNoError: what stdout says is no failure\n' },
      { stream: 'stderr', text: printed },
    ],
    outputDropped: false,
  };
}

/** Each failure as `path:line:column-end severity message`, with what the language does not tell left out. */
function told(run: Run): string[] {
  return failuresOf(run).map(({ path, line, column, endColumn, message, severity }) => {
    const at = column === undefined ? '' : `:${column}`;
    const end = endColumn === undefined ? '' : `-${endColumn}`;
    return `${path}:${line}${at}${end} ${severity}: ${message}`;
  });
}

describe('Python', () => {
  const python = (paths: string[], printed: string) => told(ran('python', paths, printed));

  test('a chain of tracebacks: the innermost place of each', () => {
    expect(
      python(
        ['a.py', 'pkg/m.py'],
        `Traceback (most recent call last):
  File "/w/a.py", line 4, in f
    return pkg.m.g(x)
           ~~~~~~~^^^
  File "/w/pkg/m.py", line 2, in g
    return 1/x
           ~^~
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/w/a.py", line 8, in <module>
    f(0)
    ~^^^
  File "/w/a.py", line 6, in f
    raise ValueError("bad") from e
ValueError: bad
`,
      ),
    ).toEqual(['pkg/m.py:2 error: ZeroDivisionError: division by zero', 'a.py:6 error: ValueError: bad']);
  });

  test('an error inside the library is marked at the call in the room, also where a file has its name', () => {
    expect(
      python(
        ['main.py', 'decoder.py'],
        `Traceback (most recent call last):
  File "/w/main.py", line 2, in <module>
    json.loads("{")
    ~~~~~~~~~~^^^^^
  File "/usr/lib/python3.13/json/decoder.py", line 361, in raw_decode
    obj, end = self.scan_once(s, idx)
               ~~~~~~~~~~~~~~^^^^^^^^
json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)
`,
      ),
    ).toEqual([
      'main.py:2 error: json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
    ]);
  });

  test('a file that cannot be read, started or imported', () => {
    const own = `  File "/w/c.py", line 2
    print("abc
          ^
SyntaxError: unterminated string literal (detected at line 2)
`;
    const wanted = ['c.py:2 error: SyntaxError: unterminated string literal (detected at line 2)'];
    expect(python(['c.py'], own)).toEqual(wanted);
    const imported = `Traceback (most recent call last):\n  File "/w/d.py", line 1, in <module>\n    import c\n${own}`;
    expect(python(['d.py', 'c.py'], imported)).toEqual(wanted);
  });

  test('a group of exceptions: each that was raised', () => {
    expect(
      python(
        ['e.py'],
        `  + Exception Group Traceback (most recent call last):
  |   File "/w/e.py", line 9, in <module>
  |     raise ExceptionGroup("g", errors)
  | ExceptionGroup: g (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/w/e.py", line 4, in <module>
    |     int("x")
    | ValueError: invalid literal
    +---------------- 2 ----------------
    | TypeError: never raised
    +------------------------------------
`,
      ),
    ).toEqual([
      'e.py:9 error: ExceptionGroup: g (2 sub-exceptions)',
      'e.py:4 error: ValueError: invalid literal',
    ]);
  });

  test('a warning, and a recursion that is printed in short', () => {
    expect(
      python(
        ['f.py'],
        `/w/f.py:2: SyntaxWarning: invalid escape sequence '\\d'
  re.match("\\d", "a")
Traceback (most recent call last):
  File "/w/f.py", line 5, in <module>
    r(0)
    ~^^^
  File "/w/f.py", line 4, in r
    return r(n+1)
  [Previous line repeated 996 more times]
RecursionError: maximum recursion depth exceeded
`,
      ),
    ).toEqual([
      "f.py:2 warning: SyntaxWarning: invalid escape sequence '\\d'",
      'f.py:4 error: RecursionError: maximum recursion depth exceeded',
    ]);
  });
});

describe('JavaScript', () => {
  const javascript = (paths: string[], printed: string) => told(ran('javascript', paths, printed));

  test('an error and its cause', () => {
    expect(
      javascript(
        ['a.js', 'b.js'],
        `/w/a.js:2
  throw new TypeError("bad", { cause });
  ^

TypeError: bad
    at f (/w/a.js:2:9)
    ... 5 lines matching cause stack trace ...
    at node:internal/main/run_main_module:28:49 {
  [cause]: Error: inner
      at g (/w/b.js:7:36)
      at Object.<anonymous> (/w/a.js:4:1)
}

Node.js v20.19.2
`,
      ),
    ).toEqual(['a.js:2:3 error: TypeError: bad', 'b.js:7:36 error: Error: inner']);
  });

  test('a syntax error is where it stands, not where the file was asked for', () => {
    expect(
      javascript(
        ['main.js', 'b.js'],
        `/w/b.js:1
let a = ;
        ^

SyntaxError: Unexpected token ';'
    at wrapSafe (node:internal/modules/cjs/loader:1472:18)
    at Object.<anonymous> (/w/main.js:3:1)

Node.js v20.19.2
`,
      ),
    ).toEqual(["b.js:1:9 error: SyntaxError: Unexpected token ';'"]);
  });

  test('an ES module, by its URL', () => {
    expect(
      javascript(
        ['my app.mjs'],
        `file:///w/my%20app.mjs:1
import {x} from "./z.mjs";
        ^
SyntaxError: The requested module './z.mjs' does not provide an export named 'x'
    at ModuleJob._instantiate (node:internal/modules/esm/module_job:175:21)
`,
      ),
    ).toEqual([
      "my app.mjs:1:9 error: SyntaxError: The requested module './z.mjs' does not provide an export named 'x'",
    ]);
  });

  test('an error that Node itself throws, and a stack that the program printed', () => {
    expect(
      javascript(
        ['g.js'],
        `Error: only said
    at f (/w/g.js:9:3)
    at Object.<anonymous> (/w/g.js:1:1)
node:internal/modules/cjs/loader:1215
  throw err;
  ^

Error: Cannot find module 'lodash'
Require stack:
- /w/g.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1212:15)
    at require (node:internal/modules/helpers:182:18)
    at Object.<anonymous> (/w/g.js:4:1)
`,
      ),
    ).toEqual(['g.js:9:3 error: Error: only said', "g.js:4:1 error: Error: Cannot find module 'lodash'"]);
  });

  test('a value that is no error', () => {
    expect(
      javascript(
        ['f.js'],
        '\n/w/f.js:1\nthrow "abc";\n^\nabc\n(Use `node --trace-uncaught ...` to show where)\n\nNode.js v20.19.2\n',
      ),
    ).toEqual(['f.js:1:1 error: abc']);
  });
});

describe('Go', () => {
  const compiler = (paths: string[], printed: string) =>
    told(ran('go', paths, printed, { reason: 'compile', exitCode: 2 }));
  const program = (paths: string[], printed: string) => told(ran('go', paths, printed));

  test('the compiler', () => {
    expect(
      compiler(
        ['main.go'],
        `./main.go:2:16: "os" imported and not used
./main.go:8:7: too many arguments in call to f
	have (number, number)
	want (int)
./other.go:1:1: not of the room
too many errors
`,
      ),
    ).toEqual([
      'main.go:2:16 error: "os" imported and not used',
      'main.go:8:7 error: too many arguments in call to f\nhave (number, number)\nwant (int)',
    ]);
  });

  test('the go command, from the folder that it builds', () => {
    expect(
      compiler(['cmd/app/main.go', 'cmd/app/b.go'], '# m.test/x/cmd/app\n./b.go:2:9: undefined: y\n'),
    ).toEqual(['cmd/app/b.go:2:9 error: undefined: y']);
    expect(compiler(['main.go', 'util/u.go'], '# m/util\nutil/u.go:3:2: undefined: panc\n')).toEqual([
      'util/u.go:3:2 error: undefined: panc',
    ]);
  });

  test('a panic: the innermost place of the first goroutine', () => {
    expect(
      program(
        ['main.go'],
        `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x468f70]

goroutine 1 [running]:
strings.(*Builder).WriteByte(...)
	strings/builder.go:99
main.f(...)
	/w/main.go:3
main.main()
	/w/main.go:5 +0x18

goroutine 7 [chan receive]:
main.g()
	/w/main.go:12 +0x18
`,
      ),
    ).toEqual(['main.go:3 error: runtime error: invalid memory address or nil pointer dereference']);
  });

  test('a panic in a module, whose name its files are named from; a file of the library of a like name', () => {
    expect(
      program(
        ['main.go', 'util/u.go', 'sort.go'],
        `panic: deep

goroutine 1 [running]:
sort.Sort({0x1, 0x2})
	sort/sort.go:48 +0x1
m.test/x/util.F(...)
	m.test/x/util/u.go:3
main.main()
	m.test/x/main.go:4 +0x25
`,
      ),
    ).toEqual(['util/u.go:3 error: deep']);
    expect(
      program(['main.go'], 'panic: top\n\ngoroutine 1 [running]:\nmain.main()\n\tm.test/x/main.go:4 +0x25\n'),
    ).toEqual(['main.go:4 error: top']);
  });

  test('the long form of a stack, which the runtime prints when it is at its own end', () => {
    expect(
      program(
        ['main.go'],
        `fatal error: runtime: out of memory

runtime stack:
runtime.throw({0x47d312?, 0x303000?})
	runtime/panic.go:1101 +0x48 fp=0x7ffe1aed7260 sp=0x7ffe1aed7230 pc=0x4602c8

goroutine 1 gp=0xc000002380 m=0 mp=0x4f4c20 [running]:
runtime.makeslice(0x0?, 0x46e9a0?, 0xc000002380?)
	runtime/slice.go:116 +0x49 fp=0xc000038728 sp=0xc000038700 pc=0x461009
main.main()
	/w/main.go:2 +0x27 fp=0xc000038750 sp=0xc000038728 pc=0x468f87
`,
      ),
    ).toEqual(['main.go:2 error: runtime: out of memory']);
  });

  test('a deadlock, and lines of a logger that look like the compiler’s', () => {
    expect(
      program(
        ['main.go'],
        `main.go:9: connected
fatal error: all goroutines are asleep - deadlock!

goroutine 1 [chan receive]:
main.main()
	/w/main.go:4 +0x25
`,
      ),
    ).toEqual(['main.go:4 error: all goroutines are asleep - deadlock!']);
  });
});

describe('Rust', () => {
  const rust = (paths: string[], printed: string) => told(ran('rust', paths, printed));

  test('the compiler: each at its first place, with the reason that stands there; colours do not matter', () => {
    expect(
      rust(
        ['src/main.rs', 'src/a.rs'],
        `\x1b[0m\x1b[1m\x1b[33mwarning\x1b[0m\x1b[0m\x1b[1m: unused variable: \`t\`\x1b[0m
\x1b[0m \x1b[0m\x1b[0m\x1b[1m\x1b[38;5;12m--> \x1b[0m\x1b[0msrc/a.rs:3:9\x1b[0m
  |
3 |     let t = s;
  |         ^ help: if this is intentional, prefix it with an underscore: \`_t\`
  |
  = note: \`#[warn(unused_variables)]\` on by default

error[E0308]: mismatched types
 --> src/main.rs:4:18
  |
4 |     let s: i32 = "a";
  |            ---   ^^^ expected \`i32\`, found \`&str\`
  |            |
  |            expected due to this

error: mismatched closing delimiter: \`}\`
 --> src/main.rs:3:13
  |
3 |     println!("{}"
  |             ^ unclosed delimiter
4 | }
  | ^ mismatched closing delimiter
note: defined here
 --> src/main.rs:99:1

error: aborting due to 2 previous errors; 1 warning emitted
`,
      ),
    ).toEqual([
      'src/a.rs:3:9-10 warning: unused variable: `t`\nhelp: if this is intentional, prefix it with an underscore: `_t`',
      'src/main.rs:4:18-21 error: mismatched types (E0308)\nexpected `i32`, found `&str`',
      'src/main.rs:3:13-14 error: mismatched closing delimiter: `}`\nunclosed delimiter',
    ]);
  });

  test('panics, of any thread, with all that they say', () => {
    expect(
      rust(
        ['main.rs'],
        `
thread '<unnamed>' panicked at main.rs:4:32:
in thread
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace

thread 'main' panicked at main.rs:2:5:
assertion \`left == right\` failed: hm
  left: 1
 right: 2

thread 'main' panicked at library/core/src/cell.rs:1:1:
not a place of the room
`,
      ),
    ).toEqual([
      'main.rs:4:32 error: in thread',
      'main.rs:2:5 error: assertion `left == right` failed: hm\n  left: 1\n right: 2',
    ]);
  });
});

test('a place outside of the workspace is nobody’s, whatever it ends with', () => {
  const printed =
    '  File "/tmp/main.py", line 3\n    x\nSyntaxError: y\n  File "/w/x/main.py", line 3\nSyntaxError: z\n';
  expect(told(ran('python', ['main.py'], printed))).toEqual([]);
});

test('each place is told once, and no more than a person reads', () => {
  const trace = (line: number) => `  File "/w/main.py", line ${line}, in f\nValueError: x\n`;
  expect(told(ran('python', ['main.py'], trace(3).repeat(100)))).toHaveLength(1);
  const many = Array.from({ length: 100 }, (_, i) => trace(i + 1)).join('');
  expect(told(ran('python', ['main.py'], many))).toHaveLength(FAILURES_MAX);
});

describe.each<Language>(['python', 'javascript', 'go', 'rust'])('hostile output, read as %s', (language) => {
  test.each<[string, string]>([
    ['frames of Python', '  File "/w/", line 1, in '],
    ['frames of JavaScript', '    at (/w (/w (/w'],
    ['frames of Go', '\t/w/main.go:1:1'],
    ['carets', '  | ^^^ '],
    ['panics of Rust', "thread '' panicked at :1:1"],
    ['places', ' --> a:1:1'],
    ['colons', ':1'],
  ])('%s cost by their length, not by their square', (_, piece) => {
    const took = (units: number): number => {
      const run = ran(language, ['main.py'], piece.repeat(units / piece.length));
      const began = performance.now();
      failuresOf(run);
      return performance.now() - began;
    };
    const small = Math.max(took(20_000), took(20_000), 2);
    // Twenty times as long; by the square it would be four hundred.
    expect(Math.min(took(400_000), took(400_000), took(400_000))).toBeLessThan(100 * small);
  });
});
