/** What the rooms run: in each language, programs that end in every way that is common. */
import type { Language, RunEnd } from '@codesync/protocol';

export type ProgramName = 'short' | 'failing' | 'broken' | 'asking' | 'endless' | 'flooding';

export type Program = {
  readonly name: ProgramName;
  readonly path: string;
  readonly text: string;
  /** Null when the end is as it should be, else what was expected. */
  readonly wrong: (end: RunEnd) => string | null;
};

/**
 * What is run, in any order, before it begins anew: a room remembers its last twenty runs, and what those hold is much
 * the same at any time.
 */
export const ROUND: readonly ProgramName[] = [
  'short',
  'short',
  'short',
  'short',
  'short',
  'failing',
  'broken',
  'asking',
  'endless',
  'flooding',
];

const ENDINGS: Readonly<Record<Language, string>> = { python: 'py', javascript: 'js', go: 'go', rust: 'rs' };

const TEXTS: Readonly<Record<Language, Readonly<Record<ProgramName, string>>>> = {
  python: {
    short: 'for n in range(3):\n    print("round", n)\n',
    failing: 'import sys\nprint("about to fail", file=sys.stderr)\nsys.exit(3)\n',
    broken: 'def half(:\n    return\n',
    asking: 'print("hello", input())\n',
    endless: 'import time\nprint("up", flush=True)\ntime.sleep(25)\n',
    flooding: 'while True:\n    print("y" * 79)\n',
  },
  javascript: {
    short: 'for (let n = 0; n < 3; n++) console.log("round", n);\n',
    failing: 'console.error("about to fail");\nprocess.exit(3);\n',
    broken: 'function half( {\n',
    asking:
      'process.stdin.once("data", (text) => { console.log("hello", String(text)); process.exit(0); });\n',
    endless: 'console.log("up");\nsetTimeout(() => {}, 25000);\n',
    flooding:
      'const text = ("y".repeat(79) + "\\n").repeat(100);\nconst go = () => { while (process.stdout.write(text)); process.stdout.once("drain", go); };\ngo();\n',
  },
  go: {
    short:
      'package main\n\nimport "fmt"\n\nfunc main() {\n\tfor n := 0; n < 3; n++ {\n\t\tfmt.Println("round", n)\n\t}\n}\n',
    failing:
      'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\tfmt.Fprintln(os.Stderr, "about to fail")\n\tos.Exit(3)\n}\n',
    broken: 'package main\n\nfunc main() {\n\tmissing()\n}\n',
    asking:
      'package main\n\nimport "fmt"\n\nfunc main() {\n\tvar name string\n\tfmt.Scanln(&name)\n\tfmt.Println("hello", name)\n}\n',
    endless:
      'package main\n\nimport (\n\t"fmt"\n\t"time"\n)\n\nfunc main() {\n\tfmt.Println("up")\n\ttime.Sleep(25 * time.Second)\n}\n',
    flooding:
      'package main\n\nimport (\n\t"os"\n\t"strings"\n)\n\nfunc main() {\n\ttext := strings.Repeat(strings.Repeat("y", 79)+"\\n", 100)\n\tfor {\n\t\tos.Stdout.WriteString(text)\n\t}\n}\n',
  },
  rust: {
    // Heavy, so that the cache of binaries is full as soon as with Go's.
    short:
      'static WEIGHT: [u8; 1 << 20] = [7; 1 << 20];\n\nfn main() {\n    for n in 0..3 {\n        println!("round {n} {}", std::hint::black_box(&WEIGHT)[n]);\n    }\n}\n',
    failing: 'fn main() {\n    eprintln!("about to fail");\n    std::process::exit(3);\n}\n',
    broken: 'fn main() {\n    missing();\n}\n',
    asking:
      'fn main() {\n    let mut name = String::new();\n    std::io::stdin().read_line(&mut name).unwrap();\n    println!("hello {name}");\n}\n',
    endless:
      'fn main() {\n    println!("up");\n    std::thread::sleep(std::time::Duration::from_secs(25));\n}\n',
    flooding:
      'use std::io::Write;\n\nfn main() {\n    let text = format!("{}\\n", "y".repeat(79)).repeat(100);\n    while std::io::stdout().write_all(text.as_bytes()).is_ok() {}\n}\n',
  },
};

/** Each in a folder of its own: a language may take everything in the entry's folder for one program. */
export function programsFor(language: Language): Program[] {
  return [...new Set(ROUND)].map((name) => ({
    name,
    path: `${name}/main.${ENDINGS[language]}`,
    text: TEXTS[language][name],
    wrong: (end) => expected(language, name, end),
  }));
}

function expected(language: Language, name: ProgramName, end: RunEnd): string | null {
  const compiled = language === 'go' || language === 'rust';
  const [reason, code]: readonly [RunEnd['reason'], number | null] = {
    short: ['exit', 0] as const,
    failing: ['exit', 3] as const,
    broken: compiled ? (['compile', end.exitCode] as const) : (['exit', 1] as const),
    asking: ['exit', 0] as const,
    endless: ['stopped', end.exitCode] as const,
    flooding: ['output', end.exitCode] as const,
  }[name];
  if (end.reason === reason && end.exitCode === code) return null;
  return `${language} ${name}: ${end.reason} ${end.exitCode ?? end.signal ?? ''} (${end.message ?? ''}) instead of ${reason} ${code ?? ''}`;
}
