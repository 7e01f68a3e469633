// Formats texts in sandboxes: a run that is in no room's log, whose program becomes the formatter.
import {
  type FormatLanguage,
  type FormatReply,
  type FormatRequest,
  LIMITS,
  type Refusal,
  type RoomId,
  RUNNER_LIMITS,
  type RunEnd,
  RunId,
  type RunWords,
  refusal,
  streamText,
  utf8Length,
} from '@codesync/protocol';
import { whyNoSandbox } from '@codesync/room';
import type { Clock, Runner } from './ports.ts';

/** Each reads a text on its standard input and writes all of it, formatted, to its standard output. */
const COMMANDS: Readonly<Record<FormatLanguage, readonly [string, ...string[]]>> = {
  python: ['black', '-q', '-'],
  go: ['gofmt'],
  rust: ['rustfmt', '--edition', '2021'],
};

/** Where each formatter says which line it could not read. */
const LINES: Readonly<Record<FormatLanguage, RegExp>> = {
  python: /^error: cannot format -: .*?: (?<line>\d+):\d+/m,
  go: /^<standard input>:(?<line>\d+):\d+: /m,
  rust: /^ *--> <stdin>:(?<line>\d+):\d+/m,
};

/** What a formatter says of itself and of its input, which tells a person nothing. */
const PREFIX = /^(?:error: cannot format -: |error(?:\[E\d+\])?: |<standard input>:\d+:\d+: )/;

/** The most of a formatter's own words that is handed on, in UTF-16 units. */
const WORDS_UNITS = 200;

const ENTRY = 'format.py';

/** For whom a text is formatted: rooms and networks wait for sandboxes by turns. */
export type Asker = { readonly room: RoomId; readonly network: string };

export type FormatterOptions = {
  readonly runner: Pick<Runner, 'status' | 'start' | 'stop' | 'input'>;
  readonly clock: Clock;
  /** A random id. */
  readonly newId: () => string;
};

export class Formatter {
  readonly #options: FormatterOptions;

  constructor(options: FormatterOptions) {
    this.#options = options;
  }

  /** Resolves within `LIMITS.formatMs` to the formatted text, which is whole, or to a refusal. */
  async format({ language, text }: FormatRequest, { room, network }: Asker): Promise<FormatReply> {
    const { runner, clock, newId } = this.#options;
    const reason = whyNoSandbox(runner.status());
    if (reason !== null) return refused(refusal('run.unavailable', reason));
    if (utf8Length(text) > RUNNER_LIMITS.stdinBytes) return refused(refusal('format.tooLarge'));
    const run = RunId.parse(newId());
    const said: RunWords[] = [];
    return new Promise((resolve) => {
      const callOff = clock.after(LIMITS.formatMs, () => {
        runner.stop(run);
        resolve(refused(refusal('format.tooLong')));
      });
      runner.start(
        {
          run,
          room,
          network,
          // Its sandboxes start the fastest, and every formatter is in the image.
          language: 'python',
          entry: ENTRY,
          files: [{ path: ENTRY, text: programOf(COMMANDS[language]) }],
          args: [],
          env: {},
          workFolder: 'room',
        },
        {
          phase: () => undefined,
          output: (words) => void said.push(words),
          ended: (end) => {
            callOff();
            resolve(answerOf(language, said, end));
          },
        },
      );
      runner.input(run, text, true);
    });
  }
}

function refused(error: Refusal): FormatReply {
  return { ok: false, error };
}

function programOf([command, ...args]: readonly [string, ...string[]]): string {
  return `import os\nos.execvp(${JSON.stringify(command)}, ${JSON.stringify([command, ...args])})\n`;
}

function answerOf(language: FormatLanguage, said: readonly RunWords[], end: RunEnd): FormatReply {
  const written = (stream: 'stdout' | 'stderr') => said.map((words) => streamText(words, stream)).join('');
  if (end.reason === 'exit' && end.exitCode === 0) {
    return end.truncated.stdout === 0
      ? { ok: true, text: written('stdout') }
      : refused(refusal('format.tooLarge'));
  }
  if (end.reason === 'exit') return refused(failure(language, written('stderr')));
  if (end.reason === 'infrastructure') return refused(refusal('run.unavailable', end.message));
  return refused(
    refusal(
      'format.tooLarge',
      'The formatter needed more than a sandbox has. Split the file, then format its parts.',
    ),
  );
}

/** In the formatter's own words, with the line that it could not read. */
function failure(language: FormatLanguage, stderr: string): Refusal {
  const first = stderr.split('\n').find((line) => line.trim() !== '');
  if (first === undefined) return refusal('format.failed');
  const words = first.replace(PREFIX, '').trim().slice(0, WORDS_UNITS).toWellFormed();
  const line = LINES[language].exec(stderr)?.groups?.line;
  const where =
    line === undefined
      ? 'The formatter could not read the file'
      : `The formatter could not read line ${line}`;
  return refusal('format.failed', `${where}: “${words}”. Mend it, then format again.`);
}
