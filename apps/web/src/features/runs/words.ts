// What the page says about runs and the sandbox. Pure: states in, sentences out.
import {
  LANGUAGES,
  type Language,
  type Run,
  type RunEnd,
  type RunEndReason,
  type SandboxStatus,
} from '@codesync/protocol';
import { bytes, forHowLong, span } from '../../ui/time.ts';

export type RunTone = 'success' | 'danger' | 'warning' | 'neutral' | 'active';

export type StateWords = {
  /** A few words for the panel's head. */
  readonly label: string;
  readonly tone: RunTone;
};

export function pathOfRun(run: Pick<Run, 'entry' | 'files'>): string {
  return run.files.find(({ file }) => file === run.entry)?.path ?? 'a deleted file';
}

/** What a run's output is called as a file. */
export function fileNameOf(run: Run): string {
  return `${pathOfRun(run).replaceAll('/', '-')}.${run.id}.txt`;
}

/** The folder in which a run was started, in words. Null if its file is in no folder, for then there is no choice. */
export function standingOfRun(run: Run): string | null {
  if (!pathOfRun(run).includes('/')) return null;
  return run.workFolder === 'entry' ? 'in its own folder' : 'in the top folder';
}

export function versionOfRun(run: Run): number | null {
  return run.files.find(({ file }) => file === run.entry)?.version ?? null;
}

/** Where a run stands. `elapsedMs` is counted by this page while it runs. */
export function stateWords(run: Run, elapsedMs: number): StateWords {
  if (run.end !== null) return endWords(run.end);
  switch (run.phase) {
    case 'queued':
      return { label: 'Waiting for a sandbox', tone: 'active' };
    case 'compiling':
      return { label: `Compiling, ${forHowLong(elapsedMs)}`, tone: 'active' };
    default:
      return { label: `Running for ${forHowLong(elapsedMs)}`, tone: 'active' };
  }
}

export function endWords(end: RunEnd): StateWords {
  switch (end.reason) {
    case 'exit':
      return { label: `Exit ${end.exitCode ?? '?'}`, tone: exitTone(end) };
    case 'signal':
      return { label: end.signal ?? 'Killed', tone: 'danger' };
    case 'compile':
      return { label: 'Did not compile', tone: 'danger' };
    case 'stopped':
      return { label: 'Stopped', tone: 'neutral' };
    case 'wall':
      return { label: 'Stopped: time limit', tone: 'warning' };
    case 'cpu':
      return { label: 'Stopped: processor limit', tone: 'warning' };
    case 'memory':
      return { label: 'Stopped: memory limit', tone: 'warning' };
    case 'pids':
      return { label: 'Stopped: process limit', tone: 'warning' };
    case 'output':
      return { label: 'Stopped: output limit', tone: 'warning' };
    case 'files':
      return { label: 'Not started', tone: 'danger' };
    case 'infrastructure':
      return { label: 'Sandbox lost', tone: 'danger' };
  }
}

/** A run in the list of runs: how it ended and after how long, or that it goes on. */
export function resultWords(run: Run): string {
  if (run.end === null) return run.phase === 'queued' ? 'Waiting' : 'Running';
  const { label } = endWords(run.end);
  const [time] = endFacts(run.end);
  return time === undefined ? label : `${label} · ${time.value}`;
}

function exitTone({ exitCode, limits = [] }: RunEnd): RunTone {
  if (exitCode !== 0) return 'danger';
  return limits.length === 0 ? 'success' : 'warning';
}

const SENTENCES: Readonly<Record<Exclude<RunEndReason, 'exit' | 'signal'>, string>> = {
  compile: 'The compiler refused the program. What it says is above.',
  stopped: 'Stopped: someone pressed Stop.',
  wall: 'Stopped: it ran longer than a run may.',
  cpu: 'Stopped: it used more processor time than a run may.',
  memory: 'Stopped: it used more memory than a run may.',
  pids: 'Stopped: it started more processes than a run may.',
  output: 'Stopped: it printed more than a run may.',
  files: 'Not started: one of the files could not be placed in the sandbox.',
  infrastructure: 'The sandbox was lost. This was not the program’s fault: run it again.',
};

const SIGNALS: Readonly<Record<string, string>> = {
  SIGSEGV: 'it touched memory that is not its own',
  SIGABRT: 'it gave up by itself',
  SIGFPE: 'an impossible calculation, as a division by zero',
  SIGILL: 'an instruction the processor does not know',
  SIGKILL: 'it was killed',
  SIGTERM: 'it was asked to end',
  SIGPIPE: 'it wrote to where nobody reads',
};

/** How a run ended, in a sentence. The runner's own sentence knows the numbers, and wins. */
export function endSentence(end: RunEnd): string {
  if (end.reason === 'exit') {
    return end.exitCode === 0
      ? 'Finished with exit code 0.'
      : `Ended with exit code ${end.exitCode ?? 'unknown'}.`;
  }
  if (end.reason === 'signal') {
    const meaning = SIGNALS[end.signal ?? ''];
    return `Ended by ${end.signal ?? 'a signal'}${meaning === undefined ? '' : `: ${meaning}`}.`;
  }
  return end.message ?? SENTENCES[end.reason];
}

/** What is said of an end below the output. Null if the panel's head says it already. `silent`: it printed nothing. */
export function endRemark(end: RunEnd, silent: boolean): string | null {
  if (end.reason !== 'exit') return endSentence(end);
  return silent ? 'It printed nothing.' : null;
}

/** What there is to say beside how it ended: a sentence for each limit that was met on the way, then the hints. */
export function endNotes(end: RunEnd): readonly string[] {
  const { reason, message, limits = [], hints = [] } = end;
  // The page tells these two ends in its own words. What the runner says is about something else.
  const beside = (reason === 'exit' || reason === 'signal') && message !== undefined ? [message] : [];
  return [...beside, ...limits.map((limit) => limit.message), ...hints];
}

/** The measured facts of an ended run, each a label and a value; none of a program that never ran. */
export function endFacts(end: RunEnd): readonly { readonly name: string; readonly value: string }[] {
  if (end.reason === 'compile' || end.reason === 'files' || end.reason === 'infrastructure') return [];
  return [
    { name: 'Time', value: span(end.wallMs) },
    { name: 'CPU', value: span(end.cpuMs) },
    { name: 'Memory', value: bytes(end.peakBytes) },
  ];
}

/** “12 kB of stdout and 3 kB of stderr came after the limit and were not kept.”, or null. */
export function truncatedWords({ truncated }: RunEnd): string | null {
  const parts = (['stdout', 'stderr'] as const)
    .filter((stream) => truncated[stream] > 0)
    .map((stream) => `${bytes(truncated[stream])} of ${stream}`);
  return parts.length === 0 ? null : `${parts.join(' and ')} came after the limit and were not kept.`;
}

export type SandboxWords = {
  readonly label: string;
  readonly tone: 'neutral' | 'success' | 'active' | 'warning';
  readonly detail: string;
  readonly percent: number | null;
};

/** @param going how many runs of the room have not ended. */
export function sandboxWords(sandbox: SandboxStatus, language: Language | null, going: number): SandboxWords {
  switch (sandbox.state) {
    case 'starting':
      return {
        label: 'Sandbox starting',
        tone: 'active',
        detail: 'Where code runs is being started. Editing goes on meanwhile.',
        percent: null,
      };
    case 'preparing':
      return {
        label: `Preparing ${Math.round(sandbox.percent)} %`,
        tone: 'active',
        detail: `Making the place where code runs: ${sandbox.step}. This happens once; editing goes on meanwhile.`,
        percent: sandbox.percent,
      };
    case 'off':
      return {
        label: 'Runs are off',
        tone: 'warning',
        detail: `${sandbox.reason} ${sandbox.mend}`,
        percent: null,
      };
    case 'ready': {
      if (going > 0) {
        return {
          label: 'Busy',
          tone: 'active',
          detail: `${going === 1 ? 'A program' : `${going} programs`} of this room ${going === 1 ? 'runs' : 'run'}, each in a sandbox of its own. More can be started meanwhile.`,
          percent: null,
        };
      }
      const busy = sandbox.busy === 0 ? '' : ` ${sandbox.busy} busy just now.`;
      const warm = language === null ? null : (sandbox.warm[language] ?? 0);
      if (warm === 0) {
        return {
          label: 'Ready',
          tone: 'neutral',
          detail: `No ${LANGUAGES[language!].label} sandbox is warm just now; a run starts a little later.${busy}`,
          percent: null,
        };
      }
      const count =
        warm === null
          ? ''
          : ` ${warm} ${LANGUAGES[language!].label} sandbox${warm === 1 ? ' is' : 'es are'} warm.`;
      return {
        label: 'Ready',
        tone: 'success',
        detail: `Code runs in a sandbox of its own.${count}${busy}`,
        percent: null,
      };
    }
  }
}

/** What a screen reader is told when runs begin and end; null when nothing changed that is worth a word. */
export function announcement(
  before: readonly Run[],
  after: readonly Run[],
  nameOf: (run: Run) => string,
): string | null {
  const known = new Map(before.map((run) => [run.id, run]));
  for (const run of after.toReversed()) {
    const was = known.get(run.id);
    if (run.end !== null && was !== undefined && was.end === null) {
      return `${pathOfRun(run)}: ${[endSentence(run.end), ...endNotes(run.end)].join(' ')}`;
    }
    if (was === undefined && run.end === null) return `${nameOf(run)} started ${pathOfRun(run)}.`;
  }
  return null;
}
