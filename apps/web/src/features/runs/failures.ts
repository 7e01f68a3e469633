// Reads where a program failed out of what it printed: tracebacks, compilers' messages, panics. Pure.
import { type Language, type Run, streamText } from '@codesync/protocol';
import { pathReader } from './references.ts';
import { plainText } from './transcript.ts';

export type Failure = {
  /** The path that the room's file had when the run started. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, as the language counts. It is a UTF-16 unit wherever the line up to it is ASCII. */
  readonly column?: number;
  /** The column after the last one that is meant. */
  readonly endColumn?: number;
  /** One sentence or a few short lines, in the language's own words. */
  readonly message: string;
  readonly severity: 'error' | 'warning';
};

type Place = { readonly path: string; readonly line: number; readonly column?: number };
/** The room's path that a printed one means, or null for a file that is not the room's. */
type FileOf = (printed: string) => string | null;

/** More than a person reads; a program may print tracebacks by the thousand. */
export const FAILURES_MAX = 50;
const MESSAGE_UNITS = 600;
/** How much of a line is read. No place stands further behind, and no pattern's cost grows with the rest. */
const LINE_UNITS = 1_000;

const READERS: Readonly<Record<Language, (lines: readonly string[], fileOf: FileOf, run: Run) => Failure[]>> =
  { python: readPython, javascript: readJavaScript, go: readGo, rust: readRust };

/**
 * The places that an ended run's errors point to, in the order in which they were printed, each once. Of a stack, only
 * the innermost place in a file of the room counts. The time is linear in the output.
 */
export function failuresOf(run: Run): readonly Failure[] {
  const paths = new Set(run.files.map(({ path }) => path));
  const fileOf = pathReader(run, paths);
  const printed = plainText(
    run.output.flatMap((piece) =>
      piece.stream === 'stdin' ? [] : [{ stream: 'stderr', text: streamText(piece, 'stderr') }],
    ),
  );
  const lines = printed.split('\n').map((line) => line.slice(0, LINE_UNITS));
  const found = new Map<string, Failure>();
  for (const failure of READERS[run.language](lines, fileOf, run)) {
    const key = `${failure.path}\n${failure.line}\n${failure.message}`;
    if (!found.has(key)) found.set(key, failure);
    if (found.size === FAILURES_MAX) break;
  }
  return [...found.values()];
}

function failure(place: Place, message: string, severity: Failure['severity'] = 'error'): Failure {
  return { ...place, message: message.trim().slice(0, MESSAGE_UNITS), severity };
}

/**
 * Of a traceback: the last frame in the room. Of a chain of tracebacks: one place each. Of a group: one place for each
 * exception that was raised.
 */
function readPython(lines: readonly string[], fileOf: FileOf): Failure[] {
  const failures: Failure[] = [];
  let frame: Place | null = null;
  for (const printed of lines) {
    // The margin of an exception group.
    const line = printed.replace(/^ *(?:\+ (?=Exception Group)|\| ?)/, '');
    const place = /^ +File "([^"]+)", line (\d{1,7})(?:, in .*)?$/.exec(line);
    const warning = /^(.+\.py):(\d{1,7}): (\w+Warning: .*)$/.exec(line);
    if (place !== null) {
      const path = fileOf(place[1]!);
      if (path !== null) frame = { path, line: Number(place[2]) };
    } else if (warning !== null) {
      const path = fileOf(warning[1]!);
      if (path !== null) failures.push(failure({ path, line: Number(warning[2]) }, warning[3]!, 'warning'));
    } else if (/^\S/.test(line)) {
      const header = /^(?:Exception Group )?Traceback \(most recent call last\):$/.test(line);
      if (frame !== null && !header) failures.push(failure(frame, line));
      frame = null;
    }
  }
  return failures;
}

/**
 * An uncaught error begins with its place, its line and a caret. Any other printed error has only a stack. The place
 * wins: for a syntax error, the stack only tells who loaded the file.
 */
function readJavaScript(lines: readonly string[], fileOf: FileOf): Failure[] {
  const failures: Failure[] = [];
  const placed = (printed: string, line: string): Place | null => {
    const path = fileOf(printed.startsWith('file://') ? decoded(printed.slice(7)) : printed);
    return path === null ? null : { path, line: Number(line) };
  };
  let header: Place | null = null;
  let caret = 0;
  let message: string | null = null;
  for (const line of lines) {
    const begins = /^((?:file:\/\/)?\/.+):(\d{1,7})$/.exec(line);
    if (begins !== null) {
      header = placed(begins[1]!, begins[2]!);
      caret = 0;
      continue;
    }
    if (header !== null) {
      if (caret === 0) caret = /^\s*\^+\s*$/.test(line) ? line.indexOf('^') + 1 : 0;
      else if (line.trim() !== '') {
        failures.push(failure({ ...header, column: caret }, line));
        header = null;
        message = null;
      }
      continue;
    }
    const frame = /^\s+at (?:.+ \()?((?:file:\/\/)?\/.+):(\d{1,7}):(\d{1,7})\)?/.exec(line);
    if (frame !== null) {
      const place = message === null ? null : placed(frame[1]!, frame[2]!);
      if (place === null) continue;
      failures.push(failure({ ...place, column: Number(frame[3]) }, message!));
      message = null;
      continue;
    }
    const named = /^(?:Uncaught )?(?:\s*\[cause\]: )?([\w$.]*(?:Error|Exception)\b.*)$/.exec(line);
    if (named !== null) message = named[1]!;
  }
  return failures;
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** What the compiler refuses; and of a panic, the innermost place of the goroutine that is printed first. */
function readGo(lines: readonly string[], fileOf: FileOf, { end }: Run): Failure[] {
  return end?.reason === 'compile' ? readGoCompiler(lines, fileOf) : readGoPanics(lines, fileOf);
}

function readGoCompiler(lines: readonly string[], fileOf: FileOf): Failure[] {
  const failures: Failure[] = [];
  let last: { place: Place; message: string } | null = null;
  const flush = () => {
    if (last !== null) failures.push(failure(last.place, last.message));
    last = null;
  };
  for (const line of lines) {
    if (last !== null && line.startsWith('\t')) {
      last.message += `\n${line.trim()}`;
      continue;
    }
    flush();
    const found = /^(?:vet: )?([^:]+\.(?:go|s|mod)):(\d{1,7})(?::(\d{1,7}))?: (.+)$/.exec(line);
    const path = found === null ? null : fileOf(found[1]!);
    if (found === null || path === null) continue;
    const place = { path, line: Number(found[2]) };
    last = {
      place: found[3] === undefined ? place : { ...place, column: Number(found[3]) },
      message: found[4]!,
    };
  }
  flush();
  return failures;
}

function readGoPanics(lines: readonly string[], fileOf: FileOf): Failure[] {
  const failures: Failure[] = [];
  let message: string | null = null;
  let inStack = false;
  let called = '';
  for (const line of lines) {
    const said = /^\t?(?:panic|fatal error): (.+)$/.exec(line);
    if (said !== null) {
      message = said[1]!;
      inStack = false;
      continue;
    }
    if (message === null) continue;
    if (/^goroutine \d+ .*\[.*\]:$/.test(line)) {
      inStack = true;
      continue;
    }
    const frame = /^\t(.+\.go):(\d{1,7})(?: .*)?$/.exec(line);
    if (frame === null) {
      called = line;
      continue;
    }
    const path = inStack ? fileOf(frame[1]!) : null;
    if (path === null || isLibrary(frame[1]!, path, called)) continue;
    failures.push(failure({ path, line: Number(frame[2]) }, message));
    message = null;
  }
  return failures;
}

/**
 * The standard library's files are printed like those of a module, for example `sort/sort.go`. That does not mean a
 * room's `sort.go`. Files at the root of a module are of package main.
 */
function isLibrary(printed: string, path: string, called: string): boolean {
  const relative = !printed.startsWith('/') && printed !== path && printed !== `./${path}`;
  return relative && !path.includes('/') && !called.startsWith('main.');
}

/** The compiler's errors and warnings at the place that each is about first, and panics. */
function readRust(lines: readonly string[], fileOf: FileOf): Failure[] {
  const failures: Failure[] = [];
  let header: { message: string; severity: Failure['severity'] } | null = null;
  let diagnostic: Failure | null = null;
  let panic: { place: Place | null; said: string[] } | null = null;
  const flush = () => {
    if (diagnostic !== null) failures.push(diagnostic);
    if (panic !== null && panic.place !== null) failures.push(failure(panic.place, panic.said.join('\n')));
    diagnostic = null;
    panic = null;
  };
  for (const line of lines) {
    const begins = /^(error|warning)(?:\[(\w+)\])?: (.+)$/.exec(line);
    if (begins !== null) {
      flush();
      const code = begins[2] === undefined ? '' : ` (${begins[2]})`;
      header = { message: `${begins[3]}${code}`, severity: begins[1] === 'error' ? 'error' : 'warning' };
      continue;
    }
    const panics = /^thread .* panicked at (.+):(\d{1,7}):(\d{1,7}):$/.exec(line);
    if (panics !== null) {
      flush();
      header = null;
      panic = { place: placeIn(fileOf, panics), said: [] };
      continue;
    }
    if (panic !== null) {
      if (line === '' || line.startsWith('note: ')) flush();
      else panic.said.push(line);
      continue;
    }
    const points = header === null ? null : /^\s*--> (.+):(\d{1,7}):(\d{1,7})$/.exec(line);
    if (points !== null) {
      const place = placeIn(fileOf, points);
      if (place !== null) diagnostic = failure(place, header!.message, header!.severity);
      header = null;
      continue;
    }
    if (diagnostic !== null) {
      if (line === '') flush();
      else diagnostic = underlined(diagnostic, line);
    }
  }
  flush();
  return failures;
}

function placeIn(fileOf: FileOf, { 1: printed, 2: line, 3: column }: RegExpExecArray): Place | null {
  const path = fileOf(printed!);
  return path === null ? null : { path, line: Number(line), column: Number(column) };
}

/** The diagnostic with what stands at its carets: how far it reaches, and why. Only the first carets count. */
function underlined(diagnostic: Failure, line: string): Failure {
  if (diagnostic.endColumn !== undefined) return diagnostic;
  const carets = /^\s*\|[^_]*?(\^+)(?: ([^|]+))?$/.exec(line);
  if (carets === null) return diagnostic;
  const { message, column = 1 } = diagnostic;
  const why = carets[2] === undefined ? message : `${message}\n${carets[2]}`;
  return { ...diagnostic, endColumn: column + carets[1]!.length, message: why.slice(0, MESSAGE_UNITS) };
}
