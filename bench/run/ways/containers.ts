/**
 * Docker without CodeSync: a container for each run, or a command in one that runs already. The image, the limits and
 * the walls are those of our sandboxes. Both speak to the engine's own interface, as our runner does: what the `docker`
 * command itself takes to start is not counted against them. The program comes over standard input.
 */
import type { Duplex } from 'node:stream';
import type { Language } from '@codesync/protocol';
import { containerSpec } from '../../../apps/runner/src/container-spec.ts';
import type { dockerClient } from '../../../apps/runner/src/engine.ts';
import { processName } from '../../../apps/runner/src/process-name.ts';
import { removeContainersOf } from '../../../apps/runner/src/reaper.ts';
import type { Job, Way } from '../way.ts';
import { hearAttached, Listening } from './going.ts';

export type Docker = ReturnType<typeof dockerClient>;

/** What runs a program that comes over standard input. */
const COMMANDS: Readonly<Record<Language, readonly string[]>> = {
  python: ['python3', '-'],
  javascript: ['node', '-'],
  go: ['sh', '-c', 'cat > main.go && exec go run main.go'],
  rust: ['sh', '-c', 'cat > main.rs && rustc -o main main.rs && exec ./main'],
};
/** What runs a binary that comes so. */
const BINARY = ['sh', '-c', 'cat > main && chmod +x main && exec ./main'];
const KEPT_BINARY = '/tmp/kept';

/** The image holds the standard library as these have it; nobody compiles it anew for each run. */
const ENVIRONMENT = [
  'HOME=/tmp',
  'CGO_ENABLED=0',
  'GOCACHE=/tmp/go-cache',
  'GODEBUG=installgoroot=all',
  'GOFLAGS=-trimpath -gcflags=all=-dwarf=false',
  'GOTELEMETRY=off',
];
/** Not the ones that the pool gives first. */
const SLOT = 63;

export class Containers {
  readonly #docker: Docker;
  readonly #image: string;
  readonly #cpus: number;
  readonly #instance: string;
  #standing: Promise<Awaited<ReturnType<Docker['createContainer']>>> | null = null;

  constructor(docker: Docker, image: string, cpus: number) {
    this.#docker = docker;
    this.#image = image;
    this.#cpus = cpus;
    this.#instance = `bench-${process.pid}`;
  }

  /** A container of its own for each run, made when it starts. */
  run(): Way {
    return {
      title: 'docker run',
      remark: null,
      prepare: async (job) => () => {
        const spec = this.#spec(job.binary === undefined ? COMMANDS[job.language] : BINARY);
        let container: Awaited<ReturnType<Docker['createContainer']>> | null = null;
        const going = new Listening(() => void container?.kill());
        const begin = async (): Promise<void> => {
          container = await this.#docker.createContainer(spec);
          const stream = (await container.attach(ATTACH)) as Duplex;
          hearAttached(stream, going);
          await container.start();
          stream.end(job.binary ?? job.text);
        };
        begin().catch((error: Error) => {
          going.err(error.message);
          going.over();
        });
        return going;
      },
    };
  }

  /** A command in a container that stands ready. */
  exec(): Way {
    return {
      title: 'docker exec',
      remark: null,
      prepare: async (job) => {
        const container = await this.#stand();
        if (job.binary !== undefined) await this.#keep(job.binary);
        return () => {
          const going = new Listening(() => undefined);
          const command = job.binary === undefined ? COMMANDS[job.language] : [KEPT_BINARY];
          this.#execute(container, command, job.binary === undefined ? job.text : '', going);
          return going;
        };
      },
    };
  }

  /** What the toolchain of the image makes of a program. */
  async compile({ language, text }: Job): Promise<Buffer> {
    const build =
      language === 'go'
        ? 'cat > b.go && go build -ldflags="-s -w" -o b b.go && base64 b'
        : 'cat > b.rs && rustc -o b b.rs && base64 b';
    return Buffer.from(await this.ask(build, text), 'base64');
  }

  /** What a shell command prints there. Throws when it prints nothing. */
  async ask(script: string, input = ''): Promise<string> {
    const going = new Listening(() => undefined);
    this.#execute(await this.#stand(), ['sh', '-c', script], input, going);
    const { output, trouble } = await going.ended;
    if (output === '') throw new Error(`${script}: ${trouble}`);
    return output;
  }

  /** Removes all of them. */
  async remove(): Promise<void> {
    await removeContainersOf(this.#docker, processName());
  }

  #spec(command: readonly string[]) {
    const spec = containerSpec({
      image: this.#image,
      instance: this.#instance,
      runner: processName(),
      purpose: { profile: 'run', language: 'python' },
      slot: SLOT,
      cpus: this.#cpus,
    });
    return { ...spec, Entrypoint: [command[0]!], Cmd: command.slice(1), Env: ENVIRONMENT };
  }

  #stand() {
    this.#standing ??= (async () => {
      const container = await this.#docker.createContainer(this.#spec(['cat']));
      // It stands for as long as somebody holds its input, and its input ends with this process.
      await container.attach(ATTACH);
      await container.start();
      return container;
    })();
    return this.#standing;
  }

  async #keep(binary: Buffer): Promise<void> {
    const going = new Listening(() => undefined);
    const command = ['sh', '-c', `rm -f ${KEPT_BINARY} && cat > ${KEPT_BINARY} && chmod +x ${KEPT_BINARY}`];
    this.#execute(await this.#stand(), command, binary, going);
    const { trouble } = await going.ended;
    if (trouble !== '') throw new Error(trouble);
  }

  #execute(
    container: Awaited<ReturnType<Docker['createContainer']>>,
    command: readonly string[],
    input: string | Buffer,
    going: Listening,
  ): void {
    const begin = async (): Promise<void> => {
      const exec = await container.exec({
        Cmd: [...command],
        Env: ENVIRONMENT,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
      });
      const stream = await exec.start({ hijack: true, stdin: true });
      hearAttached(stream, going);
      stream.end(input);
    };
    begin().catch((error: Error) => {
      going.err(error.message);
      going.over();
    });
  }
}

const ATTACH = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true } as const;
