/** Whether a run's files, arguments and environment can be placed in a sandbox. Pure. */
import {
  RUNNER_LIMITS as LIMITS,
  pathProblem,
  LIMITS as ROOM_LIMITS,
  type RunnerStart,
} from '@codesync/protocol';

/** Why the run cannot be begun, as a sentence for the person who started it; null when it can. */
export function startProblem(start: RunnerStart): string | null {
  return filesProblem(start) ?? argumentsProblem(start.args ?? []) ?? environmentProblem(start.env ?? {});
}

function filesProblem({ files, entry }: RunnerStart): string | null {
  if (files.length > LIMITS.files)
    return `A run can have up to ${LIMITS.files} files; this one has ${files.length}.`;
  let total = 0;
  let blobs = 0;
  const names = new Set<string>();
  const folders = new Set<string>();
  for (const file of files) {
    const problem = pathProblem(file.path);
    if (problem !== null) return `The file name “${visible(file.path)}” cannot be used. ${problem}`;
    if (names.has(file.path)) return `Two files are called “${file.path}”.`;
    names.add(file.path);
    for (let at = file.path.indexOf('/'); at !== -1; at = file.path.indexOf('/', at + 1))
      folders.add(file.path.slice(0, at));
    if ('blob' in file) {
      blobs += file.blob.bytes;
      continue;
    }
    const bytes = Buffer.byteLength(file.text);
    if (bytes > LIMITS.fileBytes) return `“${file.path}” is larger than ${megabytes(LIMITS.fileBytes)}.`;
    total += bytes;
  }
  for (const name of names) if (folders.has(name)) return `“${name}” is the name of a file and of a folder.`;
  if (total > LIMITS.workspaceBytes)
    return `The files together are larger than ${megabytes(LIMITS.workspaceBytes)}.`;
  if (blobs > ROOM_LIMITS.roomBytes)
    return `The files that are no text are together larger than ${megabytes(ROOM_LIMITS.roomBytes)}.`;
  if (!names.has(entry)) return `There is no file “${visible(entry)}” to run.`;
  return null;
}

function argumentsProblem(args: readonly string[]): string | null {
  if (args.length > LIMITS.args) return `A program can be given up to ${LIMITS.args} arguments.`;
  if (args.some((argument) => argument.includes('\0'))) return 'An argument cannot contain a NUL character.';
  const bytes = args.reduce((sum, argument) => sum + Buffer.byteLength(argument) + 1, 0);
  return bytes > LIMITS.argsBytes
    ? `The arguments together are longer than ${LIMITS.argsBytes} bytes.`
    : null;
}

function environmentProblem(env: Readonly<Record<string, string>>): string | null {
  const entries = Object.entries(env);
  if (entries.length > LIMITS.env) return `A program can be given up to ${LIMITS.env} environment variables.`;
  let bytes = 0;
  for (const [name, value] of entries) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return `“${visible(name)}” cannot name an environment variable.`;
    if (value.includes('\0')) return `The environment variable ${name} cannot contain a NUL character.`;
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
  }
  return bytes > LIMITS.envBytes
    ? `The environment variables together are longer than ${LIMITS.envBytes} bytes.`
    : null;
}

function visible(text: string): string {
  const shown = text.replace(/\p{C}/gu, '�');
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
}

function megabytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
