import { describe, expect, test } from 'vitest';
import { ran, told } from '../../support/failures.ts';

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
