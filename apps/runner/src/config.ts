/** The runner's settings, from its environment. */
import { z } from 'zod';

const environment = z.object({
  /** Path of the Unix socket to listen on. A path of a socket holds 107 bytes at most. */
  CODESYNC_RUNNER_SOCKET: z.string().min(1).max(107),
  /** Names this installation, on the labels of its containers. */
  CODESYNC_INSTANCE: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  /** An existing folder for the engine's log and note. */
  CODESYNC_DATA: z.string().min(1),
  /** `never`: install and start no engine; use one that answers. */
  CODESYNC_DOCKER: z.enum(['auto', 'never']).default('auto'),
  /** An OCI runtime that the engine knows, such as `runsc`, for a second wall around every sandbox. */
  CODESYNC_RUNTIME: z.string().min(1).optional(),
});

export type Config = {
  readonly socket: string;
  readonly instance: string;
  readonly dataDir: string;
  readonly docker: 'auto' | 'never';
  readonly runtime: string | undefined;
};

/** Reads the settings; throws an error that names every variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success)
    throw new Error(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  const values = parsed.data;
  return {
    socket: values.CODESYNC_RUNNER_SOCKET,
    instance: values.CODESYNC_INSTANCE,
    dataDir: values.CODESYNC_DATA,
    docker: values.CODESYNC_DOCKER,
    runtime: values.CODESYNC_RUNTIME,
  };
}
