/**
 * What a program ran into that a sandbox does not have, read from its own words and its end: a sentence for people
 * each, beside the program's output and never in it. Pure.
 */
import { type Language, RUNNER_LIMITS as LIMITS, type RunEndReason } from '@codesync/protocol';
import { SHM_BYTES } from './limits.ts';

export type HintFacts = {
  readonly language: Language;
  readonly reason: RunEndReason;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what it printed to each stream, at most `HINT_UNITS` of it. */
  readonly stdout: string;
  readonly stderr: string;
  /** The room's files, and the one that was run. */
  readonly paths: readonly string[];
  readonly entry: string;
  /** The folder in which the program stood; empty for the top folder. */
  readonly folder: string;
};

/** How much of the end of a stream is looked at, in UTF-16 units: a compiler's errors, or a traceback and more. */
export const HINT_UNITS = 32 * 1024;

/** What the image has beside each language's standard library: see `sandbox/Dockerfile`. */
export const PACKAGES: Readonly<Record<Language, readonly string[]>> = {
  python: ['numpy', 'pytest', 'sortedcontainers'],
  javascript: ['lodash'],
  go: [],
  rust: [],
};

/** The sentences, each once, in a fixed order. */
export function hintsFor(facts: HintFacts): string[] {
  if (facts.reason === 'files' || facts.reason === 'infrastructure') return [];
  const stderr = facts.stderr.replace(COLOUR, '');
  const said = `${stderr}\n${facts.stdout}`;
  const failed = facts.reason !== 'exit' || facts.exitCode !== 0;
  return [
    failed ? absentPackage(facts, stderr) : null,
    elsewhere(facts, said),
    failed ? ofItsLanguage(facts, stderr) : null,
    ...WALLS.map(({ words, hint }) => (words.test(said) ? hint : null)),
    WAITED.includes(facts.reason) && SERVES.test(said)
      ? 'A server in a sandbox cannot be reached from outside: only programs beside it, in the same run, can use it.'
      : null,
    SIGNALS[facts.signal ?? ''] ?? null,
  ].filter((hint) => hint !== null);
}

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const DISK = `${LIMITS.diskBytes >> 20} MiB`;
const SHM = `${SHM_BYTES >> 20} MiB`;

type Wall = { readonly words: RegExp; readonly hint: string };

/** In the words of the C library, Node, Go and Rust, whether the program died of it or told it. */
const WALLS: readonly Wall[] = [
  {
    words:
      /name resolution|\bfetch failed\b|\bEAI_AGAIN\b|\bENETUNREACH\b|network is unreachable|\bdial (?:tcp|udp)[46]?:? .{0,80}\blookup /i,
    hint: 'A sandbox has no network: no name can be looked up and no other machine can be reached. Programs inside it can use localhost.',
  },
  {
    words:
      /No module named pip\b|(?:^|[\s'"])(?:pip3?|npm|npx|yarn|cargo|apt|apt-get|curl|wget|git)(?:['"]|: (?:command )?not found| ENOENT|: executable file not found)/m,
    hint: 'Nothing can be installed or downloaded in a sandbox: it has no network, and so no program for it.',
  },
  {
    words: /no display name and no \$DISPLAY|\bcannot open display\b|No module named '_?tkinter'/i,
    hint: 'A sandbox has no screen: a program can print, and cannot open windows.',
  },
  {
    words:
      /\bMemoryError\b|\bENOMEM\b|Array buffer allocation failed|memory allocation of \d+ bytes failed|runtime: out of memory|\bcannot allocate memory/i,
    hint: `A run has ${LIMITS.memoryBytes >> 20} MiB of memory, for all of its processes together.`,
  },
  {
    words: /cannot execute ['‘]cc1/,
    hint: 'A sandbox has no C compiler.',
  },
  {
    words: /\bno space left on device|\bENOSPC\b|StorageFull/i,
    hint: `A folder of the sandbox is full: /w and /tmp take ${DISK} and ${LIMITS.inodes.toLocaleString('en')} files each, /dev/shm takes ${SHM}.`,
  },
  {
    words: /\bread-only file ?system|\bEROFS\b/i,
    hint: 'A program can write to its own folder /w, to /tmp and to /dev/shm. Everything else in a sandbox is read-only.',
  },
  {
    words: /\blisten EACCES|\bbind: permission denied/,
    hint: 'A program in a sandbox can listen on ports from 1024 on.',
  },
  {
    words: /\bOperation not permitted|\bEPERM\b/i,
    hint: 'A sandbox refuses calls that need an administrator’s rights or reach outside of it.',
  },
  {
    words: /\btoo many open files|\bEMFILE\b/i,
    hint: 'A program in a sandbox can have 1,024 files and connections open at a time.',
  },
];

/** How a server ends here. */
const WAITED: readonly RunEndReason[] = ['wall', 'stopped'];
const SERVES = /\b(?:listening|serving|running|started|ready)\b.{0,60}(?:\bport\b|\blocalhost\b|:\d{4,5}\b)/i;

const SIGNALS: Readonly<Record<string, string>> = {
  SIGBUS: `SIGBUS means that mapped memory had no room behind it: /dev/shm takes ${SHM}, /tmp and /w take ${DISK} each.`,
  SIGXFSZ: `SIGXFSZ means that a file grew too large: one takes at most ${(2 * LIMITS.diskBytes) >> 20} MiB.`,
};

/** What a newcomer to the language meets, and its own words do not say. */
function ofItsLanguage({ language, reason }: HintFacts, stderr: string): string | null {
  if (language === 'go' && reason === 'memory') return 'In Go, a recursion without end fills the memory too.';
  const browser = language === 'javascript' ? BROWSER.exec(stderr)?.[1] : undefined;
  return browser === undefined
    ? null
    : `JavaScript runs in Node here, not in a browser: there is no “${browser}”. console.log prints, and node:readline reads what is typed.`;
}

const BROWSER =
  /ReferenceError: (document|window|alert|prompt|confirm|localStorage|sessionStorage|XMLHttpRequest|location) is not defined/;

/** A file that was looked for where the program stands, and that is elsewhere in the room. */
function elsewhere({ paths, entry, folder }: HintFacts, said: string): string | null {
  const own = entry.slice(0, Math.max(0, entry.lastIndexOf('/')));
  if (own === '') return null;
  const there = (from: string, name: string) => paths.includes(from === '' ? name : `${from}/${name}`);
  const other = folder === '' ? own : '';
  for (const [, ...names] of said.matchAll(NO_SUCH_FILE)) {
    const name = names.find((found) => found !== undefined)!.replace(/^\.\//, '');
    if (there(folder, name) || !there(other, name)) continue;
    return folder === ''
      ? `“${name}” is in the folder ${own}, and the program started in the room’s top folder: from there it is “${own}/${name}”. The menu beside Run can start programs in their own folder.`
      : `“${name}” is in the room’s top folder, and the program started in ${own}. The menu beside Run can start programs in the top folder.`;
  }
  return null;
}

/** As Python, Node and Go say it; Rust names no file. */
const NO_SUCH_FILE =
  /No such file or directory: '([^'\n]{1,200})'|no such file or directory, \w+ '([^'\n]{1,200})'|\bopen ([^:\n]{1,200}): no such file/g;

/** A package that neither the image nor the room has. Go's are named by the agent, at the import. */
function absentPackage({ language, paths }: HintFacts, stderr: string): string | null {
  const name = ABSENT[language](stderr);
  if (name === null || paths.some((path) => isModule(path, name))) return null;
  return `${KINDS[language]} “${name}” is not here, and a sandbox has no network to download it. ${alternatives(language)}`;
}

function isModule(path: string, name: string): boolean {
  return path.split('/').some((segment) => segment === name || segment.replace(/\.\w+$/, '') === name);
}

const ABSENT: Readonly<Record<Language, (stderr: string) => string | null>> = {
  python: (stderr) => {
    const name = lastOf(stderr, /No module named '?([\w]+)/g);
    return name === null || /^(?:_?tkinter|pip)$/.test(name) ? null : name;
  },
  javascript: (stderr) => {
    const name = lastOf(stderr, /Cannot find (?:module|package) '([^'\n]{1,214})'/g);
    return name === null || /^(?:[./]|node:|file:)/.test(name)
      ? null
      : (/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? null);
  },
  go: () => null,
  rust: (stderr) => {
    const found =
      /(?:can't find crate for|use of undeclared crate or module|use of unresolved module or unlinked crate) `(\w+)`/.exec(
        stderr,
      );
    // A module of the standard library that was not imported: the compiler says how.
    return found === null || /consider importing/.test(stderr.slice(found.index)) ? null : found[1]!;
  },
};

function lastOf(text: string, pattern: RegExp): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? null;
}

const KINDS: Readonly<Record<Language, string>> = {
  python: 'The module',
  javascript: 'The package',
  go: 'The package',
  rust: 'The crate',
};

function alternatives(language: Language): string {
  const list = new Intl.ListFormat('en-GB').format(PACKAGES[language]);
  return list === ''
    ? 'Programs can use the standard library and the files of this room.'
    : `Programs can use the standard library, the files of this room, and ${list}.`;
}
