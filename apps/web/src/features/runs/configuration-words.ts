// What the page says about run configurations, and what runs were given. Pure.
import type { FileId, Run, RunConfiguration } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { lineOf } from './command-line.ts';

type Files = ReadonlyMap<FileId, FileEntry>;

/** Why a configuration cannot be run, in a sentence; null when it can. */
export function configurationProblem({ entry, stdin }: RunConfiguration, files: Files): string | null {
  if (!files.has(entry)) return 'The file that it runs was deleted. Choose another one, or bring it back.';
  if (stdin !== null && !files.has(stdin))
    return 'The file that its input comes from was deleted. Choose another one, or bring it back.';
  return null;
}

/** What a configuration does, in a few words: its file and its arguments. */
export function configurationHint({ entry, args }: RunConfiguration, files: Files): string {
  return [
    files.get(entry)?.path ?? 'Its file was deleted',
    ...(args.length === 0 ? [] : [lineOf(args)]),
  ].join(' ');
}

/** What a run was given beside its files, each in a few words; none of a simple run. */
export function givenWords(
  run: Pick<Run, 'configuration' | 'args' | 'env' | 'stdin' | 'files'>,
): readonly string[] {
  const { configuration, args, env, stdin } = run;
  return [
    ...(configuration === undefined ? [] : [`by “${configuration.name}”`]),
    ...(args === undefined ? [] : [`with ${lineOf(args)}`]),
    ...(env === undefined
      ? []
      : [`where ${env.map(({ name, value }) => `${name}=${lineOf([value])}`).join(' ')}`]),
    ...(stdin === undefined ? [] : [`reading ${stdinOf(run) ?? 'a file'}`]),
  ];
}

/** The path of the file that a run's input came from; null when people type it. */
export function stdinOf({ stdin, files }: Pick<Run, 'stdin' | 'files'>): string | null {
  return files.find(({ file }) => file === stdin)?.path ?? null;
}

/** `name`, or the first of `name 2`, `name 3` … that no other configuration has. */
export function freeName(name: string, taken: Iterable<Pick<RunConfiguration, 'name'>>): string {
  const names = new Set([...taken].map((other) => other.name));
  const stem = name.replace(/ \d+$/, '');
  let free = name;
  for (let n = 2; names.has(free); n++) free = `${stem} ${n}`;
  return free;
}
