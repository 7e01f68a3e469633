import { describe, expect, test } from 'vitest';
import { ran, told } from '../../support/failures.ts';

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
