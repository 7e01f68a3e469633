/** Terminals of this machine: a shell on a bare pseudo-terminal, and clients of one session of tmux. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = (file: string) => new URL(file, import.meta.url).pathname;
/** What a shell sees of this process's environment. */
export const SHELL_ENVIRONMENT = { PATH: process.env.PATH, HOME: '/tmp', TERM: 'xterm-256color' };
export const SHELL = ['bash', '--rcfile', here('shell.rc')];

/** Of the one who types, and of the last of the others, in milliseconds; of one alone both are the same. */
export type Took = readonly [own: number, last: number];

export class Ptys {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(clients: number, program: readonly string[]) {
    this.#child = spawn('python3', [here('ptys.py'), String(clients), ...program], {
      env: SHELL_ENVIRONMENT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface(this.#child.stdout!)[Symbol.asyncIterator]();
  }

  /** A shell with nothing between. Null where there is no Python. */
  static async bare(): Promise<Ptys | null> {
    if (!(await isThere('python3', '--version'))) return null;
    return await Ptys.#ready(new Ptys(1, SHELL));
  }

  /** Clients that are attached to one session. Null where there is no tmux, or no Python. */
  static async tmux(clients: number): Promise<Ptys | null> {
    if (!(await isThere('python3', '--version')) || !(await isThere('tmux', '-V'))) return null;
    const tmux = ['tmux', '-L', `codesync-bench-${process.pid}`, '-f', here('tmux.conf')];
    // The first of them makes the session.
    const join = ['new-session', '-A', '-s', 'bench', SHELL.join(' ')];
    return await Ptys.#ready(new Ptys(clients, [...tmux, ...join]));
  }

  static async #ready(ptys: Ptys): Promise<Ptys> {
    await ptys.#ask({ do: 'wait', shows: '\\$ ' });
    return ptys;
  }

  /** Types keys one by one, each after `gapMs` and when all have shown the one before. */
  keys(count: number, gapMs: number): Promise<Took[]> {
    return this.#ask({ do: 'keys', count, gapMs }) as Promise<Took[]>;
  }

  /** Types a text, until all have shown what it leads to. @param shows a regular expression of Python */
  enter(text: string, shows: string): Promise<Took> {
    return this.#ask({ do: 'enter', text, shows }) as Promise<Took>;
  }

  /** How long one more takes that comes, shows this, and goes. */
  attach(shows: string): Promise<number> {
    return this.#ask({ do: 'attach', shows }) as Promise<number>;
  }

  close(): void {
    this.#child.stdin!.end();
  }

  async #ask(order: object): Promise<unknown> {
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`no answer to ${JSON.stringify(order)}`);
    return JSON.parse(value);
  }
}

async function isThere(...[program, ...args]: readonly string[]): Promise<boolean> {
  return await run(program!, args).then(
    () => true,
    () => false,
  );
}
