/** A real TURN server on this machine, with a secret of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Need } from './needs.ts';

const PROGRAM = 'turnserver';
const START_MS = 15_000;
const SECRET = 'a-secret-of-this-relay-alone';

/** What tests by a relay need of this machine. */
export const COTURN: Need = {
  what: 'coturn',
  met: (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => folder !== '' && fs.existsSync(path.join(folder, PROGRAM))),
};

type CoturnOptions = {
  /** Where it listens, and relays from. */
  readonly address?: string;
  /** A program with its arguments that becomes it, such as one that puts it on another network. */
  readonly by?: readonly string[];
};

export class Coturn {
  readonly url: string;
  readonly secret = SECRET;
  readonly #address: string;
  readonly #port: number;
  readonly #by: readonly string[];
  readonly #folder: string;
  #child: ChildProcess;
  #output = '';

  private constructor({ address = '127.0.0.1', by = [] }: CoturnOptions, port: number, folder: string) {
    this.url = `turn:${address}:${port}?transport=udp`;
    this.#address = address;
    this.#port = port;
    this.#by = by;
    this.#folder = folder;
    this.#child = this.#spawn();
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  /** Resolves when it answers. */
  static async start(options: CoturnOptions = {}): Promise<Coturn> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-coturn-'));
    const coturn = new Coturn(options, freePort(), folder);
    await coturn.#answers();
    return coturn;
  }

  /** What it wrote down so far. */
  get output(): string {
    return this.#output;
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Takes it away with all the ways through it, and starts it again. Resolves when it answers. */
  async restart(): Promise<void> {
    await this.#end('SIGKILL');
    this.#child = this.#spawn();
    await this.#answers();
  }

  #spawn(): ChildProcess {
    const [address, port, folder] = [this.#address, this.#port, this.#folder];
    const relayed = port + 1;
    const [program, ...args] = [...this.#by, PROGRAM];
    const child = spawn(
      program!,
      [
        ...args,
        '-n',
        ...[`--listening-ip=${address}`, `--relay-ip=${address}`, `--listening-port=${port}`],
        ...[`--min-port=${relayed}`, `--max-port=${relayed + 60}`],
        ...['--use-auth-secret', `--static-auth-secret=${this.secret}`, '--realm=codesync.test'],
        // The test's browsers and the relay are on one machine: what a real relay must deny.
        '--allow-loopback-peers',
        ...['--no-cli', '--cli-password=unused', '--no-tls', '--no-dtls', '--no-tcp-relay'],
        ...['--log-file=stdout', '--simple-log', '--verbose'],
        ...[`--pidfile=${folder}/pid`, `--userdb=${folder}/users.sqlite`],
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    return child;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill(signal)) await ended;
  }

  async #answers(): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (!(await bindingAnswered(this.#address, this.#port))) {
      if (this.#child.exitCode !== null || Date.now() > deadline)
        throw new Error(`The relay does not answer:\n${this.#output}`);
      await sleep(100);
    }
  }
}

/** Whether a STUN binding request has an answer (RFC 8489, section 6). */
function bindingAnswered(address: string, port: number): Promise<boolean> {
  const request = Buffer.alloc(20);
  request.writeUInt16BE(0x0001, 0);
  request.writeUInt32BE(0x2112a442, 4);
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve) => {
    const end = (answered: boolean) => {
      clearTimeout(late);
      socket.close();
      resolve(answered);
    };
    const late = setTimeout(end, 500, false);
    socket.once('message', () => end(true));
    socket.once('error', () => end(false));
    socket.send(request, port, address);
  });
}

/** Below the ports that the kernel gives out by itself, and above those of the tests' servers. */
function freePort(): number {
  const first = Number(process.env.TEST_PORTS ?? 20_000) % 10_000;
  return 12_000 + (first % 1_000) + ((process.pid * 64) % 7_000);
}
