// What a program is given beside its files. Pure.
import { z } from 'zod';
import type { RefusalCode } from './errors.ts';
import { FileId } from './ids.ts';
import { WorkFolder } from './rooms.ts';
import { RUNNER_LIMITS } from './runner-limits.ts';
import { utf8Length, WellFormedText } from './text.ts';

/**
 * The fields of a `RunSetup`.
 *
 * - `args` are the arguments as the program gets them, one each.
 * - `env` are variables beside those that every program has.
 * - `stdin` is the file whose text the program reads as its input; null: people type it.
 */
export const runSetup = {
  args: z.array(WellFormedText).readonly(),
  env: z.array(z.strictObject({ name: WellFormedText, value: WellFormedText }).readonly()).readonly(),
  stdin: FileId.nullable(),
  workFolder: WorkFolder,
};
export const RunSetup = z.strictObject(runSetup);
export type RunSetup = z.infer<typeof RunSetup>;

/** `__proto__` is left out: objects that are made of JSON cannot have it everywhere. */
const ENV_NAME = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]*$/;

/** Why a program cannot be given this, whatever files there are; null when it can. */
export function setupProblem({ args, env }: Pick<RunSetup, 'args' | 'env'>): RefusalCode | null {
  const argsBytes = args.reduce((sum, each) => sum + utf8Length(each) + 1, 0);
  if (args.length > RUNNER_LIMITS.args || argsBytes > RUNNER_LIMITS.argsBytes) return 'run.args';
  if (args.some(hasNul)) return 'run.args';
  const names = new Set(env.map(({ name }) => name));
  if (names.size < env.length || env.some(({ name }) => !ENV_NAME.test(name))) return 'run.envName';
  const envBytes = env.reduce((sum, { name, value }) => sum + utf8Length(name) + utf8Length(value) + 2, 0);
  if (env.length > RUNNER_LIMITS.env || envBytes > RUNNER_LIMITS.envBytes) return 'run.env';
  return env.some(({ value }) => hasNul(value)) ? 'run.env' : null;
}

const hasNul = (text: string): boolean => text.includes('\0');
