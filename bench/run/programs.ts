/** The programs that are run. None is like another: the number in it makes every compile a fresh one. */
import type { Language } from '@codesync/protocol';

export type Program = { readonly text: string; readonly output: string };

let programs = 0;

export const HELLO: Readonly<Record<Language, (n: number) => string>> = {
  python: (n) => `print("hello ${n}")\n`,
  javascript: (n) => `console.log('hello ${n}');\n`,
  go: (n) => `package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("hello ${n}")\n}\n`,
  rust: (n) => `fn main() {\n    println!("hello ${n}");\n}\n`,
};

export function hello(language: Language): Program {
  programs++;
  return { text: HELLO[language](programs), output: `hello ${programs}\n` };
}

/** Says that it is up, and goes on for longer than anybody measures. */
export const WAITS = 'import time\nprint("up", flush=True)\ntime.sleep(60)\n';
/** The same, without heeding the signal that asks it to end. */
export const IGNORES =
  'import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint("up", flush=True)\ntime.sleep(60)\n';

const PIECE_BYTES = 65_536;
const LINE = 'a line of some forty characters of output';

/** So many pieces of 64 KiB, written one by one. */
export function flood(pieces: number): Program & { readonly bytes: number } {
  const text = `import os\npiece = b"${'x'.repeat(63)}\\n" * ${PIECE_BYTES / 64}\nfor _ in range(${pieces}):\n    left = piece\n    while left:\n        left = left[os.write(1, left):]\n`;
  return {
    text,
    output: `${'x'.repeat(63)}\n`.repeat((PIECE_BYTES / 64) * pieces),
    bytes: PIECE_BYTES * pieces,
  };
}

/** So many lines, printed by turns to the two streams; each has its number. */
export function turns(count: number): Program & { readonly all: string } {
  const line = (n: number) => `line ${n}\n`;
  const numbers = Array.from({ length: count }, (_, n) => n);
  return {
    text: `import sys\nfor n in range(${count}):\n    print("line", n, file=sys.stderr if n % 2 else sys.stdout)\n`,
    output: numbers
      .filter((n) => n % 2 === 0)
      .map(line)
      .join(''),
    all: numbers.map(line).join(''),
  };
}

/** So many lines, printed one by one. */
export function lines(count: number): Program & { readonly bytes: number } {
  const output = `${LINE}\n`.repeat(count);
  return { text: `for _ in range(${count}):\n    print("${LINE}")\n`, output, bytes: output.length };
}
